"""Time together equals what a slow reading of the calendar, day by day, says."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.meetings.dosage import Gaps, Held, Owed, Pledge, Shut, Together, forecast, owed, owed_at_most, together

DAY = timedelta(days=1)
days = st.dates(date(2023, 12, 1), date(2025, 6, 30))
spans = st.lists(
    st.tuples(days, st.one_of(st.none(), st.integers(-2, 60))).map(
        lambda s: (s[0], None if s[1] is None else s[0] + s[1] * DAY)
    ),
    max_size=4,
)
hows = st.sampled_from(["held", "missed", "excused", "unknown"])


@st.composite
def pledges(draw):
    """Promises of one pair, end to end as an agreement and its later versions leave them."""
    starts = sorted(set(draw(st.lists(days, min_size=1, max_size=3))))
    ends = [start - DAY for start in starts[1:]] + [draw(st.one_of(st.none(), days))]
    return [
        Pledge(
            start, end, draw(st.sampled_from([None, 1, 2, 3])), draw(st.sampled_from(["days", "weeks", "months"])),
            draw(st.sampled_from([None, 45, 60, 120])), draw(st.sampled_from([None, Fraction(4), Fraction(5, 2)])),
        )
        for start, end in zip(starts, ends, strict=True)
    ]  # fmt: skip


@st.composite
def meetings(draw):
    rows = draw(st.lists(st.tuples(days, hows, st.sampled_from([30, 60]), st.booleans(), st.booleans()), max_size=12))
    return [
        Held(on, how == "held", how == "missed", how == "excused", minutes, is_guess, expected)
        for on, how, minutes, is_guess, expected in rows
    ]


def on_the_wall(begun_on, last):
    """(day, which month of the match it lies in) of every day of it, from nothing but the calendar on the wall."""
    found, month, day = [], 0, begun_on
    while day <= last:
        longest = monthrange(day.year, day.month)[1]
        if day > begun_on and day.day == min(begun_on.day, longest):
            month += 1
        found.append((day, month))
        day += DAY
    return found


def is_open(day, closed):
    return day.isoweekday() < 6 and not any(a <= day and (b is None or day <= b) for a, b in closed)


def slowly(pledged, closed, begun_on, first, last):
    """What was promised, one day after the other."""
    meetings = minutes = Fraction(0)
    wall = on_the_wall(begun_on, last + 40 * DAY)
    working = {}
    for day, month in wall:
        working[month] = working.get(month, 0) + (day.isoweekday() < 6)
    for day, month in wall:
        if not first <= day <= last or not is_open(day, closed):
            continue
        for one in pledged:
            if one.from_on <= day and (one.until_on is None or day <= one.until_on):
                a_day = Fraction(0)
                if one.every:
                    a_day = {
                        "days": Fraction(7, 5 * one.every),
                        "weeks": Fraction(1, 5 * one.every),
                        "months": Fraction(1, working[month] * one.every),
                    }[one.unit]
                meetings += a_day
                of_hours = one.hours_a_month is not None
                minutes += one.hours_a_month * 60 / working[month] if of_hours else a_day * (one.minutes or 0)
    return meetings, minutes


@given(pledges(), spans, days, days, st.integers(-3, 250))
def test_what_was_promised_is_what_a_slow_reading_of_the_calendar_says(pledged, closed, begun_on, first, length):
    last = first + length * DAY

    found = owed(pledged, Shut(closed), begun_on, first, last)

    assert (found.meetings, found.minutes) == slowly(pledged, closed, begun_on, first, last)


@given(pledges(), spans, days, st.integers(0, 250))
def test_what_is_told_quickly_is_never_too_little(pledged, closed, begun_on, length):
    found = owed(pledged, Shut(closed), begun_on, begun_on, begun_on + length * DAY)

    meetings, minutes = owed_at_most(pledged, found.open_days)
    assert (found.meetings <= meetings + 1e-9, found.minutes <= minutes + 1e-6) == (True, True)


@given(days, st.integers(-3, 400), spans)
def test_open_days_are_counted_as_on_fingers(first, length, closed):
    last = first + length * DAY

    fingers = [day for n in range(length + 1) if is_open(day := first + n * DAY, closed)]

    assert Shut(closed).open_days(first, last) == len(fingers)


@given(days, spans, st.integers(1, 60), st.integers(0, 200))
def test_the_last_open_days_begin_where_fingers_counting_back_end(last, closed, how_many, length):
    not_before = last - length * DAY

    left, day = how_many, last + DAY
    while left and day > not_before:
        day -= DAY
        left -= is_open(day, closed)
    assert Shut(closed).first_of(how_many, last, not_before) == (None if left else day)


@given(pledges(), spans, days, st.integers(1, 300), st.integers(1, 300))
def test_two_stretches_of_days_promise_what_they_promise_together(pledged, closed, begun_on, one, other):
    shut, middle, last = Shut(closed), begun_on + one * DAY, begun_on + (one + other) * DAY

    parts = owed(pledged, shut, begun_on, begun_on, middle), owed(pledged, shut, begun_on, middle + DAY, last)

    assert parts[0] + parts[1] == owed(pledged, shut, begun_on, begun_on, last)


@given(meetings(), spans, days, st.integers(0, 300))
def test_what_happened_is_counted_as_on_fingers(rows, closed, first, length):
    last = first + length * DAY
    seen = together([], rows, Shut(closed), begun_on=first, first=first, last=last)

    by_day = [row for n in range(length + 1) for row in rows if row.on == first + n * DAY]
    held = [row for row in by_day if row.held]
    silent = [row for row in by_day if not row.held and not row.missed]
    assert (seen.meetings, seen.minutes) == (len(held), sum(row.minutes for row in held))
    assert seen.missed == len([row for row in by_day if row.missed])
    assert seen.unknown + seen.excused == len(silent)
    shut = [row for row in silent if row.excused and any(a <= row.on <= (z or row.on) for a, z in closed)]
    assert (seen.open_meetings, seen.open_minutes, seen.kept) == (
        len(silent) - len(shut), sum(row.minutes for row in silent) - sum(row.minutes for row in shut),
        len([row for row in held if row.expected]),
    )  # fmt: skip
    assert (seen.share, seen.share_at_most) == (None, None)
    told, stretches = {row.on for row in by_day}, [0]
    for n in range(length + 1):
        day = first + n * DAY
        stretches = [*stretches, 0] if day in told else [*stretches[:-1], stretches[-1] + is_open(day, closed)]
    assert seen.untold == max(stretches)


@given(meetings(), spans)
def test_gaps_are_the_open_days_between_times_together(rows, closed):
    first, last = date(2023, 12, 1), date(2025, 7, 31)
    found = together([], rows, Shut(closed), begun_on=first, first=first, last=last).gaps

    met = sorted({row.on for row in rows if row.held})
    fingers, since = [], None
    for n in range((last - first).days + 1):
        day = first + n * DAY
        if since is not None:
            since += is_open(day, closed)
        if day in met:
            fingers, since = fingers + ([] if since is None else [since]), 0
    ordered, half = sorted(fingers), len(fingers) // 2
    middle = Fraction(ordered[half] + ordered[-half - 1], 2) if fingers else None
    longest = max([*fingers, since]) if fingers else None
    assert found == Gaps(middle, longest, since, met[-1] if met else None)


@given(pledges(), meetings(), spans, days, st.integers(1, 300))
def test_what_nobody_knows_never_makes_the_most_smaller(pledged, rows, closed, first, length):
    seen = together(pledged, rows, Shut(closed), begun_on=first, first=first, last=first + length * DAY)

    assert (seen.share is None) == (seen.share_at_most is None) == seen.promised.is_nothing
    if seen.share is not None:
        assert seen.share <= seen.share_at_most
        if not seen.unknown and not seen.excused:
            assert seen.share == seen.share_at_most


WEEKLY = Pledge(date(2024, 1, 31), every=1, minutes=60)


@pytest.mark.parametrize(
    ("first", "last", "closed", "promised"),
    [
        (date(2024, 1, 29), date(2024, 2, 2), [], Fraction(3, 5)),  # they begin on a Wednesday
        (date(2024, 2, 26), date(2024, 3, 1), [], 1),  # the week of a leap day
        (date(2024, 2, 24), date(2024, 2, 25), [], 0),  # a weekend
        (date(2024, 2, 5), date(2024, 2, 16), [(date(2024, 2, 12), date(2024, 2, 18))], 1),  # a week of holidays
        (date(2024, 2, 5), date(2024, 2, 16), [(date(2024, 2, 8), None)], Fraction(3, 5)),  # a pause without an end
        (date(2024, 2, 5), date(2024, 2, 16), [(date(2024, 2, 8), date(2024, 2, 7))], 2),  # one that was none
    ],
)
def test_a_weekly_promise_in_plain_cases(first, last, closed, promised):
    assert owed([WEEKLY], Shut(closed), date(2024, 1, 31), first, last).meetings == promised


MONDAY = date(2024, 4, 1)


@pytest.mark.parametrize(
    ("told", "is_told"),
    [
        ([], False),
        ([0, 1, 2, 3, 4, 5, 6, 7], True),
        ([0, 2, 4, 6], True),  # they planned every other week
        ([0, 1, 6, 7], False),  # nobody wrote anything for a month
        ([4, 5, 6, 7], False),  # nor before they had a plan
        ([0, 1, 2, 3, 4], False),  # nor after it
    ],
)
def test_where_nobody_wrote_nobody_knows(told, is_told):
    rows = [Held(MONDAY + week * 7 * DAY, missed=True) for week in told]

    seen = together([WEEKLY], rows, Shut(), begun_on=WEEKLY.from_on, first=MONDAY, last=MONDAY + 55 * DAY)

    assert seen.is_told == is_told


@pytest.mark.parametrize(
    ("hows", "below"),
    [
        ("hhhhhhhh", []),
        ("hhhhhhmm", []),  # three quarters are enough
        ("hhhhhmmm", [75]),
        ("hhhhmmmm", [75]),  # and half is half
        ("hhhmmmmm", [75, 50]),
        ("mmmmmmmm", [75, 50]),
        ("hhhmmmmu", [75]),  # what nobody knows counts as held
        ("mmuuuuuu", []),
        ("hhhmmmee", [75]),  # and so does what was excused
        ("uuuuuuuu", []),
        ("        ", []),
        ("mmmm    ", []),  # nobody wrote anything for a month
    ],
)
def test_less_than_promised_is_said_of_what_is_known_alone(hows, below):
    names = {"h": "held", "m": "missed", "e": "excused"}
    rows = [
        Held(MONDAY + week * 7 * DAY, minutes=60, **({names[how]: True} if how in names else {}))
        for week, how in enumerate(hows)
        if how != " "
    ]

    seen = together([WEEKLY], rows, Shut(), begun_on=WEEKLY.from_on, first=MONDAY, last=MONDAY + 55 * DAY)

    assert [percent for percent in (75, 50) if seen.is_below(percent)] == below


def test_what_a_rest_took_is_not_counted_as_kept_for_the_days_that_promised_something():
    rows = [Held(MONDAY + week * 7 * DAY, excused=True, minutes=60) for week in range(4)]
    rows += [Held(MONDAY + week * 7 * DAY, held=week < 6, missed=week >= 6, minutes=60) for week in range(4, 8)]
    rest = Shut([(MONDAY, MONDAY + 27 * DAY)])

    seen = together([WEEKLY], rows, rest, begun_on=WEEKLY.from_on, first=MONDAY, last=MONDAY + 55 * DAY)

    assert (seen.excused, seen.share, seen.share_at_most) == (4, Fraction(1, 2), Fraction(1, 2))


def test_less_than_one_meeting_short_is_not_short():
    monthly = Pledge(WEEKLY.from_on, every=1, unit="months", minutes=60)
    first, last = date(2024, 4, 30), date(2024, 6, 20)  # not quite two months of theirs

    one = together(
        [monthly],
        [Held(date(2024, 6, 3), held=True, minutes=60)],
        Shut(),
        begun_on=WEEKLY.from_on,
        first=first,
        last=last,
    )
    none = together(
        [monthly],
        [Held(date(2024, 6, 3), missed=True, minutes=60)],
        Shut(),
        begun_on=WEEKLY.from_on,
        first=first,
        last=last,
    )

    assert (one.share < Fraction(3, 4), one.is_below(75), none.is_below(50)) == (True, False, True)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2024, 1, 31), date(2024, 2, 28)),  # the first month of a pair from the 31st, in a leap year
        (date(2024, 2, 29), date(2024, 3, 30)),
        (date(2024, 3, 31), date(2024, 4, 29)),
    ],
)
def test_a_month_of_theirs_promises_its_hours_whole_however_long_it_is(first, last):
    pledge = Pledge(date(2024, 1, 31), every=1, unit="months", hours_a_month=Fraction(4))

    found = owed([pledge], Shut(), date(2024, 1, 31), first, last)

    assert (found.meetings, found.minutes) == (1, 240)


def had(meetings, promised, *, unknown=0, missed=0):
    told = {"unknown": unknown, "open_meetings": unknown, "missed": missed}
    return Together(Owed(Fraction(promised)), meetings=meetings, **told)


@pytest.mark.parametrize(
    ("so_far", "recent", "to_come", "expected"),
    [
        (had(10, 10), had(8, 8), 10, (1, 1)),
        (had(10, 10), had(4, 8, missed=4), 10, (Fraction(3, 4), Fraction(3, 4))),
        (had(8, 10, unknown=2), had(6, 8, unknown=2), 10, (Fraction(31, 40), 1)),
        (had(8, 10), had(1, 8, unknown=2), 10, None),  # more is unknown than known
        (had(8, 10), had(0, 8), 10, None),  # nothing was written down at all
        (had(8, 10), had(1, 0), 10, None),
        (had(10, 10), had(8, 8), 0, None),
    ],
)
def test_a_forecast_goes_on_as_they_lately_did(so_far, recent, to_come, expected):
    assert forecast(so_far, recent, Owed(Fraction(to_come))) == expected


def test_a_forecast_of_hours_is_made_of_hours():
    so_far = Together(Owed(Fraction(4), Fraction(240)), meetings=4, minutes=120)
    recent = Together(Owed(Fraction(8), Fraction(480)), meetings=8, minutes=360)

    assert forecast(so_far, recent, Owed(Fraction(4), Fraction(240))) == (Fraction(5, 8), Fraction(5, 8))
