"""What a meeting was before anybody spoke, called off or excused, it is again when the last word is taken back."""

import pytest

from rapport.meetings.actions import Tap, call_off, close_today, log, mark, open_after_all
from rapport.meetings.models import Log, Meeting
from tests.cast import MONDAY
from tests.meetings import test_day_sheet as sheet
from tests.meetings.test_day_sheet import LATER, NOON, TODAY, said

pytestmark = pytest.mark.django_db
rosa, meeting, clock = sheet.rosa, sheet.meeting, sheet.clock
CLOSED = ("excused", "closed", None)


def press(meeting, rosa, *outcomes, seen=0):
    person = rosa.person
    for n, outcome in enumerate(outcomes, seen):
        mark([Tap(meeting, outcome, n)], said_by=person, source="page", form_id=f"{outcome}{n}", by=rosa, at=LATER)
    return said(meeting)


@pytest.mark.parametrize("between", [["here"], ["mentor"], ["moved"], ["here", "moved"], ["child", "here"]])
def test_a_mark_taken_back_leaves_the_meeting_closed_or_called_off_with_its_cause(meeting, ama, rosa, lincoln, between):
    call_off(meeting, cause="mentee-away", person=ama, by=ama, at=MONDAY)
    assert press(meeting, rosa, *between, "none") == ("missed", "mentee-away", "Ama")
    meeting.marks.order_by("-pk").delete()
    Meeting.objects.update(missed_at=None, cancelled_at=None, cause="", said_by=None)

    close_today(lincoln, on=TODAY, by=rosa, at=MONDAY)
    assert said(meeting) == CLOSED
    assert press(meeting, rosa, *between, "none") == CLOSED
    assert (Meeting.objects.get().excuse, Meeting.objects.get().stood) == ("closed on that day", None)


def test_closed_after_the_mark_and_open_again(meeting, rosa, lincoln):
    press(meeting, rosa, "here")
    close_today(lincoln, on=TODAY, by=rosa, at=LATER)
    assert said(meeting)[0] == "kept"
    assert press(meeting, rosa, "none", seen=1) == CLOSED
    assert press(meeting, rosa, "child", seen=2) == CLOSED  # nobody stayed away from a shut door

    press(meeting, rosa, "here", seen=3)
    open_after_all(lincoln, on=TODAY, by=rosa, at=LATER)
    assert said(meeting)[0] == "kept"
    assert press(meeting, rosa, "none", seen=4) == ("unknown", "", None)


def test_a_mentor_who_corrects_a_slip_leaves_it_closed(meeting, ama, rosa, lincoln):
    close_today(lincoln, on=TODAY, by=rosa, at=NOON)
    for happened, stands in ((True, ("kept", "", "Ama")), (False, CLOSED)):
        log(meeting, ama, happened, minutes=60 if happened else None, source=Log.Source.LINK, by=ama, at=LATER)
        assert said(meeting) == stands
