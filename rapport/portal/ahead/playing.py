"""The next weeks of a program, played by the clock's own steps and the post's own decisions on a copy of its rows.

So what is foretold is what the clock would do. It is played as if nobody answered meanwhile: an answer takes a reminder
or a call away, and never adds an ask sooner. The play goes from one moment to the next at which anything is due, on the
full hour; the clock looks far more often, which moves nothing to another day but what is due just before midnight.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import cache
from itertools import chain

from django.apps import apps
from django.db.models import Max, Min, Q

from rapport.care import actions as care
from rapport.checkins import actions as checkins
from rapport.checkins.actions.gathering import MONTH
from rapport.checkins.actions.handing import TALKS
from rapport.checkins.models import Ask, CheckIn, Rest, Rhythm
from rapport.core.aside import aside
from rapport.core.months import day_in, moment
from rapport.meetings import actions as meetings
from rapport.meetings.models import Meeting
from rapport.outbox.actions.delivering import claim, close_without_sending
from rapport.outbox.kinds import never_waiting
from rapport.outbox.models import Message
from rapport.outbox.settling import settle
from rapport.portal.ahead import changes
from rapport.programs.models import Program
from rapport.tasks.models import Task

DAYS = 30
GRID = timedelta(hours=1)
NO_TIME = timedelta()
BATCH = 500
OPEN = 2  # the level up to which calls are counted: what is sealed stands in no figure
NOT_COPIED = {
    "imports",
    "safeguarding",
    "portal",
}  # nothing that is played writes there, and what is sealed stays in it
State = Message.State

LAY, WITHDRAW, PLAN, GATHER, STEP, LAPSE, SEND = range(7)
STEPS = {  # of the clock's timetable, in its order: all that leads to a letter or to a call instead of one
    LAY: meetings.lay_out_meetings,
    WITHDRAW: checkins.withdraw_what_is_not_theirs,
    PLAN: checkins.plan_check_ins,
    GATHER: checkins.gather_asks,
    STEP: checkins.take_due_steps,
    LAPSE: checkins.lapse,
}


class Interrupted(Exception):
    """Somebody asked the process to stop."""


class Played:
    """What went out: (day, kind, person) each with how often, and (day, kind) of calls that came onto desks."""

    def __init__(self, sent, calls):
        self.sent, self.calls = Counter(sent), Counter(calls)


def nobody_listens(_day: int) -> None:
    """Progress nobody looks at. May raise Interrupted."""


def play(program, change=None, *, by=None, at, days=None, with_care=False, tell: Callable = nobody_listens) -> Played:
    """Play the coming days. Nothing of it stays, and nobody waits for it. Raises what the change refuses."""
    until = at + timedelta(days=DAYS if days is None else days)
    with aside(tables_of(program)):
        if change is not None:
            changes.apply(change, Program.objects.get(pk=program.pk), by=by, at=at)
        fresh = Program.objects.get(pk=program.pk)
        waiting = set(Message.objects.waiting().values_list("pk", flat=True))
        before = [model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in (Message, Task)]
        now, due = at, {*STEPS, SEND}
        while now <= until:
            play_moment(now, due)
            if with_care and LAY in due:
                until_done(care.refresh_findings, now)
            tell((now - at).days)
            now, due = next_moment(fresh, now)
        return gathered(fresh, waiting, *before)


@cache
def models_of_a_program():
    ours = [model for model in apps.get_models() if model.__module__.startswith("rapport.")]
    return [
        model for model in ours
        if model._meta.app_label not in NOT_COPIED and any(f.name == "program" for f in model._meta.concrete_fields)
    ]  # fmt: skip


@cache
def hanging_models():
    """((model, the column that names a row of a program): what hangs on such a row, as the words of a task do."""
    own, found = set(models_of_a_program()), []
    for model in apps.get_models():
        named = [field for field in model._meta.concrete_fields if field.related_model in own and not field.null]
        if model not in own and model._meta.app_label not in NOT_COPIED and named:
            found.append((model, named[0]))
    return found


def tables_of(program):
    """The tables that are copied, each with the rows of this program alone; of the trail, none."""
    tables = {"programs_program": f"id = {int(program.pk)}", "audit_event": "1 = 0", "care_watermark": ""}
    for model in models_of_a_program():
        tables[model._meta.db_table] = f"program_id = {int(program.pk)}"
    for model, field in hanging_models():
        within = field.related_model._meta.db_table
        tables[model._meta.db_table] = f'"{field.column}" IN (SELECT id FROM "{within}")'  # noqa: S608
    return tables


def play_moment(at, due):
    """What the clock and the post do then, until nothing is left: whom a step leaves free is asked the next thing."""
    begun, waited = due, Ask.objects.waiting().count()
    while begun:
        moved = {number for number, step in STEPS.items() if number in begun and until_done(step, at)}
        send(at)
        waiting = Ask.objects.waiting().count()
        begun = ({STEP} if moved & {GATHER} else set()) | ({GATHER} if waiting < waited else set())
        waited = waiting


def until_done(step, at) -> int:
    """Let a step do all it has to do; where it did less than it may at once, nothing is left."""
    done = step(at=at, limit=BATCH)
    while done and done % BATCH == 0 and (more := step(at=at, limit=BATCH)):
        done += more
    return done


def send(at):
    """The post decides as it does at delivery; what it would hand over counts as handed over."""
    while Message.objects.due(at).exists():
        plans = settle(claim(at=at, limit=BATCH), at)
        close_without_sending(plans, at)
        gone = [plan.message.pk for plan in plans if plan.address]
        Message.objects.filter(pk__in=gone).update(state=State.ACCEPTED, final_at=at, lease_until=None)


def next_moment(program, now: datetime) -> tuple[datetime, set[int]]:
    """When something is due next, on the grid, and what; once a day, at the hour of asking, everything is looked at."""
    daily, coming = on_the_grid(hour_of_asking(program, now), program), list(due_next(now))
    then = min([daily, *(on_the_grid(at, program) for at, _what in coming)])
    if then == daily:
        return daily, {*STEPS, SEND}
    return then, {step for at, what in coming for step in what if at <= then}


def hour_of_asking(program, now):
    limit = program.limits_by_code.get("ask-hour")
    hour, today = time(limit.value if limit else 0), day_in(now, program.zone)
    first, second = (moment(today + timedelta(days=n), hour, program.zone) for n in (0, 1))
    return first if first > now else second


def due_next(now):
    """(the first moment after now at which one kind of thing falls due, the steps that take it up)."""
    asked = Ask.objects.filter(sent_at__gt=now - MONTH)
    for rows, column, after, what in (
        (Rhythm.objects, "next_at", NO_TIME, {PLAN, GATHER}),
        (CheckIn.objects.open(), "lapses_at", NO_TIME, {LAPSE, GATHER}),
        (CheckIn.objects.open().filter(ask=None), "due_at", NO_TIME, {GATHER}),
        (Ask.objects, "next_at", NO_TIME, {STEP}),
        (asked, "sent_at", MONTH, {GATHER}),  # the limit of asks in thirty days has room again
        (Rest.objects, "until_at", NO_TIME, {GATHER}),
        (Message.objects.filter(state=State.PENDING), "next_at", NO_TIME, {SEND}),
        (Meeting.objects.untouched(), "ends_at", NO_TIME, {GATHER}),
    ):
        first = rows.filter(**{f"{column}__gt": now - after}).aggregate(first=Min(column))["first"]
        if first:
            yield first + after, what


def on_the_grid(at, program):
    """The next full hour of the program's clock, or this very one."""
    beyond = (at.astimezone(program.zone).replace(tzinfo=None) - datetime.min) % GRID
    return at + (GRID - beyond) % GRID


def gathered(program, waiting, last_message, last_task):
    """What left, on its day; what waits for release, on the day it came."""
    ours = Message.objects.exclude(kind__in=never_waiting()).order_by("pk")
    rows = (
        ours.filter(state=State.ACCEPTED).values_list("pk", "final_at", "kind", "to"),
        ours.filter(state=State.HELD, pk__gt=last_message).values_list("pk", "queued_at", "kind", "to"),
    )
    sent = [
        (day_in(when, program.zone), kind, person)
        for pk, when, kind, person in chain.from_iterable(one.iterator() for one in rows)
        if pk > last_message or pk in waiting
    ]
    calls = Task.objects.filter(Q(kind__in=TALKS) | Q(kind__startswith="care/"), pk__gt=last_task, level__lte=OPEN)
    calls = [(day_in(when, program.zone), kind) for when, kind in calls.values_list("made_at", "kind")]
    return Played(sent, calls)
