"""How a round chooses is data of the program with its source; each round says what its choices cost."""

import random
from datetime import timedelta

import pytest
from django.urls import reverse

from rapport.audit.models import Event
from rapport.matches.models import Closure, Match
from rapport.matching import engine, gathering
from rapport.matching.actions import choose, draft_round, write_criteria
from rapport.matching.models import PolicyRule, Round
from rapport.matching.rounds import policy
from rapport.people.models import Participant
from rapport.programs import profiles
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, staff
from tests.matching.test_engine import a_problem
from tests.matching.test_pages import words_of

pytestmark = pytest.mark.usefixtures("engine_here")
INTERESTS = {"code": "interests", "kind": "overlap", "label": "Interests", "weight": 200, "source": "ours"}


@pytest.fixture
def criteria(riverside):
    riverside.criteria.all().delete()
    return write_criteria(riverside, {"criterion": [{**INTERESTS, "settings": {"trait": "interests"}}]})


def page(slug):
    return reverse("matching:policy", args=[slug])


def said(**more):
    told = {"is_on-maximin": "on", "is_on-low-band": "on", "amount-low-band": 20, "amount-high-band": 40}
    return {**told, "amount-floor": 50, "amount-waiting": 30, "amount-stability": 5, **more}


def choose_waiting(program):
    rules = policy.rules_of(program)
    rules["waiting"].is_on, rules["waiting"].amount = True, 30
    rules["waiting"].save()


def ended(mentor, mentee, by, *, at):
    match = open_match(mentor, mentee, coordinator=by)
    Match.objects.filter(pk=match.pk).update(state=Match.State.CLOSED, ended_on=at.date())
    facts = {"reason": Closure.Reason.DONE, "ended_on": at.date(), "closed_at": at, "closed_by": by}
    Closure.objects.create(program=match.program, match=match, **facts)


@pytest.mark.parametrize("slug", profiles.slugs())
def test_every_profile_says_how_a_round_chooses_and_why(slug):
    told = {row["code"]: row for row in profiles.read(slug)["policy"]}

    assert list(told) == PolicyRule.Code.values
    assert told["maximin"].get("is_on", True)
    assert all(row["source"] for row in told.values())


def test_the_engine_is_told_shares_as_points_and_waiting_as_steps(riverside, criteria, newcomer):
    _ben, zoe = newcomer("Ben", "mentee"), newcomer("Zoe", "mentee")
    Participant.objects.update(joined_at=MONDAY)
    Participant.objects.filter(pk=zoe.pk).update(joined_at=MONDAY - 65 * DAY)

    asked = gathering.gather(riverside, MONDAY).problem()

    assert asked["policy"] == {"maximin": True, "bands": [40, 80], "stability": 0, "waiting": {str(zoe.pk): 2}}
    assert asked["floor"] is None
    rules = policy.rules_of(riverside)
    choose(
        riverside,
        {"floor": {"is_on": True, "amount": 25}, "maximin": {"is_on": False, "amount": 0}},
        by=None,
        at=MONDAY,
    )
    asked = gathering.gather(riverside, MONDAY).problem()
    assert (asked["floor"], asked["policy"]["maximin"]) == (50, False)
    assert policy.rules_of(riverside)["floor"].source == rules["floor"].source


def test_after_a_match_that_ended_somebody_waits_since_it_did_and_not_since_they_came(riverside, newcomer, cora):
    ben, zoe = newcomer("Ben", "mentee"), newcomer("Zoe", "mentee")
    Participant.objects.filter(pk__in=[ben.pk, zoe.pk]).update(joined_at=MONDAY - 65 * DAY)
    ended(newcomer("Ama", "mentor"), zoe, cora, at=MONDAY - 31 * DAY)
    ended(newcomer("Kofi", "mentor"), zoe, cora, at=MONDAY - 61 * DAY)
    choose_waiting(riverside)

    asked = gathering.gather(riverside, MONDAY).problem()

    assert asked["policy"]["waiting"] == {str(ben.pk): 2, str(zoe.pk): 1}


def test_a_floor_leaves_somebody_waiting_rather_than_with_a_poor_match(riverside, criteria, newcomer, cora, as_user):
    newcomer("Ama", "mentor", interests=["chess"])
    newcomer("Ben", "mentee", interests=["tea"])
    browser = as_user(cora)

    assert "Rather nobody than a pair below" in words_of(browser.get(page("riverside")))
    kept = browser.post(page("riverside"), said(**{"is_on-floor": "on"}), follow=True)

    assert "Kept. The next round chooses so." in words_of(kept)
    assert "changed from in use: no, 10 by Cora" in words_of(kept)
    assert set(Event.objects.filter(verb="policyrule.changed").values_list("facts__now__amount", flat=True)) >= {50}
    made = draft_round(riverside, by=cora, at=MONDAY)
    assert (made.drafts.count(), made.policy["asked"]["floor"]) == (0, 100)


