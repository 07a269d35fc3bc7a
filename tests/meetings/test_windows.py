"""One meeting, long enough, in each month of the first six: kept, not kept, unknown or excused, and then as needed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core.months import add_months
from rapport.matches.models import Match
from rapport.matches.pledge import Pledge
from rapport.meetings.dosage import Held, Shut
from rapport.meetings.telling import More
from rapport.meetings.together import counted, time_of
from rapport.meetings.windows import Stands, kept, windows
from rapport.portal.promised import promised_time
from rapport.programs.models import PlaceRule, Program, Promise
from tests.cast import DAY, MONDAY
from tests.meetings.test_logs import met_on, tell

BEGUN = date(2026, 1, 31)
ONE = timedelta(days=1)
MEETING = st.builds(
    lambda n, kind, minutes: Held(
        BEGUN + n * ONE, held=kind == "held", missed=kind == "missed", excused=kind == "excused", minutes=minutes
    ),
    st.integers(0, 400), st.sampled_from(["held", "missed", "excused", "nobody said"]), st.sampled_from([20, 60, 120]),
)  # fmt: skip
SPAN = st.tuples(st.integers(0, 400), st.integers(0, 80)).map(lambda s: (BEGUN + s[0] * ONE, BEGUN + sum(s) * ONE))


def promise(every=1, months=6, minutes=60):
    return Pledge(BEGUN, add_months(BEGUN, months) - ONE, every, "months", minutes)


def slow(every, months, minutes, meetings, spans, today):
    """Walk day by day from the beginning; look at each month on a list of all its days."""
    found, number = [], 0
    while (number + 1) * every <= months and add_months(BEGUN, number * every) <= today:
        days, day = [], add_months(BEGUN, number * every)
        while day < add_months(BEGUN, (number + 1) * every):
            days.append(day)
            day += ONE
        number += 1
        here = [one for one in meetings if one.on in days]
        open_days = [day for day in days if day.weekday() < 5 and not any(a <= day <= b for a, b in spans)]
        said = [one for one in here if one.held or one.missed]
        silent = [one for one in here if not one.held and not one.missed and not one.excused]
        if [one for one in here if one.held and one.minutes >= minutes]:
            found.append("kept")
        elif days[-1] >= today:
            found.append("running")
        elif not open_days:
            found.append("excused")
        else:
            found.append("unknown" if silent or not said else "not kept")
    return found


@given(
    meetings=st.lists(MEETING, max_size=12), spans=st.lists(SPAN, max_size=4), every=st.integers(1, 3),
    months=st.integers(1, 9), minutes=st.sampled_from([45, 60]), today=st.integers(0, 420),
)  # fmt: skip
def test_windows_are_those_of_a_slow_look_at_every_day(meetings, spans, every, months, minutes, today):
    on = BEGUN + today * ONE
    found = windows([promise(every, months, minutes)], meetings, Shut(spans), begun_on=BEGUN, first=BEGUN, today=on)
    assert [one.stands.value for one in found] == slow(every, months, minutes, meetings, spans, on)


def test_three_short_ones_are_no_long_one_and_after_six_months_nothing_is_missed():
    short = [Held(date(2026, 2, day), held=True, minutes=30) for day in (3, 10, 17)]
    rows = windows([promise()], short, Shut(), begun_on=BEGUN, first=BEGUN, today=date(2027, 6, 1))

    assert [one.stands for one in rows] == [Stands.NOT_KEPT] + [Stands.UNKNOWN] * 5
    assert (kept(rows).kept, kept(rows).known, kept(rows).unknown) == (0, 1, 5)
    assert (rows[1].first, rows[-1].last) == (date(2026, 2, 28), date(2026, 7, 30))


def test_a_month_that_a_later_promise_only_partly_covers_is_held_against_nobody():
    signed_on = BEGUN + 45 * ONE
    pledges = [Pledge(BEGUN, signed_on - ONE, 1, "months", 60), Pledge(signed_on, None, 1, "months", 120)]

    rows = windows(pledges, [], Shut(), begun_on=BEGUN, first=BEGUN, today=date(2026, 5, 15))

    assert [one.first for one in rows] == [date(2026, 1, 31), date(2026, 3, 31), date(2026, 4, 30)]


@pytest.mark.django_db
def test_the_page_says_least_and_aim_apart(match, riverside):
    riverside.promises.filter(kind=Promise.Kind.MEETING).update(
        every=1, unit="months", minutes=60, hours_a_month=None, until_month=6
    )
    Promise.objects.create(
        program=riverside, code="aim", kind=Promise.Kind.AIM, every=1, unit="weeks", source="S3-10", mark="S"
    )
    Program.objects.filter(pk=riverside.pk).update(using_since_on=MONDAY.date() - 100 * DAY)
    Match.objects.filter(pk=match.pk).update(begun_on=MONDAY.date() - 70 * DAY)
    match = Match.objects.select_related("program").get(pk=match.pk)

    said = promised_time(match, MONDAY).sentences

    assert "At least 60 minutes together in each month: of 2 months behind them nobody has said enough of 2." in said
    assert "They aim at every week: that would be about 10 meetings by now, and they met 0 times." in said


@pytest.mark.django_db
def test_an_aim_is_told_week_by_week_and_by_the_ways_they_met(match, ama, riverside):
    Promise.objects.create(
        program=riverside, code="aim", kind=Promise.Kind.AIM, every=1, unit="weeks", source="S3-10", mark="S"
    )
    Program.objects.filter(pk=riverside.pk).update(using_since_on=MONDAY.date() - 100 * DAY)
    Match.objects.filter(pk=match.pk).update(begun_on=MONDAY.date() - 28 * DAY)
    for days, more in (
        (3, {"mode": "phone"}),
        (9, {"mode": "public", "company": ("guardian",)}),
        (11, {"mode": "home"}),
    ):
        tell(met_on(match, days), ama, minutes=60, more=More(**more))
    met_on(match, 24)

    said = promised_time(Match.objects.select_related("program").get(pk=match.pk), MONDAY).sentences

    assert said[0] == "They aim at every week: that would be about 4.2 meetings by now, and they met 3 times."
    assert said[1:3] == [
        "They met in 2 of 2 weeks; of 2 more nobody has said enough.",
        "How they met: in person 2 times, by phone once. A parent was there once.",
    ]


@pytest.mark.parametrize(("many", "counts"), [(1, [20, 25, 30]), (2, [45]), (4, []), (0, [])])
def test_contacts_by_message_count_as_the_program_says(many, counts):
    rows = [Held(MONDAY.date() - n * DAY, held=True, minutes=minutes) for n, minutes in ((9, 20), (5, 25), (2, 30))]
    silent = Held(MONDAY.date(), minutes=10)

    found = counted([*rows, silent], many)

    assert [row.minutes for row in found if row.held] == counts
    assert (silent in found) == bool(many)


@pytest.mark.django_db
def test_four_exchanges_of_messages_are_one_meeting_in_a_program_of_adults_and_none_with_a_child(match, ama, riverside):
    since = {"using_since_on": MONDAY.date() - 100 * DAY}
    Program.objects.filter(pk=riverside.pk).update(**since)
    Match.objects.filter(pk=match.pk).update(begun_on=MONDAY.date() - 28 * DAY)
    for days in (3, 5, 9, 11, 14):
        tell(met_on(match, days), ama, minutes=10, more=More(mode="messages"))

    def so_far():
        time = time_of([Match.objects.select_related("program").get(pk=match.pk)], MONDAY)[match.pk].so_far
        return time.meetings, time.minutes

    assert so_far() == (0, 0)
    PlaceRule.objects.filter(program=riverside).delete()
    Program.objects.filter(pk=riverside.pk).update(profile="professional")

    assert so_far() == (1, 40)
