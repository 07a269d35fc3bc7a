"""Time together of a pair is gathered right: whose closed days, which pauses, from when, until when."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from rapport.matches.models import Match, Pause
from rapport.matches.pledge import Pledge
from rapport.matches.promising import promised
from rapport.meetings.dosage import Held, Owed
from rapport.meetings.together import time_of
from rapport.programs.models import ClosedTime, Promise, Site
from tests.care.conftest import AWAY, HELD, SILENT, meeting, pair
from tests.cast import BEGUN_ON, DAY, MONDAY, WEEK

FRIDAY = date(2026, 11, 13)  # of the week before
PROMISE = Pledge(BEGUN_ON, every=1, unit="weeks", minutes=60, hours_a_month=Fraction(4))


def known(match, at=MONDAY):
    return time_of([Match.objects.select_related("program").get(pk=match.pk)], at)[match.pk]


def promised_that_week(match):
    """How many meetings from that Monday to that Friday: one is a whole week."""
    return known(match).between(FRIDAY - 4 * DAY, FRIDAY).promised.meetings


def test_a_pair_promised_what_its_program_promises(match, hill_match):
    Promise.objects.filter(program=hill_match.program, kind="meeting").update(is_on=False)

    assert promised([match, hill_match], MONDAY.date()) == {match.pk: [PROMISE], hill_match.pk: []}


def test_what_is_promised_for_six_months_ends_with_the_sixth(match):
    Promise.objects.filter(program=match.program, kind="meeting").update(until_month=6)

    (pledge,) = promised([match], MONDAY.date())[match.pk]

    assert pledge.until_on == date(2026, 9, 9)
    assert known(match).between(date(2026, 9, 10), FRIDAY).promised.is_nothing


@pytest.mark.parametrize(
    ("where", "kept"), [("program", Fraction(3, 5)), ("lincoln", Fraction(3, 5)), ("elsewhere", 1), (None, 1)]
)
def test_a_closed_day_counts_where_it_is_closed(match, riverside, lincoln, where, kept):
    elsewhere = Site.objects.create(program=riverside, name="Hope School")
    site = {"program": None, "lincoln": lincoln, "elsewhere": elsewhere, None: None}[where]
    if where:
        ClosedTime.objects.create(program=riverside, site=site, starts_on=FRIDAY - DAY, ends_on=FRIDAY + 9 * DAY)

    assert promised_that_week(match) == kept


@pytest.mark.parametrize(
    ("starts_on", "ended_on", "kept"),
    [
        (FRIDAY, None, Fraction(4, 5)),
        (FRIDAY - DAY, FRIDAY, Fraction(4, 5)),  # on the day it ended they went on
        (FRIDAY, FRIDAY, 1),  # begun and ended on one day: none
        (FRIDAY - 30 * DAY, FRIDAY - 3 * DAY, Fraction(4, 5)),
    ],
)
def test_a_pause_promises_nothing_from_its_first_day_to_the_day_before_they_went_on(match, starts_on, ended_on, kept):
    Pause.objects.create(program=match.program, match=match, starts_on=starts_on, ended_on=ended_on)

    assert promised_that_week(match) == kept


def test_what_happened_is_read_as_it_was_said(match):
    meeting(match, date(2026, 11, 3), HELD)
    meeting(match, date(2026, 11, 4), AWAY)
    meeting(match, date(2026, 11, 5), AWAY, cause="closed")
    meeting(match, date(2026, 11, 6), SILENT, planned=False)
    told = meeting(match, date(2026, 11, 9), HELD)
    type(told).objects.filter(pk=told.pk).update(minutes=90)
    excused = meeting(match, date(2026, 11, 10), SILENT)
    type(excused).objects.filter(pk=excused.pk).update(excused_at=MONDAY, excuse="a storm")
    meeting(match, MONDAY.date() + DAY, SILENT)

    assert sorted(known(match).rows, key=lambda row: row.on) == [
        Held(date(2026, 11, 3), held=True, minutes=60, is_guess=True),
        Held(date(2026, 11, 4), missed=True, minutes=60, is_guess=True),
        Held(date(2026, 11, 5), excused=True, minutes=60, is_guess=True),
        Held(date(2026, 11, 6), minutes=60, is_guess=True, expected=False),
        Held(date(2026, 11, 9), held=True, minutes=90),
        Held(date(2026, 11, 10), excused=True, minutes=60, is_guess=True),
    ]


def test_a_pair_from_before_is_counted_from_the_day_it_came_in(match):
    Match.objects.filter(pk=match.pk).update(counts_from_on=FRIDAY - 4 * DAY)
    meeting(match, FRIDAY - 5 * DAY)
    meeting(match, FRIDAY - 4 * DAY)

    mine = known(match)

    assert (mine.first, mine.so_far.meetings) == (FRIDAY - 4 * DAY, 1)
    assert mine.so_far.promised.meetings == Fraction(6, 5)  # that week, and this Monday


def test_nothing_is_promised_after_they_ended(match):
    Match.objects.filter(pk=match.pk).update(state="closed", ended_on=FRIDAY)

    assert known(match).so_far == known(match, MONDAY + 10 * WEEK).so_far


def test_their_months_are_counted_from_their_first_day_and_whole_once_over(match):
    Match.objects.filter(pk=match.pk).update(counts_from_on=date(2026, 9, 15))
    months = known(match).months(6)

    assert [(month.number, month.first, month.is_whole) for month in months] == [
        (9, date(2026, 11, 10), False),
        (8, date(2026, 10, 10), True),
        (7, date(2026, 9, 15), False),
    ]
    assert months[1].time.promised == Owed(Fraction(21, 5), Fraction(240), 21)
    assert sum((month.time.promised for month in months), Owed()) == known(match).so_far.promised


def test_lately_is_so_many_open_days_or_nothing_yet(match):
    Match.objects.filter(pk=match.pk).update(counts_from_on=date(2026, 9, 22))

    assert known(match).lately(40).promised.meetings == 8
    assert known(match).lately(41) is None


def test_whoever_has_not_begun_has_no_time_together_yet(match):
    proposed = Match.objects.select_related("program").get(pk=match.pk)
    proposed.begun_on = MONDAY.date() + DAY

    assert time_of([proposed], MONDAY) == {}


def test_many_pairs_cost_as_many_queries_as_one(match, riverside, cora, django_assert_num_queries):
    others = [pair(riverside, f"Mentor{n}", f"Child{n}", coordinator=cora) for n in range(3)]
    for one in [match, *others]:
        meeting(one, FRIDAY)
        Pause.objects.create(program=riverside, match=one, starts_on=FRIDAY, ended_on=FRIDAY + timedelta(days=1))
    matches = list(Match.objects.filter(program=riverside).select_related("program"))

    with django_assert_num_queries(5):
        found = time_of(matches, MONDAY)

    assert [found[one.pk].so_far.meetings for one in matches] == [1, 1, 1, 1]
