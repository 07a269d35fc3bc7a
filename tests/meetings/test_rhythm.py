"""Where a plan lays meetings, held against slow looks at every day and every minute, across changes of clocks."""

import calendar
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rapport.core.months import day_in, moment
from rapport.core.refused import Refused
from rapport.meetings.actions import call_off, lay_out_meetings, make_plan, move_meeting
from rapport.meetings.actions.laying import NEVER
from rapport.meetings.models import Meeting, Plan
from rapport.meetings.refusals import NotAPlan
from rapport.meetings.rhythm import days_between
from rapport.programs.actions import close_days, open_days
from rapport.programs.models import Reopening
from tests.cast import DAY, MONDAY

ZONES = ["Africa/Lagos", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
MINUTE = timedelta(minutes=1)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def of_month(year, month, weekday, nth, month_day):
    """The day of a month, by writing the month down as on a wall."""
    weeks = calendar.monthcalendar(year, month)
    if month_day:
        return date(year, month, min(month_day, max(max(week) for week in weeks)))
    those = [week[weekday] for week in weeks if week[weekday]]
    return date(year, month, those[-1] if nth == Plan.LAST else those[nth - 1])


def slow_months(plan, after, until):
    """Walk day by day; of the months in which such a day lies from the beginning on, take every nth."""
    found, months, day = [], -1, plan.from_on
    while day <= until:
        if day == of_month(day.year, day.month, plan.weekday, plan.nth, plan.month_day):
            months += 1
            if months % plan.every_months == 0 and day > after:
                found.append(day)
        day += DAY
    return found


@given(
    from_on=DAYS, weekday=st.integers(0, 6), months=st.integers(1, 6), which=st.integers(1, 5) | st.none(),
    month_day=st.integers(1, 31), skip=st.integers(0, 500), length=st.integers(0, 500),
)  # fmt: skip
@example(date(2027, 12, 30), 0, 1, None, 29, 0, 100)  # leap day
@example(date(2026, 12, 31), 0, 1, None, 31, 0, 200)  # month ends
@example(date(2026, 1, 31), 0, 2, 5, 31, 0, 400)
def test_days_by_the_month_are_those_of_a_slow_look_at_every_day(
    from_on, weekday, months, which, month_day, skip, length
):
    plan = SimpleNamespace(
        from_on=from_on, weekday=weekday, every_weeks=1, every_months=months, nth=which,
        month_day=None if which else month_day,
    )  # fmt: skip
    after, until = from_on + (skip - 1) * DAY, from_on + (skip + length) * DAY

    assert days_between(plan, after, until) == slow_months(plan, after, until)


def slow_moment(day, clock, zone):
    """Look at every minute of two days: the first that the clock on the wall shows so. Where it shows none, by as much
    later as the wall clock jumped over it."""
    start = datetime.combine(day - DAY, time(0), tzinfo=UTC)
    minutes = [start + n * MINUTE for n in range(3 * 24 * 60)]
    wall = [(one, one.astimezone(zone).replace(tzinfo=None)) for one in minutes]
    wanted = datetime.combine(day, clock)
    for one, shown in wall:
        if shown == wanted:
            return one
    last, shown = next(a for a, b in pairwise(wall) if a[1] < wanted < b[1])
    return last + (wanted - shown)


@pytest.mark.parametrize("zone", ZONES)
def test_an_hour_is_that_of_the_wall_clock_on_both_days_on_which_clocks_change(zone):
    zone = ZoneInfo(zone)
    year = [date(2026, 1, 1) + n * DAY for n in range(366)]
    noon = [datetime.combine(day, time(12), tzinfo=zone).utcoffset() for day in year]
    changes = [day for day, before, after in zip(year[1:], noon, noon[1:], strict=False) if before != after]

    assert len(changes) == (0 if zone.key in ("Africa/Lagos", "Asia/Kolkata") else 2)
    for day in [*changes, date(2028, 2, 29), date(2026, 12, 31)]:
        for clock in (time(0, 30), time(1, 45), time(2), time(2, 15), time(2, 30), time(3), time(15, 30)):
            assert moment(day, clock, zone) == slow_moment(day, clock, zone), (day, clock)


pytestmark = pytest.mark.django_db


def lay(at=MONDAY):
    return sum(iter(lambda: lay_out_meetings(at=at, limit=500), 0))


def days(**more):
    rows = Meeting.objects.filter(**more).order_by("starts_at").values_list("starts_at", flat=True)
    return [f"{one:%d %b}" for one in rows]


def monthly(match, by, **more):
    told = {"weekday": 1, "every_months": 1, "starts_at": time(15, 30), "minutes": 60, "from_on": MONDAY.date()}
    return make_plan(match, **told | more, by=by, at=MONDAY)


def test_a_plan_by_the_month_stands_where_it_says_and_each_pass_brings_what_comes_into_sight(match, cora):
    monthly(match, cora, nth=Plan.LAST)
    lay()
    assert days() == ["24 Nov"]

    for n in range(0, 100, 7):
        lay(MONDAY + n * DAY)

    assert days() == ["24 Nov", "29 Dec", "26 Jan", "23 Feb"]
    assert Plan.objects.get().laid_until_on < NEVER


@pytest.mark.parametrize(
    "wrong",
    [{}, {"nth": 6}, {"nth": 0}, {"month_day": 32}, {"nth": 1, "month_day": 1}, {"nth": 1, "every_months": 13},
     {"nth": 1, "every_months": None}],
)  # fmt: skip
def test_what_makes_no_rhythm_is_refused(match, cora, wrong):
    with pytest.raises(NotAPlan):
        monthly(match, cora, **wrong)


def test_a_day_that_is_open_again_is_laid_anew_and_what_was_said_of_it_stays(match, cora, riverside, lincoln):
    closed = close_days(
        riverside, kind="closure", starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 24), site=lincoln, by=cora,
        at=MONDAY,
    )  # fmt: skip
    make_plan(match, weekday=1, starts_at=time(15, 30), minutes=60, from_on=MONDAY.date(), by=cora, at=MONDAY)
    lay()
    later = close_days(
        riverside, kind="exams", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 8), by=cora, at=MONDAY
    )
    lay()
    assert (days(excused_at=None), days(excused_at__isnull=False)) == (["17 Nov"], ["01 Dec", "08 Dec"])

    open_days(closed, by=cora, at=MONDAY)
    open_days(later, by=cora, at=MONDAY)
    lay()

    assert days(excused_at=None) == days() == ["17 Nov", "24 Nov", "01 Dec", "08 Dec"]
    assert not Reopening.objects.filter(looked_at=None).exists()
    assert lay() == 0


