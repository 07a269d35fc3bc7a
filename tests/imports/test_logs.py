"""A list of meetings: each row kept or told why not; logged already is unchanged, and nobody's own word is replaced."""

import io
import json

import pytest
import time_machine
from django.core.management import call_command

from rapport.imports.files import Unreadable
from rapport.imports.logs import bring_logs
from rapport.meetings.models import Log, Meeting
from tests.cast import MONDAY
from tests.meetings.test_logs import met_on, tell

pytestmark = pytest.mark.django_db
HEAD = "mentor,mentee,day,began,minutes,met,why not,where,activity,words\n"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(MONDAY, tick=False):
        yield


def brought(text, program, **more):
    return bring_logs(io.BytesIO(text.encode()), program=program, at=MONDAY, **more)


ROWS = HEAD + (
    "ama@example.org,ben@example.org,2026-11-10,15:30,45,yes,,school,Games,They laughed.\n"
    "ama@example.org,ben@example.org,14 11 2026,,50,,,,,\n"
    "ama@example.org,ben@example.org,2026-11-05,16:00,,no,mentee-away,,,\n"
)


def test_a_list_is_kept_once_and_the_second_time_nothing_changes(match, riverside, ama):
    expected = met_on(match, 2)

    rehearsed = brought(ROWS, riverside, dry_run=True)
    assert (rehearsed["created"], Log.objects.count()) == (3, 0)
    first = brought(ROWS, riverside)
    again = brought(ROWS, riverside)

    assert (first["rows"], first["created"], first["bad"]) == (3, 3, [])
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 3)
    logs = Log.objects.order_by("meeting__starts_at").values_list("happened", "minutes", "cause", "activity", "source")
    assert list(logs) == [
        (False, None, "mentee-away", "", "list"), (True, 45, "", "games", "list"), (True, 50, "", "", "list"),
    ]  # fmt: skip
    assert Log.objects.get(minutes=50).meeting == expected
    changed = brought(ROWS.replace(",45,", ",40,"), riverside)
    assert (changed["updated"], changed["unchanged"]) == (1, 2)


def test_what_the_mentor_told_stands(match, riverside, ama):
    tell(met_on(match, 2), ama, minutes=30)

    assert brought(ROWS, riverside)["unchanged"] == 1
    assert Meeting.objects.get(starts_at=MONDAY.replace(day=14)).minutes == 30


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("ama@example.org,ben@example.org,2026-11-20,15:30,45,,,,,", "", "still to come"),
        ("ama@example.org,ben@example.org,2026-11-10,15:30,1800,,,,,", "", "between one minute and 24 hours"),
        ("ama@example.org,ben@example.org,2025-01-10,15:30,45,,,,,", "", "had not begun"),
        ("ama@example.org,ben@example.org,2026-11-10,25:30,45,,,,,", "began", "15:30"),
        ("ama@example.org,ben@example.org,2026-11-10,,45,,,,,", "began", "Say when it began"),
        ("ama@example.org,ben@example.org,soon,15:30,45,,,,,", "day", "Write the day"),
        ("ama@example.org,ben@example.org,2026-11-10,15:30,an hour,,,,,", "minutes", "number"),
        ("ama@example.org,ben@example.org,2026-11-10,15:30,45,,,moon,,", "where", "none of"),
        ("ama@example.org,ben@example.org,2026-11-10,15:30,45,,,,sky-diving,", "activity", "none of"),
        ("omar@example.org,ben@example.org,2026-11-10,15:30,45,,,,,", "mentor", "There is no mentor"),
        ("ama@example.org,2026-11-10", "", "cells"),
    ],
)
def test_a_row_that_cannot_be_right_says_why_and_the_others_are_kept(match, riverside, omar, row, column, reason):
    told = brought(HEAD + row + "\nama@example.org,ben@example.org,2026-11-03,15:30,45,,,,,\n", riverside)

    assert (told["created"], [one["column"] for one in told["bad"]]) == (1, [column])
    assert reason in told["bad"][0]["reason"]
    assert (Log.objects.count(), Meeting.objects.count()) == (1, 1)


@pytest.mark.parametrize("head", ["mentor,mentee\n", "mentor,mentee,day,shoe size\n"])
def test_a_list_of_other_columns_is_refused_whole(match, riverside, head):
    with pytest.raises(Unreadable):
        brought(head, riverside)


def test_the_command_brings_it_in(match, riverside, tmp_path):
    file, said = tmp_path / "meetings.csv", io.StringIO()
    file.write_text(HEAD + "ama@example.org,ben@example.org,2026-11-10,15:30,45,,,,,\n")

    call_command("import", str(file), program="riverside", what="logs", json=True, stdout=said)

    told = json.loads(said.getvalue())
    assert (told["as"], told["created"], told["bad"]) == ("logs", 1, [])
