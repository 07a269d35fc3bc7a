"""A meeting is moved, called off, or on again after all: a fact with its day and its notice, and no blame.

The others are told once, with what holds when the letter leaves. Short notice changes nothing by itself; only where no
letter can reach a child's side before the meeting, a person makes sure that nobody waits.
"""

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.access.models import User
from rapport.audit.actions import record
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.matches.calling import owner_of
from rapport.matches.models import Match
from rapport.meetings.actions.planning import FURTHEST, require_within
from rapport.meetings.actions.saying import side_of
from rapport.meetings.models import Log, Meeting, Rearrangement
from rapport.meetings.refusals import AlreadySaid, AnotherMeetingThen, AtNight, NoSuchCause, NotThatTime
from rapport.meetings.rhythm import Calendar
from rapport.meetings.sheet.letters import apart, unreached, whom_to_tell
from rapport.outbox.actions import Outgoing, queue_many
from rapport.outbox.settling import end_of_quiet
from rapport.people.models import Participant
from rapport.tasks.actions import NewTask, add_tasks

LETTER, CALL = "meetings/rearranged", "meetings/make-sure"
What, Cause = Rearrangement.What, Meeting.Cause
PRESSING, MINUTES = 2, 5


@transaction.atomic
def move_meeting(meeting, *, starts_at, person=None, by, at) -> Meeting:
    """Let a meeting to come begin at another time; it keeps when it was first to be. `person`: whose wish it was.

    Raises AlreadySaid, NotThatTime, AtNight, AnotherMeetingThen, BeforeTheBeginning, AfterTheEnd, NotTheirMeeting.
    """
    meeting = lock(meeting, at)
    if meeting.missed_at or starts_at == meeting.starts_at:
        raise AlreadySaid(meeting) if meeting.missed_at else NotThatTime(meeting)
    require_person(person, meeting)
    require_time(meeting, starts_at, by, at)
    ends_at = starts_at + (meeting.ends_at - meeting.starts_at)
    others = Meeting.objects.filter(match=meeting.match, excused_at=None, missed_at=None).exclude(pk=meeting.pk)
    if others.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise AnotherMeetingThen(meeting)
    was = meeting.starts_at
    changes = {
        "starts_at": starts_at, "due_at": starts_at, "ends_at": ends_at, "lapses_at": ends_at,
        "moved_from_at": meeting.moved_from_at or was,
    }  # fmt: skip
    try:
        with transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(**changes)
    except IntegrityError:
        raise AnotherMeetingThen(meeting) from None
    for name, value in changes.items():
        setattr(meeting, name, value)
    keep(meeting, What.MOVED, person, was=was, now=starts_at, by=by, at=at)
    return meeting


@transaction.atomic
def call_off(meeting, *, cause=None, person=None, by, at) -> Meeting:
    """Say beforehand that a meeting will not be. It did not happen then, by their word; they may say otherwise later.

    Without a cause it is the one of whoever says so. Raises AlreadySaid, NoSuchCause, NotTheirMeeting.
    """
    meeting = lock(meeting, at)
    if meeting.missed_at:
        raise AlreadySaid(meeting)
    side = require_person(person, meeting)
    cause = cause or (Cause.OTHER if not side else Cause.MENTOR_AWAY if side == "mentor" else Cause.MENTEE_AWAY)
    if cause not in Cause.values:
        raise NoSuchCause(meeting)
    settle(meeting, missed_at=at, cancelled_at=at, cause=cause, said_by=person)
    keep(meeting, What.CANCELLED, person, was=meeting.starts_at, by=by, at=at)
    return meeting


@transaction.atomic
def on_again(meeting, *, person=None, by, at) -> Meeting:
    """It was a slip, or it works out after all: a meeting that was called off is expected again. Raises AlreadySaid."""
    meeting = lock(meeting, at)
    if not meeting.cancelled_at:
        raise AlreadySaid(meeting)
    require_person(person, meeting)
    settle(meeting, missed_at=None, cancelled_at=None, cause="", said_by=None)
    keep(meeting, What.AGAIN, person, was=meeting.starts_at, now=meeting.starts_at, by=by, at=at)
    return meeting