def test_a_day_closed_for_two_reasons_stays_closed(match, cora, riverside):
    make_plan(match, weekday=1, starts_at=time(15, 30), minutes=60, from_on=MONDAY.date(), by=cora, at=MONDAY)
    lay()
    day = date(2026, 12, 1)
    one, _other = [
        close_days(riverside, kind=k, starts_on=day, ends_on=day, by=cora, at=MONDAY) for k in ("exams", "closure")
    ]
    lay()

    open_days(one, by=cora, at=MONDAY)
    lay()

    assert days(excused_at__isnull=False) == ["01 Dec"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_edited_closed_opened_moved_and_called_off_a_slow_look_finds_the_same(
    match, cora, ama, riverside, zone, seed
):
    """Ten random deeds on one day; then each day of the horizon is looked at by itself."""
    dice = Random(f"{zone} {seed}")
    at = datetime(2026, 10, 20, 9, tzinfo=UTC)  # clocks change within the weeks ahead, and a month ends
    riverside.time_zone = zone
    riverside.using_since_on = at.date()
    riverside.save()
    match = type(match).objects.select_related("program").get(pk=match.pk)
    today = day_in(at, ZoneInfo(zone))
    plans, closed, moved, off = [], [], {}, set()

    def plan():
        told = {
            "from_on": today + dice.randrange(20) * DAY, "weekday": dice.randrange(7),
            "starts_at": dice.choice([time(2, 30), time(15, 30)]), "minutes": 45,
        }  # fmt: skip
        told |= dice.choice(
            [
                {"every_weeks": 1},
                {"every_weeks": 2},
                {"every_months": 1, "month_day": 31},
                {"every_months": 1, "nth": 5},
            ]
        )
        make_plan(match, **told, by=cora, at=at)
        plans.append(
            SimpleNamespace(**{"every_weeks": 1, "every_months": None, "nth": None, "month_day": None, **told})
        )

    def close():
        first = today + dice.randrange(25) * DAY
        row = close_days(
            riverside, kind="closure", starts_on=first, ends_on=first + dice.randrange(4) * DAY, by=cora, at=at
        )
        if row not in closed:
            closed.append(row)

    def reopen():
        if closed:
            open_days(closed.pop(dice.randrange(len(closed))), by=cora, at=at)

    def change():
        there = list(Meeting.objects.untouched().filter(moved_from_at=None, starts_at__gt=at).order_by("starts_at"))
        if there:
            one = dice.choice(there)
            first = day_in(one.starts_at, ZoneInfo(zone))
            if dice.random() < 0.5:
                call_off(one, person=ama, by=ama, at=at)
                off.add(first)
            else:
                new = one.starts_at + timedelta(hours=200, minutes=dice.randrange(600))
                with suppress(Refused):
                    moved[first] = move_meeting(one, starts_at=new, by=cora, at=at).starts_at

    plan()
    for _n in range(10):
        lay(at)
        dice.choice([plan, close, reopen, change, change])()
    lay(at)

    expected = set(moved.values())
    for day in (today + n * DAY for n in range(29)):
        mine = next((one for one in reversed(plans) if one.from_on <= day), None)
        shut = any(row.starts_on <= day <= row.ends_on for row in closed)
        if mine and not shut and day not in off and day not in moved and falls_on(mine, day):
            expected.add(slow_moment(day, mine.starts_at, ZoneInfo(zone)))
    shut_moved = {
        m for m in moved.values() if any(r.starts_on <= day_in(m, ZoneInfo(zone)) <= r.ends_on for r in closed)
    }
    found = set(Meeting.objects.untouched().filter(match=match).values_list("starts_at", flat=True))
    assert found == {one for one in expected if one > at} - shut_moved


def falls_on(plan, day):
    """Whether a plan, walked day by day from its beginning, has this day."""
    if plan.every_months:
        return day in slow_months(plan, plan.from_on - DAY, day)
    hits, one = 0, plan.from_on
    while one <= day:
        if one.weekday() == plan.weekday:
            if one == day:
                return hits % plan.every_weeks == 0
            hits += 1
        one += DAY
    return False
