"""A letter about one meeting carries it for its reader's own calendar: one name, a number that rises, nobody else."""

from datetime import timedelta

import ics
import pytest
import time_machine
import vobject

from rapport.meetings.actions import add_meeting, call_off, move_meeting
from rapport.meetings.actions.feeds import make_feed
from rapport.meetings.invitations import PLANNED
from rapport.meetings.models import Meeting, Rearrangement
from rapport.outbox.actions import deliver_next, queue
from rapport.outbox.models import Message
from rapport.people.models import ContactPoint
from tests.cast import DAY, MONDAY
from tests.outbox.conftest import sink  # noqa: F401

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + 4 * DAY


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def friday(match, cora):
    """One meeting outside the plan, next Friday at nine."""
    return add_meeting(match, starts_at=FRIDAY, minutes=60, place="Library", by=cora, at=MONDAY)


def letters(sink):  # noqa: F811
    """By address, the letter and the calendar in it (None: it carries none)."""
    deliver_next(at=MONDAY)
    found = {}
    for addresses, mail in sink.letters:
        parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        found[addresses[0]] = (mail, parts[0] if parts else None)
    sink.letters.clear()
    return found


def test_each_gets_the_meeting_for_their_own_calendar_and_nobody_elses_address(sink, friday):  # noqa: F811
    found = letters(sink)

    assert sorted(found) == ["ama@example.org", "ben@example.org", "grace@example.org"]
    for address, (mail, part) in found.items():
        text = part.get_content()
        event, other = vobject.readOne(text), next(iter(ics.Calendar(text).events))
        assert (part.get_content_charset(), part.get_param("method"), event.method.value) == (
            "utf-8",
            "REQUEST",
            "REQUEST",
        )
        assert event.vevent.uid.value == other.uid == f"{friday.ref}@localhost"
        assert event.vevent.dtstart.value == other.begin.datetime == FRIDAY
        assert event.vevent.organizer.value == "mailto:rapport@localhost"
        assert [one.value for one in event.vevent.attendee_list] == [f"mailto:{address}"]
        assert not any(name in text for name in ("Ben", "Grace", "Adler", "Library"))
        assert mail["Subject"] == "A meeting on Friday 20 November, 09:00"


def test_moved_and_called_off_the_name_stays_and_the_number_rises(sink, friday, ama):  # noqa: F811
    numbers, methods = [], []
    for what, facts in (("", {}), ("moved", {"starts_at": FRIDAY + DAY, "ends_at": FRIDAY + DAY + timedelta(hours=1)}),
                        ("cancelled", {"cancelled_at": MONDAY, "missed_at": MONDAY})):  # fmt: skip
        if what:
            Rearrangement.objects.create(
                program=friday.program, meeting=friday, what=what, said_at=MONDAY, was_at=friday.starts_at
            )
        Meeting.objects.filter(pk=friday.pk).update(**facts)
        event = read(sink, ama, friday)
        numbers.append((event.vevent.uid.value, event.vevent.sequence.value, event.vevent.status.value))
        methods.append(event.method.value)

    name = f"{friday.ref}@localhost"
    assert numbers == [(name, "0", "CONFIRMED"), (name, "1", "CONFIRMED"), (name, "2", "CANCELLED")]
    assert methods == ["REQUEST", "REQUEST", "CANCEL"]


def read(sink, ama, friday):  # noqa: F811
    """What a letter about this meeting carries now."""
    from rapport.meetings.invitations import invitations

    message = Message.objects.filter(kind=PLANNED, to=ama)
    method, text = invitations(message, MONDAY)[message.get().pk].write("ama@example.org", "en")
    event = vobject.readOne(text)
    assert event.method.value == method
    return event


def test_whose_calendar_reads_an_address_already_gets_the_letter_alone(sink, friday, ama):  # noqa: F811
    make_feed(ama, program=friday.program, by=None, at=MONDAY)
    found = letters(sink)

    assert found["ama@example.org"][1] is None
    assert found["grace@example.org"][1] is not None


def test_a_meeting_that_is_no_more_is_not_told(sink, friday):  # noqa: F811
    Meeting.objects.filter(pk=friday.pk).update(excused_at=MONDAY)

    assert letters(sink) == {}


def test_of_a_meeting_in_the_past_nobody_is_told(match, cora):
    add_meeting(match, starts_at=MONDAY - DAY, minutes=60, by=cora, at=MONDAY)

    assert not Message.objects.filter(kind=PLANNED).exists()


def test_an_address_that_would_break_a_header_breaks_no_calendar(sink, friday, ama):  # noqa: F811
    ContactPoint.objects.filter(person=ama).update(value='"a;b\\",c"@example.org')
    queue(PLANNED, to=ama, about=friday.match, key="again", at=MONDAY, meeting=friday.pk, about_people=[])

    for _mail, part in letters(sink).values():
        assert vobject.readOne(part.get_content()).vevent.uid.value == f"{friday.ref}@localhost"


def test_whoever_moves_or_calls_off_a_meeting_changes_it_in_the_others_calendars(sink, friday, ama):  # noqa: F811
    letters(sink)
    move_meeting(friday, starts_at=FRIDAY + timedelta(hours=2), person=ama, by=ama, at=MONDAY)
    moved = letters(sink)
    call_off(friday, person=ama, by=ama, at=MONDAY)
    off = letters(sink)

    told = [vobject.readOne(found["grace@example.org"][1].get_content()) for found in (moved, off)]
    assert [(one.method.value, one.vevent.sequence.value, one.vevent.uid.value) for one in told] == [
        ("REQUEST", "1", f"{friday.ref}@localhost"),
        ("CANCEL", "2", f"{friday.ref}@localhost"),
    ]
    assert told[0].vevent.dtstart.value == FRIDAY + timedelta(hours=2)
    assert "ama@example.org" not in moved
