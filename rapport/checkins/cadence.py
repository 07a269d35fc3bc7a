"""On which days a promise to ask comes due in a match. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from rapport.core.months import add_months
from rapport.programs.models import Promise

DAYS_OF = {Promise.Unit.DAYS: 1, Promise.Unit.WEEKS: 7}
SHORTEST_MONTH = 28
LONGEST = 32_000  # days; nothing is promised ninety years ahead


@dataclass(frozen=True)
class Instance:
    """One time a promise comes due. It lapses when the next one is due."""

    due_on: date
    late_on: date
    lapses_on: date


def of_match(promise, match, *, since: date) -> Iterator[Instance]:
    """The instances of a promise in this match. Those before `match.counted_from` are nobody's to keep."""
    steady_from = None
    if match.counts_from_on is not None:
        steady_from = match.counted_from + timedelta(days=put_off(promise, match.spread))
    return instances(promise, match.begun_on, since=since, steady_from=steady_from)


def put_off(promise, spread: int) -> int:
    """By how many days the rhythm of a pair from before Rapport is put off: by less than one step of the promise."""
    step = SHORTEST_MONTH if promise.unit == Promise.Unit.MONTHS else DAYS_OF[promise.unit]
    return spread % (step * (promise.every or 1))


def instances(promise, begun_on: date, *, since: date, steady_from: date | None = None) -> Iterator[Instance]:
    """The instances of a promise in order, from a little before `since` at the latest.

    In the first month the days that the promise names; then every so many units, counted from the anniversary, or from
    the day on which a pair from before Rapport falls into its rhythm here.
    """
    days = due_days(promise, begun_on, since, steady_from)
    this = next(days, None)
    while this is not None:
        coming = next(days, None)
        due_on, late_on = this
        lapses_on = coming[0] if coming else late_on + timedelta(days=max(promise.grace_days, 1))
        yield Instance(due_on, late_on, lapses_on)
        this = coming


def due_days(promise, begun_on, since, steady_from=None):
    """Pairs of days, due and late, in order."""
    first = sorted(promise.first_days)
    for due, late in first:
        yield begun_on + timedelta(days=due), begun_on + timedelta(days=late)
    if not promise.every:
        return
    month_one = begun_on + timedelta(days=first[-1][0]) if first else begun_on
    until = add_months(begun_on, promise.until_month) if promise.until_month else begun_on + timedelta(days=LONGEST)
    anchor = steady_from or begun_on
    first_step = 1 if steady_from is None else start_at(promise, anchor, begun_on)
    for n in count(max(first_step, start_at(promise, anchor, since))):
        due = steps_on(promise, anchor, n)
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
    return whole // promise.every - 2


def steps_on(promise, begun_on, n):
    if promise.unit == Promise.Unit.MONTHS:
        return add_months(begun_on, promise.every * n)
    return begun_on + timedelta(days=DAYS_OF[promise.unit] * promise.every * n)
