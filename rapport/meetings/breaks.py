"""Which runs of closed days part pairs, by program and site. Pure, but for reading the calendar.

What touches is one break: a closed day of the program beside closed days of the site, and a weekend between two.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from rapport.meetings.rhythm import Calendar

DAY = timedelta(days=1)
WEEKEND = (5, 6)
AHEAD, LONG, TO_CALL = "holiday-ahead", "break-days", "holiday-call"


class Run(NamedTuple):
    """Closed days from the first to the last, both counted."""

    first: date
    last: date

    def meets(self, first, last):
        return self.first <= last and first <= self.last

    @property
    def days(self):
        return self.last - self.first + DAY


def joined(spans):
    """Runs of these (first, last), in order: what overlaps, touches, or has but a weekend between is one."""
    runs: list[Run] = []
    for first, last in sorted(spans):
        if runs and not any_weekday(runs[-1].last + DAY, first - DAY):
            runs[-1] = Run(runs[-1].first, max(runs[-1].last, last))
        else:
            runs.append(Run(first, last))
    return runs


def any_weekday(first, last):
    return any((first + n * DAY).weekday() not in WEEKEND for n in range((last - first).days + 1))


class Breaks:
    """Runs of closed days of these programs (with their limits) that end on a day or later, in one query."""

    def __init__(self, programs, since):
        self.programs = {one.pk: one for one in programs}
        closed = Calendar(self.programs, since).closed
        self.runs = {
            (program, site): joined(spans + (closed.get((program, None), []) if site else []))
            for (program, site), spans in closed.items()
        }

    def of(self, program, site):
        """The runs of a site; those of its program where it has no closed days of its own."""
        return self.runs.get((program, site)) or self.runs.get((program, None), [])

    def is_long(self, program, run):
        return run.days >= self.programs[program].limit(LONG)

    def in_sight(self, code, today_of):
        """{run: [(program, site, sites apart)]} of those long enough that begin within so many days.

        Without a site it is the break of all others of the program: those at the sites apart have a calendar of their
        own.
        """
        found = defaultdict(list)
        for (program, site), runs in self.runs.items():
            today = today_of(self.programs[program])
            apart = [] if site else [one for of, one in self.runs if of == program and one]
            for run in runs:
                if today < run.first <= today + self.programs[program].limit(code) and self.is_long(program, run):
                    found[run].append((program, site, apart))
        return found
