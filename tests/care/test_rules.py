"""How a pair is: each rule with its cases. No data is never green, and never red."""

from datetime import date, timedelta

import pytest

from rapport.care.facts import gather
from rapport.care.questions import strips
from rapport.care.rules import RULES, findings_of, worst
from rapport.matches.models import Match, Pause
from rapport.programs.models import Limit
from tests.care.conftest import AWAY, HELD, SILENT, meeting, said, weekly
from tests.cast import DAY, MONDAY

H, A, S = HELD, AWAY, SILENT


def found(match, at=MONDAY):
    return findings_of(gather([match], at)[match.pk])


def says(match, at=MONDAY):
    return {rule: str(one.says) for rule, one in found(match, at).items()}


@pytest.mark.parametrize(
    ("hows", "expected"),
    [
        ([], "unknown"),
        ([S], "unknown"),
        ([S, S, S, S], "unknown"),
        ([H, H, S, S], "unknown"),
        ([A], "unknown"),
        ([A, H], "steady"),
        ([H], "steady"),
        ([H, H, H], "steady"),
        ([H, H, H, H], "thriving"),
        ([A, H, H, H, H], "thriving"),
        ([H, H, H, S], "steady"),
        ([S, H, H, H], "steady"),
        ([H, A, H, H], "steady"),
        ([H, A, H, A], "watch"),
        ([H, H, A, A], "watch"),
        ([A, A, A, A], "watch"),
        ([A, S, S, A], "watch"),
        ([A, A, H, H, H, H], "thriving"),
    ],
)
def test_what_the_last_expected_meetings_say(match, hows, expected):
    weekly(match, *hows)

    assert says(match)["meets"] == expected


def test_meetings_that_were_not_expected_are_no_promise_kept(match):
    for week in range(4):
        meeting(match, date(2026, 11, 10) - timedelta(weeks=week), H, planned=False)

    assert found(match)["meets"].sentence == "No meeting was expected yet."


def test_a_closed_place_and_an_excuse_are_nobodys_miss(match):
    weekly(match, H, H, H, H)
    meeting(match, date(2026, 11, 12), A, cause="closed")
    excused = meeting(match, date(2026, 11, 13), S)
    type(excused).objects.filter(pk=excused.pk).update(excused_at=MONDAY, excuse="a storm")

    assert says(match)["meets"] == "thriving"


def test_nothing_before_the_program_began_to_use_rapport_is_counted(match):
    weekly(match, A, A, H)
    match.program.using_since_on = date(2026, 11, 9)
    match.program.save()

    assert says(match)["meets"] == "steady"


def test_the_sentence_names_the_days(match):
    weekly(match, H, A, H, A)

    assert found(match)["meets"].sentence == (
        "2 of the last 4 expected meetings did not happen: 27 October and 10 November."
    )


@pytest.mark.parametrize(
    ("last_held", "later", "expected"),
    [
        (date(2026, 10, 14), A, "help"),
        (date(2026, 10, 14), S, None),  # silence is unknown, never "help"
        (date(2026, 11, 3), A, None),
    ],
)
def test_apart_only_where_somebody_said_so(match, last_held, later, expected):
    meeting(match, last_held, H)
    meeting(match, date(2026, 11, 10), later)

    assert says(match).get("apart") == expected


@pytest.mark.parametrize(("more", "expected"), [(0, "help"), (1, None)])
def test_apart_from_the_very_day_of_the_limit(match, more, expected):
    meeting(match, date(2026, 10, 13), H)
    meeting(match, date(2026, 11, 10), A)
    Limit.objects.filter(program=match.program, code="apart-open-days").update(value=25 + more)

    assert says(match).get("apart") == expected


def test_apart_names_the_day_the_open_days_and_what_was_planned(match):
    meeting(match, date(2026, 10, 13), H)
    weekly(match, A, A, A, A)

    assert found(match)["apart"].sentence == "No meeting since 13 October: 25 open days, 4 planned meetings."


@pytest.mark.parametrize(
    ("feelings", "expected"),
    [([1], "help"), ([2], "help"), ([3], None), ([5], None), ([1, 4], None), ([4, 2], "help"), ([None], None)],
)
def test_a_low_answer_of_the_mentee_counts_while_it_is_the_latest(match, ben, feelings, expected):
    for n, feeling in enumerate(feelings):
        said(match, ben, feeling, instance=n, at=MONDAY - (len(feelings) - n) * DAY)

    assert says(match).get("low-feeling") == expected


