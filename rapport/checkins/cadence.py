"""On which days a promise to ask comes due in a match. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from rapport.core.months import add_months
from rapport.programs.models import Promise

DAYS_OF = {Promise.Unit.DAYS: 1, Promise.Unit.WEEKS: 7}
LONGEST = 32_000  # days; nothing is promised ninety years ahead


@dataclass(frozen=True)
class Instance:
    """One time a promise comes due. It lapses when the next one is due."""

    due_on: date
    late_on: date
    lapses_on: date


def instances(promise, begun_on: date, *, since: date) -> Iterator[Instance]:
    """The instances of a promise in order, from a little before `since` at the latest.

    In the first month the days that the promise names; then every so many units, counted from the anniversary.
    """
    days = due_days(promise, begun_on, since)
    this = next(days, None)
    while this is not None:
        coming = next(days, None)
        due_on, late_on = this
        lapses_on = coming[0] if coming else late_on + timedelta(days=max(promise.grace_days, 1))
        yield Instance(due_on, late_on, lapses_on)
        this = coming


def due_days(promise, begun_on, since):
    """Pairs of days, due and late, in order."""
    first = sorted(promise.first_days)
    for due, late in first:
        yield begun_on + timedelta(days=due), begun_on + timedelta(days=late)
    if not promise.every:
        return
    month_one = begun_on + timedelta(days=first[-1][0]) if first else begun_on
    until = add_months(begun_on, promise.until_month) if promise.until_month else begun_on + timedelta(days=LONGEST)
    for n in count(start_at(promise, begun_on, since)):
        due = steps_on(promise, begun_on, n)
        if due > until:
            return
        if due > month_one:
            yield due, due + timedelta(days=promise.grace_days)


def start_at(promise, begun_on, since):
    """A number of steps that surely lies before `since`, so that an old match is not counted through from its start."""
    if promise.unit == Promise.Unit.MONTHS:
        whole = (since.year - begun_on.year) * 12 + since.month - begun_on.month
    else:
        whole = (since - begun_on).days // DAYS_OF[promise.unit]
    return max(1, whole // promise.every - 2)


def steps_on(promise, begun_on, n):
    if promise.unit == Promise.Unit.MONTHS:
        return add_months(begun_on, promise.every * n)
    return begun_on + timedelta(days=DAYS_OF[promise.unit] * promise.every * n)
