"""What is known of a meeting comes in one shape, whichever way it came, and says which (S1-12)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

import rapport
from rapport.care.actions import note_talk
from rapport.checkins.actions import answer_ask
from rapport.checkins.actions.answering import Met
from rapport.checkins.models import Ask
from rapport.core.refused import Refused
from rapport.meetings.actions import log
from rapport.meetings.models import Log, Meeting
from tests.cast import DAY, LONG_AGO, MONDAY

WRITES = re.compile(r"\bLog\(|\bLog\.objects\.(?:create|bulk_create|update_or_create|get_or_create|bulk_update)")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield MONDAY


def met_on(match, days):
    starts_at = MONDAY - days * DAY
    ends_at = starts_at + timedelta(hours=1)
    return Meeting.objects.create(
        program=match.program, match=match, starts_at=starts_at, ends_at=ends_at, due_at=starts_at, lapses_at=ends_at
    )


def ways_in(as_user, program, match, ama, cora):
    """{source: a way of saying so many minutes of a meeting}; each says whether it was taken."""
    ask = Ask.objects.create(program=program, person=ama, state="sent", made_at=LONG_AGO, sent_at=LONG_AGO)

    def by_link(meeting, minutes):
        met = Met(meeting, True, minutes=minutes)
        answer_ask(ask, meetings=[met], form_id=f"{meeting.ref}-{minutes}", by=ama, at=MONDAY)

    def on_the_page_of_staff(meeting, minutes):
        said = {"person": ama.ref, "happened": "yes", "minutes": minutes}
        page = as_user(cora).post(f"/p/riverside/meetings/{meeting.ref}/", said)
        if page.status_code != 302:
            raise Refused(meeting, "refused")

    def by_its_own_verb(meeting, minutes):
        log(meeting, ama, True, minutes=minutes, source="page", by=ama, at=MONDAY)

    return [(by_link, "link"), (on_the_page_of_staff, "staff"), (by_its_own_verb, "page")]


def test_each_way_is_checked_alike_and_stored_with_its_source(as_user, riverside, match, ama, cora):
    for days, (say, source) in enumerate(ways_in(as_user, riverside, match, ama, cora), start=1):
        meeting = met_on(match, days)
        for nonsense in (0, 1441):
            with pytest.raises(Refused):
                say(meeting, nonsense)
        assert not Log.objects.filter(meeting=meeting).exists()

        say(meeting, 45)

        kept = Log.objects.values("meeting", "person", "happened", "minutes", "source").get(meeting=meeting)
        assert kept == {
            "meeting": meeting.pk, "person": ama.pk, "happened": True, "minutes": 45, "source": source,
        }  # fmt: skip


def test_what_was_told_in_a_talk_is_the_same_log(riverside, match, ama, cora):
    meeting = met_on(match, 1)

    note_talk(
        ama, program=riverside, match=match, how="phone", met={meeting: (True, "")}, form_id="1", by=cora, at=MONDAY
    )

    assert Log.objects.get().source == "staff"


def test_nobody_else_writes_what_is_known_of_a_meeting():
    house = Path(rapport.__file__).parent
    files = [file.relative_to(house) for file in house.rglob("*.py") if WRITES.search(file.read_text(encoding="utf-8"))]

    found = [str(file) for file in files if "migrations" not in file.parts and file.parts[0] != "demo"]

    verbs = [f"meetings/actions/{name}.py" for name in ("marking", "remembering", "saying")]
    assert sorted(found) == [*verbs, "meetings/models/log.py"]
