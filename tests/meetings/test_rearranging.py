"""A meeting is moved or called off: kept with its day and its notice, told once, blamed on nobody."""

from datetime import UTC, datetime, time

import pytest

from rapport.meetings.actions import call_off, lay_out_meetings, log, make_plan, move_meeting, on_again
from rapport.meetings.models import Meeting, Plan, Rearrangement
from rapport.meetings.refusals import (
    AlreadySaid,
    AnotherMeetingThen,
    AtNight,
    NotThatTime,
    NotTheirMeeting,
)
from rapport.outbox.models import Message
from rapport.programs.actions import close_days
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2026, 11, 19, 16, tzinfo=UTC)


@pytest.fixture
def meeting(match, cora):
    """Ama and Ben mean to meet on Tuesday 17 November at half past three."""
    make_plan(match, weekday=1, starts_at=time(15, 30), minutes=60, from_on=MONDAY.date(), by=cora, at=MONDAY)
    lay()
    return Meeting.objects.earliest("starts_at")


def lay(at=MONDAY):
    while lay_out_meetings(at=at, limit=500):
        pass


def told():
    rows = Message.objects.filter(kind="meetings/rearranged").select_related("to").order_by("pk")
    return [(one.to.first_name, one.facts["what"]) for one in rows]


def wanted(at=MONDAY):
    from rapport.outbox.kinds import KINDS

    rows = KINDS["meetings/rearranged"].wanted(Message.objects.filter(kind="meetings/rearranged"), at)
    return sorted((one.to.first_name, one.facts["what"]) for one in rows)


def test_a_moved_meeting_keeps_when_it_was_first_to_be_and_by_whom_it_was_moved(meeting, ama):
    first = meeting.starts_at
    move_meeting(meeting, starts_at=THURSDAY, person=ama, by=ama, at=MONDAY)
    move_meeting(meeting, starts_at=THURSDAY + DAY, person=ama, by=ama, at=MONDAY)

    meeting.refresh_from_db()
    assert (meeting.moved_from_at, meeting.starts_at, meeting.due_at) == (first, THURSDAY + DAY, THURSDAY + DAY)
    assert meeting.planned_minutes == 60
    rows = [(one.what, one.person, one.was_at, one.now_at, one.notice) for one in Rearrangement.objects.all()]
    assert rows == [
        ("moved", ama, first, THURSDAY, first - MONDAY),
        ("moved", ama, THURSDAY, THURSDAY + DAY, THURSDAY - MONDAY),
    ]


def test_no_plan_lays_another_on_the_day_it_was_moved_from(meeting, match, ama, cora):
    move_meeting(meeting, starts_at=THURSDAY, person=ama, by=ama, at=MONDAY)

    make_plan(match, weekday=1, starts_at=time(16), minutes=60, from_on=MONDAY.date(), by=cora, at=MONDAY)
    lay()

    days = [f"{one.starts_at:%d %b %H}" for one in Meeting.objects.order_by("starts_at")]
    assert days == ["19 Nov 16", "24 Nov 16", "01 Dec 16", "08 Dec 16"]


def test_the_others_are_told_once_of_what_holds_in_the_end(meeting, ama):
    move_meeting(meeting, starts_at=THURSDAY, person=ama, by=ama, at=MONDAY)
    move_meeting(meeting, starts_at=THURSDAY + DAY, person=ama, by=ama, at=MONDAY)
    assert told() == [("Ben", "moved"), ("Grace", "moved")] * 2
    assert wanted() == [("Ben", "moved"), ("Grace", "moved")]

    call_off(meeting, person=ama, by=ama, at=MONDAY)

    assert wanted() == [("Ben", "cancelled"), ("Grace", "cancelled")]


def test_called_off_did_not_happen_by_their_word_until_somebody_tells_otherwise(meeting, ama, ben):
    call_off(meeting, person=ben, by=ben, at=MONDAY)
    meeting.refresh_from_db()
    assert (meeting.missed_at, meeting.cause, meeting.said_by) == (MONDAY, "mentee-away", ben)

    log(meeting, ben, False, source="page", by=ben, at=MONDAY + 2 * DAY)
    meeting.refresh_from_db()
    assert (meeting.missed_at, meeting.cause) == (MONDAY, "mentee-away")

    log(meeting, ama, True, source="link", by=ama, at=MONDAY + 3 * DAY)
    meeting.refresh_from_db()
    assert (meeting.missed_at, meeting.kept_at) == (None, MONDAY + 3 * DAY)


def test_a_slip_is_taken_back(meeting, ben):
    call_off(meeting, person=ben, by=ben, at=MONDAY)
    on_again(meeting, person=ben, by=ben, at=MONDAY)

    meeting.refresh_from_db()
    assert (meeting.missed_at, meeting.cancelled_at, meeting.cause) == (None, None, "")
    assert wanted() == [("Ama", "again"), ("Grace", "again")]
    with pytest.raises(AlreadySaid):
        on_again(meeting, person=ben, by=ben, at=MONDAY)


def test_short_notice_calls_nobody_but_for_whom_no_letter_reaches_in_time(meeting, match, ama, cora):
    hour_before = datetime(2026, 11, 17, 14, 30, tzinfo=UTC)
    call_off(meeting, person=ama, by=ama, at=hour_before)
    assert not Task.objects.exists()

    early = Meeting.objects.order_by("starts_at")[1]
    Meeting.objects.filter(pk=early.pk).update(starts_at=datetime(2026, 11, 24, 7, 45, tzinfo=UTC))
    call_off(early, person=ama, by=ama, at=datetime(2026, 11, 23, 22, tzinfo=UTC))

    call = Task.objects.get()
    assert (call.owner, call.kind) == (cora, "meetings/make-sure")
    assert call.reason.endswith("no letter reaches Ben, Grace in time. Let them know.")


def test_what_cannot_be_is_refused_and_changes_nothing(meeting, match, ama, cora, riverside, hill_match):
    stranger = hill_match.members.first().participant.person
    close_days(riverside, kind="closure", starts_on=THURSDAY.date(), ends_on=THURSDAY.date(), by=cora, at=MONDAY)
    following = Meeting.objects.order_by("starts_at")[1].starts_at
    for more, refusal in [
        ({"starts_at": MONDAY - DAY}, NotThatTime), ({"starts_at": THURSDAY}, NotThatTime),
        ({"starts_at": MONDAY + 900 * DAY}, NotThatTime), ({"starts_at": meeting.starts_at}, NotThatTime),
        ({"starts_at": following}, AnotherMeetingThen), ({"person": stranger}, NotTheirMeeting),
        ({"starts_at": datetime(2026, 11, 18, 22, tzinfo=UTC)}, AtNight), ({"at": MONDAY + 3 * DAY}, AlreadySaid),
    ]:  # fmt: skip
        typed = {"starts_at": THURSDAY + DAY, "person": ama, "by": ama, "at": MONDAY} | more
        with pytest.raises(refusal):
            move_meeting(meeting, **typed)
    assert not Rearrangement.objects.exists()
    assert not Message.objects.filter(kind="meetings/rearranged").exists()


def test_what_somebody_called_off_stays_when_the_plan_changes(meeting, match, ama, cora):
    call_off(meeting, person=ama, by=ama, at=MONDAY)
    make_plan(match, weekday=2, starts_at=time(9), minutes=60, from_on=MONDAY.date(), by=cora, at=MONDAY)
    lay()
    kept = Meeting.objects.filter(plan=Plan.objects.earliest("pk"))
    assert [one.pk for one in kept] == [meeting.pk]