@pytest.mark.parametrize("wrong", [{"amount-floor": "0"}, {"amount-floor": "101"}, {"amount-waiting": "soon"}])
def test_what_is_wrong_stands_beside_its_field(riverside, cora, as_user, wrong):
    answer = as_user(cora).post(page("riverside"), said(**wrong))

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Event.objects.filter(verb="policyrule.changed").exists()


def test_nobody_else_sees_or_changes_it(riverside, omar, as_user):
    for user in (omar, staff("Mia", riverside, "mentor"), staff("Lea", riverside, "safeguarding-lead")):
        assert as_user(user).get(page("riverside")).status_code == 404
        assert as_user(user).post(page("riverside"), said()).status_code == 404
    assert as_user(omar).get(page("hillside")).status_code == 200


def test_a_round_says_what_each_choice_cost_and_names_only_whom_the_reader_sees(
    riverside, criteria, newcomer, cora, as_user
):
    ben, zoe = newcomer("Ben", "mentee"), newcomer("Zoe", "mentee")
    kept = draft_round(riverside, by=cora, at=MONDAY + timedelta(hours=1))
    floor = {"code": "floor", "served": 1, "total": 5, "price": 4, "price_permille": 12}
    choices = [
        {**floor, "unmatched": [str(ben.pk), str(zoe.pk)]},
        {**floor, "code": "maximin", "price": 0, "unmatched": []},
    ]
    told = {"worst": 3, "worst_possible": 3, "blocking": 2, "below": [0, 1], "choices": choices}
    Round.objects.filter(pk=kept.pk).update(policy=told)
    whole = words_of(as_user(cora).get(kept.get_absolute_url()))
    assert "Rather nobody than a pair below the floor 1.2 % of all points Ben" in whole
    assert "The weakest pair as good as can be nothing –" in whole
    assert "No plan that serves as many has a better weakest pair." in whole
    assert "2 mentees and mentors would rather have each other than whom this plan gives them." in whole
    restrict(cora.person, zoe.person, program=riverside, by=cora)

    shown = words_of(as_user(cora).get(kept.get_absolute_url()))

    assert "Rather nobody than a pair below the floor – Ben" in shown
    told = ("Zoe", "1.2", "weakest pair", "would rather have each other")
    assert [word for word in told if word in shown] == []


def test_several_positions_of_stability_are_tried_and_say_what_each_costs_and_removes(
    riverside, criteria, newcomer, cora, omar, as_user
):
    browser, here = as_user(cora), page("riverside") + "?try=stability"
    assert "there is nothing to try it on" in words_of(browser.get(here))
    for name, likes in (("Ama", ["chess", "tea"]), ("Ali", ["chess"])):
        newcomer(name, "mentor", interests=likes)
    for name, likes in (("Ben", ["chess", "tea"]), ("Zoe", ["chess"])):
        newcomer(name, "mentee", interests=likes)

    shown = words_of(browser.get(here))

    assert "0 as now 2 0 nothing 2 2 0 nothing 5 2 0 nothing 10 2 0 nothing 20 2 0 nothing" in shown
    assert 'type="range"' in browser.get(here).content.decode()
    assert not Round.objects.exists()
    assert as_user(omar).get(here).status_code == 404
    restrict(cora.person, Participant.objects.get(person__given_name="Zoe").person, program=riverside, by=cora)
    hidden = words_of(browser.get(here))
    assert [word for word in ("0 as now", "nothing to try it on", "Try it on those") if word in hidden] == []


def test_the_engine_tries_positions_as_whole_rounds():
    problem = a_problem(random.Random(3), 12, 9)
    told = {"maximin": False, "bands": [], "waiting": {}}

    rows = engine.positions({**problem, "policy": told}, [0, 40])

    for row in rows:
        answer = engine.run({**problem, "policy": {**told, "stability": row["points"]}})["policy"]
        assert (row["blocking"], row["worst"]) == (answer["blocking"], answer["worst"])
    assert rows[0]["price_permille"] == 0
    assert rows[1]["price_permille"] == (rows[0]["total"] - rows[1]["total"]) * 1000 // rows[0]["total"]


def test_a_round_without_a_pair_says_nothing_of_its_weakest(riverside, criteria, newcomer, cora, as_user):
    newcomer("Ben", "mentee")
    kept = draft_round(riverside, by=cora, at=MONDAY)

    shown = words_of(as_user(cora).get(kept.get_absolute_url()))

    assert "No mentor has a free place." in shown
    assert "weakest pair." not in shown
    assert "would rather have each other" not in shown
