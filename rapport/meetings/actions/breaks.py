"""A break whose days were changed stays the same break: nobody is asked anew, and the call tells the new days.

A plan of days to come that is marked as welcomed back was called off: its days are open after all.
"""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.audit.actions import record_many
from rapport.core.days import DayIn
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.meetings.models import HolidayPlan
from rapport.tasks.actions import drop, reword
from rapport.tasks.models import Task

DAY = timedelta(days=1)
CALL = "meetings/holiday-plans"
IS_OFF = ExpressionWrapper(Q(welcomed_at__isnull=False), BooleanField())


class Span(NamedTuple):
    """Days of which plans stand at one place; called off: the calendar lacked them when the clock last looked."""

    program: int
    site: int | None
    first: object
    last: object
    is_off: bool


def spans_of_plans(programs, at):
    """Every break of which plans stand that is not over, by place: one query for all pairs."""
    rows = still(HolidayPlan.objects.filter(program__in=programs, ends_on__gte=(at - DAY).date()), at)
    columns = ("program", "match__site", "starts_on", "ends_on", "is_off")
    return [Span(*row) for row in rows.annotate(is_off=IS_OFF).order_by().values_list(*columns).distinct()]


def still(plans, at):
    return plans.filter(Q(welcomed_at=None) | Q(starts_on__gt=DayIn(at, "program__time_zone")))


def follow_the_calendar(spans, breaks, at):
    """Let plans keep the days of their break: moved, over sooner, or called off."""
    for span in spans:
        program = breaks.programs[span.program]
        today = day_in(at, program.zone)
        run = next((one for one in breaks.of(span.program, span.site) if one.meets(span.first, span.last)), None)
        stands = run is not None and (span.first <= today or breaks.is_long(span.program, run))
        if span.last < today or (stands and run == span[2:4] and not span.is_off):
            continue
        if stands:
            move(span, run, at)
            retell(span, run, program, at)
        elif span.first <= today:
            change(plans_of(span, at), "holiday.moved", at, ends_on=today - DAY)
        elif change(plans_of(span, at).filter(welcomed_at=None), "holiday.called-off", at, welcomed_at=at):
            call_off(list(calls_of(span)), program, at)


def plans_of(span, at):
    here = HolidayPlan.objects.filter(program=span.program, match__site=span.site)
    return still(here.filter(starts_on=span.first, ends_on=span.last), at)


def move(span, run, at):
    """These plans get the days of the run; of two that became one break, the one that begins with it, or first, stays.

    Where the day on which they meet again is closed now, it is agreed anew.
    """
    plans = plans_of(span, at)
    if span.first != run.first:
        others = HolidayPlan.objects.filter(match=OuterRef("match"), starts_on__lte=run.last, ends_on__gte=run.first)
        before = Q(starts_on=run.first) | Q(starts_on__lt=OuterRef("starts_on"), welcomed_at=None)
        twin = Exists(others.filter(before))
        change(plans.filter(twin, welcomed_at=None), "holiday.joined", at, welcomed_at=at)
        plans = plans.filter(~twin)
    shut = plans.filter(back_on__range=run, agreed_at__isnull=False)
    change(shut, "holiday.to-agree-anew", at, agreed_at=None, agreed_by=None, back_on=None)
    change(plans, "holiday.moved", at, starts_on=run.first, ends_on=run.last, welcomed_at=None)


def change(plans, verb, at, **values):
    """Change these plans, told in the trail. Returns how many."""
    rows = list(plans)
    HolidayPlan.objects.filter(pk__in=[one.pk for one in rows]).update(**values)
    record_many(verb, about=rows, by=None, at=at)
    return len(rows)


def call_off(calls, program, at):
    """These calls are needed no more; should the break come back, there is a new one."""
    with spoken_as(program):
        drop(calls, note=_("These days are open after all."), by=None, at=at)
    for task in calls:
        Task.objects.filter(pk=task.pk).update(cause_key=f"{task.cause_key}:off:{task.pk}")


def calls_of(span):
    return Task.objects.open().filter(kind=CALL, cause_key__startswith=key_of(span.first, span.program, span.site))


def key_of(first, program, site):
    """How the key of every call about this break at this place begins."""
    return f"holiday:{first}:{program}:{site or 'all'}:"


def retell(span, run, program, at):
    """The call on a desk is about the same break: it names its new first day."""
    if span.first == run.first:
        return
    before, now = (key_of(day, span.program, span.site) for day in (span.first, run.first))
    calls = list(calls_of(span))
    with spoken_as(program):
        days = [date_format(day, "j F") for day in (span.first, run.first)]
        reword({task: task.reason.replace(*days) for task in calls}, by=None, at=at)
    keys = {task.pk: task.cause_key.replace(before, now) for task in calls}
    taken = set(Task.objects.filter(cause_key__in=keys.values()).values_list("cause_key", flat=True))
    for pk, key in keys.items():
        if key not in taken:
            Task.objects.filter(pk=pk).update(cause_key=key)
