"""On which days a plan falls, and what is closed then. Pure, but for reading the calendar."""

from calendar import monthrange
from datetime import date, timedelta

from rapport.core.months import add_months, month_of
from rapport.programs.models import ClosedTime

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def first_day(plan) -> date:
    """The first day of a plan: the first of its days from its beginning on."""
    if not plan.every_months:
        return plan.from_on + timedelta(days=(plan.weekday - plan.from_on.weekday()) % 7)
    here = day_in_month(plan, plan.from_on)
    return here if here >= plan.from_on else day_in_month(plan, add_months(plan.from_on.replace(day=1), 1))


def day_after(plan, day: date) -> date:
    """The first day of a plan after this day; it goes on counting every n weeks, or months, from its own first day."""
    first = first_day(plan)
    if day < first:
        return first
    if plan.every_months:
        return month_after(plan, first.replace(day=1), day)
    step = plan.every_weeks * WEEK
    return first + ((day - first) // step + 1) * step


def month_after(plan, first: date, day: date) -> date:
    """The day of a plan by the month after this day; `first` is the first day of its first month."""
    steps = month_of(first, day) // plan.every_months
    found = day_in_month(plan, add_months(first, steps * plan.every_months))
    return found if found > day else day_in_month(plan, add_months(first, (steps + 1) * plan.every_months))


def day_in_month(plan, day: date) -> date:
    """The day of a plan in the month of this day: the nth such weekday, or the last; or a day, at most the last one."""
    last = monthrange(day.year, day.month)[1]
    if plan.month_day:
        return day.replace(day=min(plan.month_day, last))
    first = 1 + (plan.weekday - day.replace(day=1).weekday()) % 7
    weeks = min(plan.nth - 1, (last - first) // 7)
    return day.replace(day=first + 7 * weeks)


def days_between(plan, after: date, until: date) -> list[date]:
    """The days of a plan after the one day and up to the other, which counts, too."""
    found, day = [], day_after(plan, after)
    while day <= until:
        found.append(day)
        day = day_after(plan, day)
    return found


class Calendar:
    """The closed times of these programs from a day on, in one query."""

    def __init__(self, programs, since: date):
        self.closed: dict = {}
        rows = ClosedTime.objects.filter(program__in=programs, ends_on__gte=since)
        for program, site, first, last in rows.values_list("program", "site", "starts_on", "ends_on"):
            self.closed.setdefault((program, site), []).append((first, last))

    def is_closed(self, match, day: date) -> bool:
        """Whether the match's site, or its whole program, is closed on that day."""
        spans = self.closed.get((match.program_id, None), [])
        if match.site_id:
            spans = spans + self.closed.get((match.program_id, match.site_id), [])
        return any(first <= day <= last for first, last in spans)
