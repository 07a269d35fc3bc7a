"""At least one meeting of at least so long in each window of months: what was promised, window by window. Pure.

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
    pledges: Sequence[Pledge], meetings: Iterable[Held], shut: Shut, *, begun_on: date, first: date, today: date
) -> list[Window]:
    """Every window of a promise by the month that has begun; nothing before `first` is looked at."""
    rows, found = list(meetings), []
    for pledge in pledges:
        if pledge.unit != "months" or not pledge.every:
            continue
        index = month_of(begun_on, max(pledge.from_on, begun_on)) // pledge.every
        while (start := add_months(begun_on, index * pledge.every)) <= min(today, pledge.until_on or today):
            end = add_months(begun_on, (index + 1) * pledge.every) - DAY
            index += 1
            if start >= max(first, pledge.from_on) and (pledge.until_on is None or end <= pledge.until_on):
                found.append(Window(index, start, end, stands(pledge, rows, shut, start, end, today)))
    return found


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
