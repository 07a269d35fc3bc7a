"""Time together against what a pair promised: exact, prorated, and honest about what nobody knows. Pure.

What was promised is spread evenly over the working days it was promised for: a weekly meeting is a fifth of a meeting
on each day from Monday to Friday, and four hours a month are 240 minutes shared by the working days of that month of
the match. A day that is closed, or on which the pair rests, promises nothing; so the figures are right for a late
start, a holiday and a pause without a rule of their own (requirements S1-10, S1-11; features "dosage against promise").
Months are the match's own, counted from its first day.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from statistics import median

from rapport.core.months import add_months, month_of
from rapport.matches.pledge import Pledge

__all__ = ["Gaps", "Held", "Owed", "Pledge", "Shut", "Together", "forecast", "owed", "together"]
DAY = timedelta(days=1)
WORKING = 5  # days of a week, Monday to Friday
Span = tuple[date, date | None]  # first and last day, both counted; None: until further notice


@dataclass(frozen=True, slots=True)
class Held:
    """One meeting that is over: held, missed, excused, or none of these: nobody has said.

    `minutes` is how long it was, where somebody said so, else how long it was meant to be.
    """

    on: date
    held: bool = False
    missed: bool = False
    excused: bool = False
    minutes: int = 0
    is_guess: bool = False  # nobody said how long
    expected: bool = True  # planned, or come by itself


@dataclass(frozen=True, slots=True)
class Owed:
    """What was promised for some days: meetings, minutes, and on how many open days."""

    meetings: Fraction = Fraction(0)
    minutes: Fraction = Fraction(0)
    open_days: int = 0

    def __add__(self, other: "Owed") -> "Owed":
        return Owed(self.meetings + other.meetings, self.minutes + other.minutes, self.open_days + other.open_days)

    @property
    def is_nothing(self) -> bool:
        return not self.meetings and not self.minutes


def working_days(first: date, last: date) -> int:
    """How many days from Monday to Friday, both ends counted; 0 where the last lies before the first."""
    return max(0, working_until(last.toordinal()) - working_until(first.toordinal() - 1))


def working_until(ordinal: int) -> int:
    weeks, rest = divmod(ordinal - 1, 7)  # 1 January of the year 1 was a Monday
    return weeks * WORKING + min(rest + 1, WORKING)


class Shut:
    """The days that promise nothing: closed, or resting. Spans may overlap, touch, and come in any order."""

    def __init__(self, spans: Iterable[Span] = ()):
        self.spans: list[tuple[date, date]] = []
        for first, last in sorted((first, last or date.max) for first, last in spans):
            if last < first:
                continue
            if self.spans and self.spans[-1][1] >= first:
                self.spans[-1] = (self.spans[-1][0], max(last, self.spans[-1][1]))
            else:
                self.spans.append((first, last))
        self.firsts = [first for first, _last in self.spans]

    def open_days(self, first: date, last: date) -> int:
        """Working days from the first to the last on which the pair could have met."""
        shut, at = 0, max(0, bisect_right(self.firsts, first) - 1)
        for start, end in self.spans[at:]:
            if start > last:
                break
            shut += working_days(max(start, first), min(end, last))
        return working_days(first, last) - shut

    def __contains__(self, day: date) -> bool:
        at = bisect_right(self.firsts, day) - 1
        return at >= 0 and day <= self.spans[at][1]

    def first_of(self, how_many: int, last: date, not_before: date) -> date | None:
        """The day with which the last so many open days up to this one begin; None: it lies before that day."""
        day, missing = last + DAY, how_many
        while missing:
            if missing > (day - not_before).days:
                return None
            day -= missing * DAY
            missing = how_many - self.open_days(day, last)
        return day


def owed(pledges: Sequence[Pledge], shut: Shut, begun_on: date, first: date, last: date) -> Owed:
    """What was promised for the days from the first to the last, both counted, month by month of the match."""
    total = Owed()
    for month_first, month_last in months_between(begun_on, first, last):
        for pledge in pledges:
            start = max(first, month_first, pledge.from_on)
            end = min(last, month_last, pledge.until_on or last)
            if start <= end:
                total += owed_in_month(pledge, shut.open_days(start, end), working_days(month_first, month_last))
    return total


def owed_in_month(pledge: Pledge, open_days: int, working: int) -> Owed:
    """What a pledge comes to on so many open days of a month of the match with so many working days."""
    meetings = meetings_a_day(pledge, working) * open_days
    if pledge.hours_a_month is not None:
        minutes = Fraction(pledge.hours_a_month) * 60 * open_days / working
    else:
        minutes = meetings * (pledge.minutes or 0)
    return Owed(meetings, minutes, open_days)


def meetings_a_day(pledge: Pledge, working: int) -> Fraction:
    if not pledge.every:
        return Fraction(0)
    if pledge.unit == "months":
        return Fraction(1, pledge.every * working)
    weeks = Fraction(pledge.every) if pledge.unit == "weeks" else Fraction(pledge.every, 7)
    return 1 / (weeks * WORKING)


SHORTEST = 20  # working days of a month of a match: a February has no fewer


def owed_at_most(pledges: Iterable[Pledge], open_days: int) -> tuple[float, float]:
    """No more (meetings, minutes) than this are promised for so many open days, wherever they lie: quickly told."""
    meetings = minutes = 0.0
    for pledge in pledges:
        a_day = 0.0
        if pledge.every:
            a_day = {"days": 7, "weeks": 1, "months": 1 / 4}[pledge.unit] / (WORKING * pledge.every)
        of_time = float(pledge.hours_a_month) * 60 / SHORTEST if pledge.hours_a_month is not None else None
        meetings = max(meetings, a_day * open_days)
        minutes = max(minutes, (a_day * (pledge.minutes or 0) if of_time is None else of_time) * open_days)
    return meetings, minutes


def months_between(begun_on: date, first: date, last: date) -> Iterable[tuple[date, date]]:
    """The whole months of the match that touch these days: (first day, last day) of each."""
    month = max(0, month_of(begun_on, first))
    while (start := add_months(begun_on, month)) <= last:
        month += 1
        yield start, add_months(begun_on, month) - DAY


@dataclass(frozen=True, slots=True)
class Gaps:
    """Open days between times together. None: not enough is known."""

    usual: Fraction | None = None  # the median
    longest: int | None = None  # the one that still runs is counted, too
    now: int | None = None  # since the last time together
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """How much time a pair had, against what it promised for the same days.

    `meetings` and `minutes` are what is known; `unknown` are over and nobody has said whether they happened. So the
    truth lies between `meetings` and `meetings + unknown`.
    """

    promised: Owed
    meetings: int = 0
    minutes: int = 0
    guessed: int = 0  # of the meetings held, those whose length nobody told
    missed: int = 0
    excused: int = 0
    unknown: int = 0
    open_meetings: int = 0  # unknown, or excused on a day that promised something: each may count as kept
    open_minutes: int = 0  # meant for these
    kept: int = 0  # of the meetings held, those that were expected
    untold: int = 0  # the longest stretch of open days between meetings of any outcome: nothing is written down of it
    gaps: Gaps = field(default_factory=Gaps)

    @property
    def share(self) -> Fraction | None:
        """Kept of promised: of the time, where time was promised, else of the meetings. None: nothing was promised."""
        return part(self.promised, self.meetings, self.minutes)

    @property
    def share_at_most(self) -> Fraction | None:
        """The same if all that is unknown or excused had been held: what is held against nobody is counted as kept.

        What a closed day or a rest took is no part of it: those days promised nothing.
        """
        return part(self.promised, self.meetings + self.open_meetings, self.minutes + self.open_minutes)

    @property
    def is_silent(self) -> bool:
        """Nothing was written down about these days at all."""
        return not (self.meetings or self.missed or self.excused or self.unknown)

    @property
    def is_told(self) -> bool:
        """Whether enough is written down to say that less was kept: no stretch without a word is longer than twice the
        promised interval, or half of the days where no interval is promised. Where nobody wrote, nobody knows."""
        if self.is_silent:
            return False
        days = self.promised.open_days
        return self.untold <= (2 * days / self.promised.meetings if self.promised.meetings else Fraction(days, 2))

    def is_below(self, percent: int) -> bool:
        """Surely less than this part of what was promised was kept, a whole meeting less at least."""
        most = self.share_at_most
        if most is None or not self.is_told or 100 * most >= percent:
            return False
        return not self.promised.meetings or (1 - most) * self.promised.meetings >= 1


def part(whole: Owed, meetings: int, minutes: int) -> Fraction | None:
    if whole.minutes:
        return minutes / whole.minutes
    return meetings / whole.meetings if whole.meetings else None


def together(
    pledges: Sequence[Pledge], meetings: Iterable[Held], shut: Shut, *, begun_on: date, first: date, last: date
) -> Together:
    """Time together from the first to the last day, both counted, against what was promised for these days.

    `pledges` in any order; where two cover one day, both count, so give them end to end. `meetings` outside the days
    are left out.
    """
    rows = sorted((row for row in meetings if first <= row.on <= last), key=lambda row: row.on)
    held, missed = [row for row in rows if row.held], [row for row in rows if row.missed]
    excused = [row for row in rows if row.excused]
    unknown = [row for row in rows if not (row.held or row.missed or row.excused)]
    may_count = [*unknown, *(row for row in excused if row.on not in shut)]
    return Together(
        promised=owed(pledges, shut, begun_on, first, last),
        meetings=len(held),
        minutes=sum(row.minutes for row in held),
        guessed=sum(row.is_guess for row in held),
        missed=len(missed),
        excused=len(excused),
        unknown=len(unknown),
        open_meetings=len(may_count),
        open_minutes=sum(row.minutes for row in may_count),
        kept=sum(row.expected for row in held),
        untold=longest_untold([row.on for row in rows], shut, first, last),
        gaps=gaps_of([row.on for row in held], shut, last),
    )


def longest_untold(days: Sequence[date], shut: Shut, first: date, last: date) -> int:
    edges = [first - DAY, *days, last + DAY]
    return max(shut.open_days(one + DAY, other - DAY) for one, other in pairwise(edges))


def gaps_of(days: Sequence[date], shut: Shut, today: date) -> Gaps:
    """Open days from each time together to the next: from the day after to the day itself, so weekly is 5.

    Two times on one day leave no gap between them.
    """
    if not days:
        return Gaps()
    between = [shut.open_days(one + DAY, other) for one, other in pairwise(days) if one != other]
    now = shut.open_days(days[-1] + DAY, today)
    usual = Fraction(median(between)) if between else None
    return Gaps(usual, max([*between, now]) if between else None, now, days[-1])


def forecast(so_far: Together, recent: Together, to_come: Owed) -> tuple[Fraction, Fraction] | None:
    """Which share of all that was promised they will have had at its end if they go on as they lately did.

    (at least, at most): what is unknown counts as not held in the first and as held in the second. None: nothing is
    promised any more, nothing was lately, or more of the recent meetings is unknown than known.
    """
    if to_come.is_nothing or recent.share is None or recent.share_at_most is None or recent.is_silent:
        return None
    if recent.unknown > recent.meetings + recent.missed:
        return None
    whole = so_far.promised + to_come
    unit = "minutes" if whole.minutes else "meetings"
    had, ahead, all_of_it = (getattr(one, unit) for one in (so_far, to_come, whole))
    more = so_far.open_minutes if whole.minutes else so_far.open_meetings
    return (had + recent.share * ahead) / all_of_it, (had + more + recent.share_at_most * ahead) / all_of_it
