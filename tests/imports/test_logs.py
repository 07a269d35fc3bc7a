"""A list of meetings: each row kept or told why not; logged already is unchanged, and nobody's own word is replaced."""

import io
import json

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from rapport.audit.models import Event
from rapport.imports import actions
from rapport.imports.bringing import bring_in
from rapport.imports.files import Unreadable
from rapport.imports.models import Deed, Import, Row
from rapport.matches.models import Member
from rapport.meetings.models import Log, Meeting
from rapport.safeguarding.actions import add_triage
from tests.care.conftest import restrict
from tests.cast import MONDAY, open_match, participant, person
from tests.imports.test_undo_pairs import without_tasks
from tests.meetings.test_logs import met_on, tell

pytestmark = pytest.mark.django_db
HEAD = "mentor,mentee,day,began,minutes,met,why not,where,activity,words\n"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def brought(tmp_path):
    def bring(text, program, **more):
        file = tmp_path / "meetings.csv"
        file.write_text(text)
        return bring_in([file], what="logs", program=program, at=MONDAY, **more)

    return bring


ROWS = HEAD + (
    "ama@example.org,ben@example.org,2026-11-10,15:30,45,yes,,school,Games,They laughed.\n"
    "ama@example.org,ben@example.org,14 11 2026,,50,,,,,\n"
    "ama@example.org,ben@example.org,2026-11-05,16:00,,no,mentee-away,,,\n"
)


def test_a_list_is_kept_once_and_the_second_time_nothing_changes(match, riverside, ama, brought):
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


def test_what_the_mentor_told_stands(match, riverside, ama, brought):
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
def test_a_row_that_cannot_be_right_says_why_and_the_others_are_kept(
    match, riverside, omar, row, column, reason, brought
):
    told = brought(HEAD + row + "\nama@example.org,ben@example.org,2026-11-03,15:30,45,,,,,\n", riverside)

    assert (told["created"], [one["column"] for one in told["bad"]]) == (1, [column])
    assert reason in told["bad"][0]["reason"]
    assert (Log.objects.count(), Meeting.objects.count()) == (1, 1)


@pytest.mark.parametrize("head", ["mentor,mentee\n", "mentor,mentee,day,shoe size\n"])
def test_a_list_of_other_columns_is_refused_whole(match, riverside, head, brought):
    with pytest.raises(Unreadable):
        brought(head, riverside)


def test_the_command_brings_it_in(match, riverside, tmp_path):
    file, said = tmp_path / "meetings.csv", io.StringIO()
    file.write_text(HEAD + "ama@example.org,ben@example.org,2026-11-10,15:30,45,,,,,\n")

    call_command("import", str(file), program="riverside", what="logs", json=True, stdout=said)

    told = json.loads(said.getvalue())
    assert (told["as"], told["created"], told["bad"]) == ("logs", 1, [])


def rows_of():
    return {one.number: (one.outcome, one.reason) for one in Row.objects.order_by("number")}


def undo():
    return actions.undo(Import.objects.latest("pk"), by=None, at=MONDAY)


def test_a_list_is_taken_back_whole_and_leaves_what_was_there_before(match, riverside, brought):
    met_on(match, 2)
    before = without_tasks()
    brought(ROWS, riverside)
    between = without_tasks()
    brought(ROWS.replace(",45,", ",40,").replace("mentee-away", "closed"), riverside)
    assert Log.objects.get(activity="games").minutes == 40

    assert undo() == (2, 0)
    assert without_tasks() == between
    assert actions.undo(Import.objects.earliest("pk"), by=None, at=MONDAY) == (3, 0)

    assert without_tasks() == before
    assert brought(ROWS, riverside)["created"] == 3


def test_a_row_somebody_has_added_to_stays_and_says_why(match, riverside, ama, ben, cora, brought):
    met_on(match, 2)
    brought(ROWS + "ama@example.org,ben@example.org,2026-11-03,16:00,30,,,,,\n", riverside)
    anew, told, recorded = Meeting.objects.filter(missed_at=None).order_by("-starts_at")
    tell(anew, ama, minutes=20)
    tell(told, ben, minutes=50)
    add_triage(
        program=riverside, person=ama, match=match, about=recorded.logs.get(), what="Look", cause_key="x", at=MONDAY
    )

    assert undo() == (1, 3)

    assert sorted(reason for _outcome, reason in rows_of().values()) == [
        "", "It has been told anew since.", "Somebody else has told of this meeting since.",
        "Something has been recorded about this meeting since.",
    ]  # fmt: skip
    assert Log.objects.count() == 4


def test_in_the_browser_it_is_looked_at_brought_in_and_taken_back(as_user, cora, omar, match, riverside):
    browser, address = as_user(cora), "/p/riverside/imports/"
    bad = browser.post(f"{address}new/", {"what": "logs", "sent": upload("mentor,mentee,day,shoe size\n")})
    assert (bad.status_code, Import.objects.count()) == (422, 0)

    text = ROWS + "ama@example.org,ben@example.org,soon,16:00,30,,,,,Secret words\n"
    answer = browser.post(f"{address}new/", {"what": "logs", "sent": upload(text)})

    staged = Import.objects.get()
    assert answer.headers["Location"] == f"{address}{staged.ref}/"
    page = browser.get(f"{address}{staged.ref}/").content.decode()
    assert "Write the day" in page
    assert ("They laughed" in page, "Secret words" in page, Log.objects.count()) == (False, False, 0)
    assert as_user(omar).get(f"{address}{staged.ref}/").status_code == 404

    browser.post(f"{address}{staged.ref}/", {"do": "apply"})
    assert Log.objects.get(activity="games").words == "They laughed."
    assert Event.objects.filter(verb="meeting.logged", actor_id=cora.pk).count() == 2
    assert "They laughed" not in str(list(Row.objects.values_list("cells", flat=True)))
    assert (
        "What this list told of meetings is forgotten" in browser.get(f"{address}{staged.ref}/undo/").content.decode()
    )
    browser.post(f"{address}{staged.ref}/undo/")

    assert (Log.objects.count(), Deed.objects.exclude(undone_at=None).count()) == (0, 2)


def upload(text):
    return SimpleUploadedFile("meetings.csv", text.encode(), "text/csv")


def test_of_a_pair_that_one_may_not_know_no_row_is_taken_and_no_name_said(
    as_user, cora, match, ama_in, ben_in, riverside, hugo
):
    """Tim meets with Ama and Ben: Cora is kept away from him, and mentors a pair of her own with her son's friend."""
    tim = participant(person("Tim", riverside), riverside, "mentee")
    Member.objects.create(program=riverside, match=match, participant=tim, side="mentee")
    restrict(cora.person, tim.person, program=riverside, by=cora)
    own = open_match(participant(cora.person, riverside, "mentor"), hugo, coordinator=cora)
    rows = "ama@example.org,ben@example.org,2026-11-10,15:30,45,,,,,\n"
    rows += "cora@example.org,hugo@example.org,2026-11-10,,,,,,,\n"

    answer = as_user(cora).post("/p/riverside/imports/new/", {"what": "logs", "sent": upload(HEAD + rows)})

    page = as_user(cora).get(answer.headers["Location"]).text
    assert {outcome for outcome, _reason in rows_of().values()} == {"bad"}
    assert "Tim" not in page
    assert not own.meetings.exists()
    assert not match.meetings.exists()


@pytest.fixture
def hugo(riverside):
    return participant(person("Hugo", riverside), riverside, "mentee")
