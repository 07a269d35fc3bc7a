"""On which days a weekly plan falls, and what is closed then. Pure, but for reading the calendar."""

from datetime import date, timedelta

from rapport.programs.models import ClosedTime

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def first_day(plan) -> date:
    """The first day of a plan: the first such weekday from its beginning on."""
    return plan.from_on + timedelta(days=(plan.weekday - plan.from_on.weekday()) % 7)


def day_after(plan, day: date) -> date:
    """The first day of a plan after this day; it goes on counting every n weeks from the plan's own first day."""
    first = first_day(plan)
    if day < first:
        return first
    step = plan.every_weeks * WEEK
    return first + ((day - first) // step + 1) * step


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
