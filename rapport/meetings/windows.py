"""At least one meeting of at least so long in each window of months, or weeks: promised, window by window. Pure.

"At least monthly, an hour at least, in months one to six; then as needed" (requirements S2-33, S2-34) is no share of a
sum: three short meetings are not one long one, and a good month does not make up for an empty one. So each window is
kept, or not, or unknown, or excused; after the last one nothing is promised and nothing is missed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from rapport.core.months import add_months, month_of
from rapport.matches.pledge import Pledge
from rapport.meetings.dosage import DAY, Held, Shut


class Stands(Enum):
    KEPT = "kept"
    NOT_KEPT = "not kept"
    UNKNOWN = "unknown"
    EXCUSED = "excused"  # no day of it was open
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Window:
    """So many months of a match, from the first day to the last, and how it stands."""

    number: int  # from 1
    first: date
    last: date
    stands: Stands


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of the windows that are over were kept. Unknown and excused ones stand apart."""

    kept: int
    not_kept: int
    unknown: int
    excused: int

    @property
    def known(self) -> int:
        return self.kept + self.not_kept


def windows(
    pledges: Sequence[Pledge], meetings: Iterable[Held], shut: Shut, *, begun_on: date, first: date, today: date,
    unit: str = "months",
) -> list[Window]:  # fmt: skip
    """Every window of a promise by the month (or by the week) that has begun; nothing before `first` is looked at."""
    rows, found = list(meetings), []
    for pledge in pledges:
        if pledge.unit != unit or not pledge.every:
            continue
        index = first_window(pledge, max(pledge.from_on, begun_on), begun_on)
        while (start := window_day(pledge, index, begun_on)) <= min(today, pledge.until_on or today):
            end = window_day(pledge, index + 1, begun_on) - DAY
            index += 1
            if start >= max(first, pledge.from_on) and (pledge.until_on is None or end <= pledge.until_on):
                found.append(Window(index, start, end, stands(pledge, rows, shut, start, end, today)))
    return found


def first_window(pledge, day, begun_on):
    """The number, from 0, of the window in which that day lies."""
    if pledge.unit == "weeks":
        return (day - begun_on).days // (7 * pledge.every)
    return month_of(begun_on, day) // pledge.every


def window_day(pledge, index, begun_on):
    """The first day of that window."""
    if pledge.unit == "weeks":
        return begun_on + 7 * index * pledge.every * DAY
    return add_months(begun_on, index * pledge.every)


def stands(pledge, rows, shut, first, last, today):
    """One long enough keeps it, early or late. Else what nobody knows, and a window nobody wrote of, stays unknown."""
    here = [row for row in rows if first <= row.on <= last]
    least = pledge.minutes or 0
    if any(row.held and row.minutes >= least for row in here):
        return Stands.KEPT
    if last >= today:
        return Stands.RUNNING
    if not shut.open_days(first, last):
        return Stands.EXCUSED
    told = [row for row in here if row.held or row.missed]
    open_ones = [row for row in here if not (row.held or row.missed or row.excused)]
    return Stands.UNKNOWN if open_ones or not told else Stands.NOT_KEPT


def kept(rows: Iterable[Window]) -> Kept:
    rows = list(rows)
    count = {one: sum(row.stands == one for row in rows) for one in Stands}
    return Kept(count[Stands.KEPT], count[Stands.NOT_KEPT], count[Stands.UNKNOWN], count[Stands.EXCUSED])