def lock(meeting, at):
    """The meeting as it stands now, where it is to come and nobody logged anything."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("match", "program")
    found = rows.filter(pk=meeting.pk, starts_at__gt=at, kept_at=None, excused_at=None).first()
    if found is None or found.match.state not in Match.OPEN or Log.objects.filter(meeting=found).exists():
        raise AlreadySaid(meeting)
    return found


def require_person(person, meeting):
    """Their side, where it is somebody's own wish. Raises NotTheirMeeting."""
    return side_of(person, meeting) if person is not None else ""


def require_time(meeting, starts_at, by, at):
    """A time ahead, within the year, on an open day; by night only where staff say so and a child is in it."""
    program, match = meeting.program, meeting.match
    if not at < starts_at <= at + FURTHEST:
        raise NotThatTime(meeting)
    require_within(match, starts_at)
    day = day_in(starts_at, program.zone)
    if Calendar([program.pk], day).is_closed(match, day):
        raise NotThatTime(meeting)
    if not isinstance(by, User) and end_of_quiet(program, starts_at) and has_a_child(match, day):
        raise AtNight(meeting)


def has_a_child(match, day):
    people = Participant.objects.filter(places__match=match).select_related("person")
    return any(one.person.counts_as_child(match.program, day) for one in people)


def settle(meeting, **facts):
    Meeting.objects.filter(pk=meeting.pk).update(**facts)
    for name, value in facts.items():
        setattr(meeting, name, value)


def keep(meeting, what, person, *, was, now=None, by, at):
    """The fact, its row in the trail, and one letter to each of the others."""
    user = by if isinstance(by, User) else None
    change = Rearrangement.objects.create(
        program=meeting.program, meeting=meeting, what=what, person=person, written_by=user, said_at=at, was_at=was,
        now_at=now,
    )  # fmt: skip
    record(f"meeting.{what}", about=meeting, by=by, at=at, was=was.isoformat(), now=now.isoformat() if now else "")
    first = min(was, now or was)
    everybody = apart(whom_to_tell([meeting.match_id], meeting.program, day_in(first, meeting.program.zone)), at)
    told = {one: about for one, about in everybody.items() if one != person}
    facts = {"what": what, "meeting": meeting.pk, "was": was.isoformat(), "now": now.isoformat() if now else ""}
    rows = [
        Outgoing(one, meeting.match, f"rearranged:{change.pk}:{one.ref}", facts | {"about": about})
        for one, about in told.items()
    ]
    queue_many(LETTER, rows, program=meeting.program, at=at, not_after=first)
    make_sure(change, told, first, by=by, at=at)


@override(OF_STAFF)
def make_sure(change, told, first, *, by, at):
    """A call, where no letter reaches somebody of them, or none before the meeting."""
    meeting = change.meeting
    night = end_of_quiet(meeting.program, at)
    missing = list(told) if night and night >= first else unreached(told, meeting.program, at)
    owner = owner_of(meeting.match, at, beside=[one.pk for one in missing]) if missing else None
    if owner is None:
        return
    with spoken_as(meeting.program):
        told_of = {
            "day": date_format(first.astimezone(meeting.program.zone), _("l j F, H:i")),
            "names": ", ".join(one.first_name for one in missing),
        }
        words = _("The meeting of %(day)s has changed, and no letter reaches %(names)s in time. Let them know.")
        reason = words % told_of
    call = NewTask(
        program=meeting.program, kind=CALL, owner=owner, person=missing[0], about=meeting.match,
        reason=reason, due_at=at, late_at=first, cause_key=f"make-sure:{change.pk}",
        pressing=PRESSING, minutes=MINUTES,
    )  # fmt: skip
    add_tasks([call], by=by, at=at)
