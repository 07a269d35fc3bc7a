"""What a change will send: the next thirty days are really played through, with it and without it, and taken back.

The clock's own actions do the work inside a transaction that is rolled back, so the figure is what the clock would do.
It is played as if nobody answered meanwhile: an answer takes a reminder or a call away, and never adds an ask sooner.
"""

from collections import Counter
from datetime import time, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q

from rapport.checkins.actions import gather_asks, lapse, plan_check_ins, take_due_steps
from rapport.checkins.actions.handing import TALKS
from rapport.checkins.models import Ask, CheckIn, Rhythm
from rapport.checkins.steps import INVITATION, REMINDER
from rapport.core.months import day_in, moment
from rapport.matches.models import Match
from rapport.meetings.questions import unlogged_of_mentors
from rapport.outbox.models import Message
from rapport.tasks.models import Task

DAYS = 30
BATCH = 5000  # more than the largest program played here has to do in one pass
MOST_MATCHES = 100  # of a program that is played through while somebody waits for a page: a few seconds
READ_BY_THE_CLOCK = {  # limits that decide what goes out to participants, and when
    "ask-hour", "remind-after", "hand-over-after-reminder", "hand-over-after-sending", "asks-in-30-days",
    "asks-in-30-days-mentor",
}  # fmt: skip


class TooLarge(Exception):
    """So many matches are open that nobody would wait for their thirty days."""


class Played:
    """What went out in those days: asks and reminders as pairs of day and person, and how many calls on desks."""

    def __init__(self, asks, reminders, calls):
        self.asks, self.reminders, self.calls = Counter(asks), Counter(reminders), calls


def compare(program, change, *, at):
    """(without the change, with it), each Played. Nothing of it stays. Raises TooLarge and what the change refuses."""
    if Match.objects.open().filter(program=program)[MOST_MATCHES:].exists():
        raise TooLarge(program)
    return play(program, at=at), play(program, change, at=at)


def play(program, change=None, *, at):
    """Play the coming days and take everything back."""
    with transaction.atomic():
        if change:
            change()
        before = [model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in (Message, Task)]
        fresh = type(program).objects.get(pk=program.pk)
        tick(fresh, at)
        until = at + timedelta(days=DAYS)
        for day in range(DAYS + 1):
            now = evening_of(day_in(at, fresh.zone) + timedelta(days=day), fresh)
            if at < now <= until and is_due(fresh, now):
                tick(fresh, now)
        played = gathered(fresh, *before)
        transaction.set_rollback(True)
    return played


def tick(program, at):
    """The clock's work of a day on what is sent to participants; the post takes everything that does not wait."""
    lapse(at=at, limit=BATCH, only=program)
    plan_check_ins(at=at, limit=BATCH, only=program)
    take_due_steps(at=at, limit=BATCH, only=program)  # whom they leave free may be asked the next thing
    if gather_asks(at=at, limit=BATCH, only=program):
        take_due_steps(at=at, limit=BATCH, only=program)
    ours = Message.objects.filter(program=program, state=Message.State.PENDING)
    ours.update(state=Message.State.ACCEPTED, final_at=F("queued_at"))


def evening_of(day, program):
    """The last minute of a day in which the post still goes out."""
    limit = program.limits_by_code.get("quiet-from")
    end = (
        moment(day, time(limit.value), program.zone)
        if limit
        else moment(day + timedelta(days=1), time(0), program.zone)
    )
    return end - timedelta(minutes=1)


def is_due(program, at):
    """Whether the clock would find anything to do here, in one query; on most days it would not."""
    here = {"program": OuterRef("pk")}
    rows = [
        Rhythm.objects.filter(next_at__lte=at),
        CheckIn.objects.open().filter(lapses_at__lte=at),
        CheckIn.objects.open().filter(ask=None, due_at__lte=at),
        Ask.objects.due(at),
        unlogged_of_mentors(at),
    ]
    anything = reduce(or_, (Q(Exists(found.filter(**here))) for found in rows))
    return type(program).objects.filter(anything, pk=program.pk).exists()


def gathered(program, last_message, last_task):
    sent = Message.objects.filter(program=program, pk__gt=last_message, kind__in=[INVITATION, REMINDER])
    by_kind = {INVITATION: [], REMINDER: []}
    for kind, person, queued_at in sent.values_list("kind", "to", "queued_at"):
        by_kind[kind].append((day_in(queued_at, program.zone), person))
    calls = Task.objects.filter(program=program, pk__gt=last_task, kind__in=TALKS).count()
    return Played(by_kind[INVITATION], by_kind[REMINDER], calls)
