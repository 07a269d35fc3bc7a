"""In which phase a pair is, since when, and why; an oracle walks through random days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.matches import actions
from rapport.matches.actions import phases
from rapport.matches.models import Match, PhaseStep
from rapport.matches.phases import ORDER, phases_of, stays
from rapport.matches.taking_over import OldPair
from tests.cast import DAY, MONDAY
from tests.matches.conftest import say_goodbye

TODAY = MONDAY.date()


def told(match):
    return [(step.phase, str(step.entered_on), step.why) for step in match.phase_steps.all()]


def test_a_pair_goes_through_four_phases_each_with_its_day_and_why(begun, cora):
    phases.agreed(begun, on=TODAY + 9 * DAY, by=cora, at=MONDAY + 9 * DAY)
    phases.agreed(begun, on=TODAY + 30 * DAY, by=cora, at=MONDAY + 30 * DAY)
    say_goodbye(begun, by=cora, at=MONDAY + 100 * DAY)
    ended_on = TODAY + 103 * DAY
    actions.close(begun, reason="done", note="", ended_on=ended_on, by=cora, at=MONDAY + 104 * DAY)

    assert told(begun) == [
        ("getting-ready", "2026-11-16", "proposed"),
        ("agreeing-how", "2026-11-16", "begun"),
        ("growing", "2026-11-25", "agreed"),
        ("ending-well", "2027-02-24", "ending"),
    ]
    begun.refresh_from_db()
    assert [stay.days for stay in phases_of([begun], TODAY + 500 * DAY)[begun.pk]] == [0, 9, 91, 3]


def test_signing_before_they_begin_waits_for_their_beginning_and_no_phase_goes_back(proposed, cora):
    assert phases.agreed(proposed, on=TODAY, by=cora, at=MONDAY) == 0
    assert Match.objects.get().phase == "getting-ready"


def test_an_ending_called_in_one_go_has_the_last_day_of_the_pair(begun, cora):
    words = {point.code: "It was good." for point in begun.points.filter(moment="close")}
    actions.close(
        begun, reason="done", note="", ended_on=TODAY, words_by_code=words, by=cora, at=MONDAY + 5 * DAY
    )  # fmt: skip

    assert told(begun)[-1] == ("ending-well", "2026-11-16", "closed")
    assert phases_of([begun], TODAY + 5 * DAY)[begun.pk][-1].days == 0


DAYS = st.dates(date(2023, 12, 1), date(2025, 3, 31))


@given(days=st.lists(DAYS, min_size=1, max_size=4), ended=st.none() | st.integers(0, 90), on=st.integers(0, 400))
def test_time_in_each_phase_equals_days_counted_one_by_one(days, ended, on):
    days = sorted(days)
    steps = [PhaseStep(phase=ORDER[n], entered_on=day, why="begun") for n, day in enumerate(days)]
    ended_on = None if ended is None else days[-1] + timedelta(days=ended)
    today = days[-1] + timedelta(days=on)

    counted = dict.fromkeys(ORDER[: len(days)], 0)
    day = days[0]
    while day < (min(today, ended_on) if ended_on else today):
        counted[max((step for step in steps if step.entered_on <= day), key=lambda s: ORDER.index(s.phase)).phase] += 1
        day += timedelta(days=1)

    assert {stay.phase: stay.days for stay in stays(steps, ended_on, today)} == counted


@pytest.mark.parametrize("agreed_on", [None, date(2026, 3, 2)])
def test_a_pair_from_before_grows_since_it_agreed_or_met(ama_in, ben_in, cora, riverside, agreed_on):
    pair = OldPair(mentor=ama_in, mentee=ben_in, begun_on=date(2026, 1, 15), coordinator=cora, agreed_on=agreed_on)
    match = actions.take_over([pair], program=riverside, by=cora, at=MONDAY)[0]

    assert told(match) == [("growing", str(agreed_on or date(2026, 1, 15)), "before")]
    assert match.phase == "growing"


def test_a_pair_that_signed_before_it_began_grows_from_its_first_day(prepared, cora):
    Match.objects.filter(pk=prepared.pk).update(agreed_on=TODAY - 3 * DAY)
    prepared.refresh_from_db()
    actions.begin(prepared, by=cora, at=MONDAY)

    assert told(prepared)[-2:] == [("agreeing-how", "2026-11-16", "begun"), ("growing", "2026-11-16", "agreed")]
