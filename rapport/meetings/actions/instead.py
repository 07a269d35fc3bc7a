"""A day sheet says to when a meeting was moved: the one in its place is expected, and its people hear of it once.

Where nobody knows the time yet it is somebody's quiet call. A correction on the sheet takes both back.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.access.models import User
from rapport.audit.actions import record
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.matches.calling import owner_of
from rapport.meetings.actions.planning import excuse
from rapport.meetings.actions.rearranging import LETTER, What, keep, move_meeting, require_time
from rapport.meetings.models import Log, Mark, Meeting, Rearrangement
from rapport.meetings.refusals import NotThatTime, TheyMeetThen
from rapport.outbox.actions import Outgoing, queue_many
from rapport.outbox.models import Message
from rapport.tasks.actions import NewTask, add_tasks, drop
from rapport.tasks.days import of_day
from rapport.tasks.models import Task

CALL = "meetings/moved-to-when"
DAY = timedelta(days=1)


def meeting_instead(meeting, tap, known, *, by, at):
    """The meeting in place of one that was moved, as this tap says, or None. `known`: the one that stood before.

    Raises NotThatTime, TheyMeetThen, AtNight, BeforeTheBeginning, AfterTheEnd.
    """
    standing = known if known and is_ahead(known, at) else None
    moved = tap.outcome == Mark.Outcome.MOVED
    drop_calls(meeting, by=by, at=at)
    if moved and tap.again_at:
        if standing:
            return move_meeting(standing, starts_at=tap.again_at, by=by, at=at)
        return expect_instead(meeting, tap.again_at, by=by, at=at)
    if standing:
        expect_no_more(standing, by=by, at=at)
    if moved and tap.is_time_open:
        call_about(meeting, tap.seen, by=by, at=at)
    return known if moved and known and not standing and not tap.is_time_open else None


def is_ahead(meeting, at):
    """Whether it is still to come and nobody has said anything of it."""
    return (
        meeting.starts_at > at
        and Meeting.objects.untouched().filter(pk=meeting.pk, cancelled_at=None).exists()
        and not Log.objects.filter(meeting=meeting).exists()
    )


def expect_instead(meeting, starts_at, *, by, at):
    """A meeting at that time, as long as the first and at its place; one that a sheet took back is on again."""
    if starts_at == meeting.starts_at:
        raise NotThatTime(meeting)
    require_time(meeting, starts_at, by, at)
    ends_at = starts_at + (meeting.ends_at - meeting.starts_at)
    others = Meeting.objects.filter(match=meeting.match).exclude(pk=meeting.pk)
    standing = Q(excused_at=None, missed_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at)
    then = list(others.filter(standing | Q(starts_at=starts_at)))
    back = next((one for one in then if one.excused_at and one.cancelled_at), None)
    if then and then != [back]:
        raise TheyMeetThen(meeting)
    if back:
        Meeting.objects.filter(pk=back.pk).update(excused_at=None, excuse="", cancelled_at=None)
        back.excused_at = back.cancelled_at = None
    new = back or Meeting.objects.create(
        program=meeting.program, match=meeting.match, starts_at=starts_at, ends_at=ends_at, due_at=starts_at,
        lapses_at=ends_at, place=meeting.place, mode=meeting.mode, moved_from_at=meeting.starts_at,
    )  # fmt: skip
    keep(new, What.AGAIN if back else What.MOVED, None, was=meeting.starts_at, now=starts_at, by=by, at=at)
    return new


def expect_no_more(meeting, *, by, at):
    """The sheet said a time that is none: it is not expected, and whoever heard of it already is told that, too."""
    with override(OF_STAFF):
        excuse([meeting], excuse=_("taken back on the day sheet"), by=by, at=at)
    Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=at)
    change = Rearrangement.objects.create(
        program=meeting.program, meeting=meeting, what=What.CANCELLED, person=None,
        written_by=by if isinstance(by, User) else None, said_at=at, was_at=meeting.starts_at,
    )  # fmt: skip
    record("meeting.cancelled", about=meeting, by=by, at=at, was=meeting.starts_at.isoformat(), now="")
    sent = Message.objects.about(meeting.match).filter(kind=LETTER, state=Message.State.ACCEPTED).select_related("to")
    told = {one.to: one.facts["about"] for one in sent if one.facts["meeting"] == meeting.pk}
    facts = {"what": What.CANCELLED, "meeting": meeting.pk, "was": meeting.starts_at.isoformat(), "now": ""}
    rows = [
        Outgoing(to, meeting.match, f"rearranged:{change.pk}:{to.ref}", facts | {"about": about})
        for to, about in told.items()
    ]
    queue_many(LETTER, rows, program=meeting.program, at=at, not_after=meeting.starts_at)


def drop_calls(meeting, *, by, at):
    with override(OF_STAFF):
        calls = Task.objects.open().filter(kind=CALL, cause_key__startswith=f"to-when:{meeting.ref}:")
        drop(list(calls), note=_("The day sheet says otherwise now."), by=by, at=at)


def call_about(meeting, seen, *, by, at):
    """On the next day's desk: when do they meet instead?"""
    owner = owner_of(meeting.match, at)
    if owner is None:
        return
    zone = meeting.program.zone
    with override(OF_STAFF), spoken_as(meeting.program):
        day = date_format(meeting.starts_at.astimezone(zone), _("l j F, H:i"))
        reason = _("The meeting of %(day)s was moved, and no new time is known. Ask when they meet.") % {"day": day}
    first = next(one for one in meeting.match.members.select_related("participant__person") if one.side == "mentor")
    call = NewTask(
        program=meeting.program, kind=CALL, owner=owner, person=first.participant.person, about=meeting.match,
        reason=reason, **of_day(day_in(at, zone) + DAY, zone), cause_key=f"to-when:{meeting.ref}:{seen}",
    )  # fmt: skip
    add_tasks([call], by=by, at=at)