def test_a_low_answer_of_somebody_else_is_not_the_mentees(match, ama, grace):
    said(match, ama, 1, party="mentor")
    said(match, grace, 1, party="guardian")

    assert "low-feeling" not in says(match)


def test_a_replaced_answer_is_not_heard(match, ben):
    answer = said(match, ben, 1)
    type(answer).objects.update(replaced_at=MONDAY)

    assert "low-feeling" not in says(match)


def test_one_that_went_down_is_seen_and_nobody_is_named(match, grace):
    said(match, grace, 5, party="guardian", at=MONDAY - 30 * DAY)
    said(match, grace, 3, party="guardian", instance=1)

    assert found(match)["worse-voice"].sentence == "Somebody's last answer was lower than the one before."
    assert found(match)["worse-voice"].level == 2


@pytest.mark.parametrize(
    ("hows", "expected"),
    [
        ([H, H, H, H, H, H, A, A], None),
        ([H, H, H, H, H, A, A, A], "watch"),
        ([H, H, H, H, A, A, A, A], "watch"),
        ([H, H, H, A, A, A, A, A], "help"),
        ([H, H, H, A, A, A, A, S], "watch"),  # what nobody knows counts as held
        ([S, S, S, S, S, S, S, S], None),
        ([A, A, S, S, S, S, S, S], None),
        ([A, A, A], None),  # nobody wrote anything about the weeks before
        ([], None),
    ],
)
def test_less_time_together_than_promised_over_eight_open_weeks(match, hows, expected):
    weekly(match, *hows)

    assert says(match).get("together") == expected


def test_less_than_promised_is_told_in_hours(match):
    weekly(match, H, H, H, A, A, A, A, A)

    assert found(match)["together"].sentence == (
        "In the last 40 open days they had about 3 of 7 hours that were promised."
    )


def test_what_came_unplanned_and_what_was_excused_are_not_missing(match):
    weekly(match, H, H, H, A, A, A, A, A)
    excused = meeting(match, date(2026, 11, 12), S)
    type(excused).objects.filter(pk=excused.pk).update(excused_at=MONDAY, excuse="a storm")
    for day in (5, 6):
        meeting(match, date(2026, 11, day), H, planned=False)

    assert "together" not in says(match)


@pytest.mark.parametrize(("since", "expected"), [(date(2026, 9, 22), "help"), (date(2026, 9, 23), None)])
def test_eight_open_weeks_must_lie_behind_them(match, since, expected):
    weekly(match, *[A] * 8)
    Match.objects.filter(pk=match.pk).update(counts_from_on=since)

    assert says(match).get("together") == expected


def test_a_pause_promises_nothing(match):
    weekly(match, *[A] * 8)
    Pause.objects.create(
        program=match.program, match=match, starts_on=date(2026, 6, 1), ended_on=date(2026, 11, 9), made_by=None
    )

    assert "together" not in says(match)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.limits], ids=lambda rule: rule.name)
def test_a_rule_without_its_number_is_off(match, ben, rule):
    weekly(match, H, H, H, H, A, A, A, A)
    said(match, ben, 1)
    assert rule.name in found(match)

    Limit.objects.filter(program=match.program, code=rule.limits[0]).delete()

    assert rule.name not in found(match)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "unknown"),
        (["thriving"], "thriving"),
        (["thriving", "steady"], "steady"),
        (["steady", "unknown"], "unknown"),
        (["thriving", "watch"], "watch"),
        (["unknown", "watch"], "watch"),
        (["watch", "help", "unknown"], "help"),
    ],
)
def test_the_one_word_for_a_pair(words, expected):
    class Said:
        def __init__(self, says):
            self.says = says

    assert worst([Said(word) for word in words]) == expected


def test_a_pair_nobody_looked_at_yet_is_unknown_and_one_that_rests_is_paused(match, cora):
    assert strips([match], cora, MONDAY)[match.pk].how.state == "unknown"

    Match.objects.filter(pk=match.pk).update(state="paused")
    match.refresh_from_db()

    assert strips([match], cora, MONDAY)[match.pk].how.state == "paused"
