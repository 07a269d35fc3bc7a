"""When a promise comes due: against a slow look at every single day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rapport.checkins.cadence import instances
from rapport.core.months import add_months
from rapport.programs.models import Promise

DAY = timedelta(days=1)
YOUTH = Promise(first_days=[[7, 10], [21, 25]], every=1, unit="months", grace_days=7)


def told(promise, begun_on, how_many, since=date(1900, 1, 1)):
    found = instances(promise, begun_on, since=since)
    return [(one.due_on, one.late_on, one.lapses_on) for one, _n in zip(found, range(how_many), strict=False)]


def test_twice_in_the_first_month_then_monthly():
    assert told(YOUTH, date(2026, 1, 31), 4) == [
        (date(2026, 2, 7), date(2026, 2, 10), date(2026, 2, 21)),
        (date(2026, 2, 21), date(2026, 2, 25), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2026, 3, 7), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 4, 7), date(2026, 4, 30)),
    ]


def test_every_two_months_for_grown_ups():
    promise = Promise(every=2, unit="months", grace_days=14)
    assert [due for due, _late, _over in told(promise, date(2027, 12, 29), 3)] == [
        date(2028, 2, 29),
        date(2028, 4, 29),
        date(2028, 6, 29),
    ]


def test_it_ends_where_the_promise_ends():
    promise = Promise(every=1, unit="months", grace_days=7, until_month=2)
    assert told(promise, date(2026, 1, 10), 9) == [
        (date(2026, 2, 10), date(2026, 2, 17), date(2026, 3, 10)),
        (date(2026, 3, 10), date(2026, 3, 17), date(2026, 3, 24)),
    ]


def slow(promise, begun_on, until):
    """Every day asked one by one whether something is due on it."""
    found, day, first = [], begun_on, [due for due, _late in promise.first_days]
    while day <= until:
        if promise.unit == "months":
            months = (day.year - begun_on.year) * 12 + day.month - begun_on.month
            falls = months > 0 and months % promise.every == 0 and add_months(begun_on, months) == day
        else:
            step = promise.every * (7 if promise.unit == "weeks" else 1)
            falls = day > begun_on and (day - begun_on).days % step == 0
        age = (day - begun_on).days
        if age in first or (falls and age > max(first, default=0)):
            found.append(day)
        day += DAY
    return found


@given(
    begun_on=st.dates(date(2023, 1, 1), date(2029, 1, 1)), every=st.integers(1, 6),
    unit=st.sampled_from(["days", "weeks", "months"]), first=st.sampled_from([[], [[7, 10], [21, 25]], [[2, 3]]]),
    since=st.integers(0, 700),
)  # fmt: skip
def test_the_days_are_those_of_a_slow_look(begun_on, every, unit, first, since):
    promise = Promise(first_days=first, every=every, unit=unit, grace_days=7)
    until, since_on = begun_on + 800 * DAY, begun_on + since * DAY
    fast = []
    for one in instances(promise, begun_on, since=since_on):
        if one.due_on > until:
            break
        fast.append(one.due_on)

    expected = slow(promise, begun_on, until)
    assert [day for day in fast if day >= since_on] == [day for day in expected if day >= since_on]
    assert fast == sorted(set(fast))
