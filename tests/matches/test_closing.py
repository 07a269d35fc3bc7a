"""Ending well: the points first, then the last day and the reason."""

from datetime import date

import pytest

from rapport.audit.models import Event
from rapport.matches import actions
from rapport.matches.actions import AlreadyClosed, NotReady, WordsMissing
from rapport.matches.models import Closure
from rapport.matches.questions import MENTEE
from rapport.onboarding.actions import record_gate
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY
from tests.matches.conftest import say_goodbye

TODAY = MONDAY.date()
ENDING = {"reason": "moved", "note": "They swapped drawings.", "ended_on": TODAY}


def test_the_points_come_first_in_the_order_of_the_rules(begun, cora):
    with pytest.raises(NotReady) as refused:
        actions.close(begun, **ENDING, by=cora, at=MONDAY)

    assert refused.value.reasons == [
        "Not ticked yet: The young person was asked how they feel about the ending.",
        "Not ticked yet: A guardian was told that it ends, and why.",
        "Not ticked yet: A last meeting was held or offered, or it is better without one.",
    ]
    assert Closure.objects.count() == 0


def test_a_match_ends_once_with_a_row_of_its_own(begun, cora):
    say_goodbye(begun, by=cora, at=MONDAY)

    actions.close(begun, **ENDING, by=cora, at=MONDAY)
    with pytest.raises(AlreadyClosed):
        actions.close(begun, **ENDING, by=cora, at=MONDAY)

    closure = Closure.objects.get()
    begun.refresh_from_db()
    assert (begun.state, begun.ended_on, closure.reason, closure.closed_by) == ("closed", TODAY, "moved", cora)
    assert list(begun.changes.values_list("state", flat=True)) == ["proposed", "active", "closed"]
    assert Event.objects.filter(verb="match.closed").count() == 1


def test_ticks_and_ending_come_in_one_go_or_not_at_all(begun, cora):
    said = {"young-person-heard": "chose not to say", "guardian-told": ""}
    with pytest.raises(NotReady):
        actions.close(begun, **ENDING, words_by_code=said, by=cora, at=MONDAY)
    assert begun.points.filter(moment="close", kept_at__isnull=False).count() == 0

    actions.close(begun, **ENDING, words_by_code=said | {"last-meeting": ""}, by=cora, at=MONDAY)
    assert begun.points.get(code="young-person-heard").words == "chose not to say"


def test_the_young_persons_view_is_ticked_with_words(begun, cora):
    point = begun.points.get(code="young-person-heard")
    with pytest.raises(WordsMissing):
        actions.tick(point, words="  ", by=cora, at=MONDAY)

    assert actions.tick(point, words="It was the best of the week.", by=cora, at=MONDAY) == 1
    assert actions.tick(point, words="Something else", by=cora, at=MONDAY + DAY) == 0
    point.refresh_from_db()
    assert (point.words, point.kept_at, point.ticked_by) == ("It was the best of the week.", MONDAY, cora)


def test_a_match_made_without_points_gets_them_before_it_ends(match, cora):
    with pytest.raises(NotReady):
        actions.close(match, **ENDING, by=cora, at=MONDAY)


def test_two_adults_end_without_a_guardian(begun, cora, ben_in):
    begun.points.all().delete()
    ben_in.person.born_on = date(2000, 1, 1)
    ben_in.person.save()

    with pytest.raises(NotReady) as refused:
        actions.close(begun, **ENDING, by=cora, at=MONDAY)

    assert refused.value.reasons == ["Not ticked yet: A last meeting was held or offered, or it is better without one."]


@pytest.mark.parametrize("ended_on", [date(2026, 11, 17), date(2026, 3, 9)])
def test_a_last_day_that_cannot_be(match, cora, ended_on):
    say_goodbye(match, by=cora, at=MONDAY)

    with pytest.raises(actions.DayNotRight):
        actions.close(match, reason="moved", note="", ended_on=ended_on, by=cora, at=MONDAY)


def test_a_pause_ends_with_the_match(begun, cora):
    actions.pause(begun, reason="", starts_on=TODAY, by=cora, at=MONDAY)
    say_goodbye(begun, by=cora, at=MONDAY)

    actions.close(begun, **ENDING, by=cora, at=MONDAY)

    assert list(begun.pauses.values_list("ended_on", flat=True)) == [TODAY]


def test_what_has_not_begun_is_set_aside_and_never_ends(proposed, cora):
    with pytest.raises(AlreadyClosed):
        actions.close(proposed, **ENDING, by=cora, at=MONDAY)

    actions.set_aside(proposed, words="The family moves", by=cora, at=MONDAY)
    with pytest.raises(actions.NotAllowedNow):
        actions.set_aside(proposed, by=cora, at=MONDAY)
    with pytest.raises(actions.NotAllowedNow):
        actions.begin(proposed, by=cora, at=MONDAY)

    assert list(proposed.changes.values_list("state", "words")) == [("proposed", ""), ("not-begun", "The family moves")]
    assert Closure.objects.count() == 0


def test_what_has_begun_is_not_set_aside(begun, cora):
    with pytest.raises(actions.AlreadyBegun):
        actions.set_aside(begun, by=cora, at=MONDAY)


def test_a_permission_taken_back_calls_the_coordinator_once(begun, ben_in, grace, cora, dele):
    gate = actions.withdraw_gate(ben_in, code="permission", given_by=grace, how="by phone", by=dele, at=MONDAY + DAY)

    actions.call_about_lost_gates(at=MONDAY + DAY, limit=500)

    task = Task.objects.get()
    assert (task.owner, task.person, task.about, task.due_at) == (cora, ben_in.person, begun, MONDAY + DAY)
    assert task.reason == "Permission for Ben was taken back. Pause the match, and talk with the guardian."
    assert (gate.is_met, begun.state) == (False, "active")


def test_a_child_who_says_no_is_talked_with_alone(begun, cora):
    ben = begun.members.get(side=MENTEE).participant
    actions.withdraw_gate(ben, code="assent", by=cora, at=MONDAY)

    assert Task.objects.get().reason == (
        "Ben does not want to go on. Talk with Ben alone, and pause the match till then."
    )


def test_a_gate_that_is_only_advised_calls_nobody(begun, ama_in, cora, riverside):
    riverside.gate_rules.filter(code="training").update(weight="soft")
    actions.withdraw_gate(ama_in, code="training", by=cora, at=MONDAY)

    assert Task.objects.count() == 0


def test_before_a_match_has_begun_nobody_is_called(prepared, ama_in, cora):
    actions.withdraw_gate(ama_in, code="clearance", by=cora, at=MONDAY)

    assert Task.objects.count() == 0


def test_the_clock_calls_for_what_was_lost_in_another_way_past_what_calls_nobody(begun, ama_in, cora, riverside):
    riverside.gate_rules.filter(code="training").update(weight="soft")
    record_gate(ama_in, code="training", is_met=False, met_on=TODAY, by=cora, at=MONDAY)
    record_gate(ama_in, code="clearance", is_met=False, met_on=TODAY, by=cora, at=MONDAY)

    assert [actions.call_about_lost_gates(at=MONDAY, limit=1) for _ in range(2)] == [1, 0]
    assert Task.objects.get().kind == "matches/gate-lost/clearance"


def test_every_loss_anew_is_one_call_anew(begun, ama_in, cora):
    for days in (1, 3):
        actions.withdraw_gate(ama_in, code="clearance", by=cora, at=MONDAY + days * DAY)

    assert Task.objects.count() == 2
