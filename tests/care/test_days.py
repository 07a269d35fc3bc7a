"""Open days, counted against somebody who looks at each day of a calendar on the wall."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.care.days import LONGEST, OpenDays
from rapport.programs.models import ClosedTime

PROGRAM, OTHER, SITE, ELSEWHERE = 1, 2, 10, 11
START = date(2026, 1, 1)
a_day = st.integers(0, 300).map(lambda n: START + timedelta(days=n))
spans = st.lists(
    st.tuples(st.sampled_from([PROGRAM, OTHER]), st.sampled_from([None, SITE, ELSEWHERE]), a_day, st.integers(0, 20)),
    max_size=6,
)
HERE = SimpleNamespace(program_id=PROGRAM, site_id=SITE)


def days_with(rows):
    """The same thing without a database: what is closed, by program and site."""
    days = OpenDays.__new__(OpenDays)
    days.closed = {}
    for program, site, first, length in rows:
        days.closed.setdefault((program, site), []).append((first, first + timedelta(days=length)))
    return days


def is_open(rows, day):
    """The oracle: Monday to Friday, and neither the program nor this site is closed."""
    closed = any(
        program == PROGRAM and site in (None, SITE) and first <= day <= first + timedelta(days=length)
        for program, site, first, length in rows
    )
    return day.isoweekday() <= 5 and not closed


def each_day(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@given(spans, a_day, st.integers(0, 60))
def test_open_days_are_counted_as_on_a_wall_calendar(rows, first, length):
    last = first + timedelta(days=length)

    assert days_with(rows).count(HERE, first, last) == sum(is_open(rows, day) for day in each_day(first, last))


@given(spans, a_day, st.integers(1, 30))
def test_the_nth_open_day_is_the_day_on_which_the_count_reaches_n(rows, first, n):
    found = days_with(rows).nth(HERE, first, n)

    open_days = [day for day in each_day(first, first + timedelta(days=400)) if is_open(rows, day)]
    assert found == open_days[n - 1]


def test_a_place_closed_for_years_has_no_next_open_day():
    days = days_with([(PROGRAM, SITE, START, LONGEST)])

    assert days.nth(HERE, START, 1) is None


@pytest.mark.parametrize(
    ("closed_for", "expected"),
    [("the program", 3), ("this site", 3), ("another site", 5), ("another program", 5)],
)
def test_only_what_is_closed_here_counts(match, hillside, closed_for, expected):
    another = match.program.sites.create(name="Harbor School")
    where = {
        "the program": (match.program, None), "this site": (match.program, match.site),
        "another site": (match.program, another), "another program": (hillside, None),
    }[closed_for]  # fmt: skip
    program, site = where
    ClosedTime.objects.create(program=program, site=site, starts_on=date(2026, 11, 11), ends_on=date(2026, 11, 12))

    days = OpenDays([match.program], date(2026, 11, 1))

    assert days.count(match, date(2026, 11, 9), date(2026, 11, 15)) == expected
