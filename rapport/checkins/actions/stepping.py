"""The clock lets asks take their next step (`steps.py`). Each step is taken once, however many clocks there are."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import time, timedelta

from django.db import transaction

from rapport.audit.actions import record_many
from rapport.checkins.actions.gathering import WEEK
from rapport.checkins.actions.handing import UNREACHED, hand_over
from rapport.checkins.models import Ask, CheckIn
from rapport.checkins.since import letter_of
from rapport.checkins.steps import INVITATION, step_of, wait_of
from rapport.core.months import day_in, moment
from rapport.meetings.questions import unlogged_of_mentors
from rapport.outbox.actions import Outgoing, queue_many
from rapport.outbox.models import Message
from rapport.outbox.questions import children_among
from rapport.programs.models import Program

State = Ask.State
SLACK = timedelta(hours=1)  # a message that left within the hour left with its step; a later one gives its reader time
STILL_WAITING = timedelta(days=1)


@dataclass
class Now:
    """One due ask, and what is known of it."""

    ask: Ask
    is_child: bool
    has_check_ins: bool
    has_meetings: bool
    message: Message | None
    letter: str = ""  # the one that begins this ask instead of the usual one


@transaction.atomic
def take_due_steps(*, at, limit, only=None):
    """Send, remind, hand over, or close what is due. Returns how many asks moved or wait anew.

    `only`: of this program alone.
    """
    due = Ask.objects.due(at).select_related("person").order_by("next_at", "pk")
    due = due.filter(program=only) if only else due
    asks = list(due.select_for_update(of=("self",), skip_locked=True)[:limit])
    if not asks:
        return 0
    programs = Program.objects.with_limits().in_bulk({ask.program_id for ask in asks})
    for ask in asks:
        ask.program = programs[ask.program_id]
    moves = defaultdict(list)
    for now in look(asks, at):
        moves[now.ask.state, *decide(now, at)].append(now.ask)
    for (before, state, next_at, kind), group in moves.items():
        go = wait_on if state == before else MOVE.get(state, close)
        go(group, state=state, next_at=next_at, kind=kind, at=at)
    return len(asks)


def look(asks, at):
    """What is left in each ask, and whether its last message went out."""
    pks = [ask.pk for ask in asks]
    themes: dict = defaultdict(set)
    asking = CheckIn.objects.asking(at).filter(ask__in=pks)
    for pk, *theme in asking.values_list("ask", "promise__asks", "party").distinct():
        themes[pk].add(tuple(theme))
    rows = unlogged_of_mentors(at).filter(mentor__in={ask.person_id for ask in asks})
    meeting = set(rows.values_list("program", "mentor"))
    messages = {m.dedupe_key: m for m in Message.objects.filter(dedupe_key__in=[key(ask, ask.state) for ask in asks])}
    young = set()
    for program in {ask.program for ask in asks}:
        young |= {(program.pk, pk) for pk in children_among(people_of(asks, program), program, at)}
    for ask in asks:
        is_child = (ask.program_id, ask.person_id) in young
        has_meetings = (ask.program_id, ask.person_id) in meeting
        letter = letter_of(themes.get(ask.pk, ()))
        yield Now(ask, is_child, ask.pk in themes, has_meetings, messages.get(key(ask, ask.state)), letter)


def people_of(asks, program):
    return [ask.person for ask in asks if ask.program_id == program.pk]


def decide(now, at):
    """Where an ask goes: (state, when to look again, kind of message or task). It may stay where it is, to wait on."""
    ask = now.ask
    if not now.has_check_ins:
        sends = ask.state == State.SCHEDULED and now.has_meetings
        if sends:
            return State.SENT, next_week(ask, at), step_of(ask, ask.state, is_child=now.is_child).message
        return (State.WITHDRAWN if ask.state == State.SCHEDULED else State.CLOSED), None, ""
    step = step_of(ask, ask.state, is_child=now.is_child)
    if now.message and now.message.state in (Message.State.FAILED, Message.State.SUPPRESSED, Message.State.EXPIRED):
        return State.HANDED_OVER, None, UNREACHED
    if (wait_until := still_to_wait(now, step, at)) is not None:
        return ask.state, wait_until, ""
    letter = now.letter if step.message == INVITATION else ""
    return step.to, after(step, now, at), letter or step.message or step.task


def still_to_wait(now, step, at):
    """Until when an ask waits on, because its message left late or has not left yet; None: it waits no longer."""
    if not step.wait or now.message is None:
        return None
    if now.message.state in Message.WAITING:
        return at + STILL_WAITING
    left_late = now.message.final_at and now.message.final_at - now.message.queued_at > SLACK
    until = now.message.final_at + wait_of(step, now.ask.program) if left_late else None
    return until if until and until > at else None


def after(step, now, at):
    """When the state a step leads to has waited long enough."""
    coming = step_of(now.ask, step.to, is_child=now.is_child)
    wait = wait_of(coming, now.ask.program)
    return at + wait if wait is not None else None


def next_week(ask, at):
    return moment(day_in(at, ask.program.zone) + WEEK, time(0), ask.program.zone)


def send(asks, *, state, next_at, kind, at):
    """Queue the message of a step. Its key names the ask and the state, so it goes once."""
    facts = {"sent_at": at} if state == State.SENT else {}
    move(asks, state=state, next_at=next_at, at=at, **facts)
    queue_many(kind, [Outgoing(to=ask.person, about=ask, key=key(ask, state)) for ask in asks], at=at)


def pass_on(asks, *, state, next_at, kind, at):
    hand_over(asks, kind=kind, at=at)


def close(asks, *, state, next_at, kind, at):
    """Nothing is left to ask; what rests with its pair may be asked anew when they go on."""
    move(asks, state=state, next_at=None, at=at)
    CheckIn.objects.open().filter(ask__in=[ask.pk for ask in asks]).update(ask=None)


def move(asks, *, state, next_at, at, **facts):
    Ask.objects.filter(pk__in=[ask.pk for ask in asks], state=asks[0].state).update(
        state=state, next_at=next_at, **facts
    )
    record_many(f"ask.{state}", about=asks, by=None, at=at)


def wait_on(asks, *, state, next_at, kind, at):
    Ask.objects.filter(pk__in=[ask.pk for ask in asks], state=state).update(next_at=next_at)


def key(ask, state):
    return f"ask:{ask.ref}:{state}"


MOVE = {State.SENT: send, State.REMINDED: send, State.HANDED_OVER: pass_on}
