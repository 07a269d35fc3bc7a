"""Why two are not with each other, and whom to look for next: every claim is worked out again."""

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.matching import engine
from rapport.matching.engine import plain
from tests.matching.test_engine import as_table, brute
from tests.matching.test_left_without import served_if
from tests.matching.test_top import a_rich_problem

FULL = bool(os.environ.get("RAPPORT_FULL"))
DICE = st.randoms(use_true_random=False)


def best_with(problem, mentee, mentor):
    """(how many, total) of the best plan in which these two are with each other, by trying everything."""
    scores, allowed, places = as_table(problem)
    i, j = (
        [one["key"] for one in problem[side]].index(key) for side, key in (("mentees", mentee), ("mentors", mentor))
    )
    rest = [k for k in range(len(scores)) if k != i]
    places = [n - (k == j) for k, n in enumerate(places)]
    served, total = brute([scores[k] for k in rest], [allowed[k] for k in rest], places)
    return served + 1, total + scores[i][j]


@settings(max_examples=500 if FULL else 8, deadline=None)
@given(DICE)
def test_what_others_would_lose_is_what_the_best_other_plan_loses(dice):
    problem = a_rich_problem(dice, dice.randint(1, 5), dice.randint(1, 4), floor=dice.choice([None, 5]))
    answer = engine.run(problem)
    now = {one["mentee"]: one["mentor"] for one in answer["pairs"]}
    total, scores = answer["certificate"]["total"], plain.People(problem)
    mentors = {one["key"]: one for one in problem["mentors"]}
    key = dice.choice(list(mentors))

    found = engine.why_not(problem, answer, "m0", key)

    fits = {scores.mentors[j]["key"] for j in scores.row(scores.mentee("m0"))}
    assert bool(found["breaks"]) == (key not in fits or not mentors[key]["capacity"])
    assert (found["now"], found["settled"]) == (now.get("m0"), False)
    if found["breaks"] or found["now"] == key:
        assert (found["needed_by"], found["path"]) == (None, [])
        return
    then = {a: to for a, _, to in found["path"]}
    plan = {a: b for a, b in (now | then).items() if b}
    assert all(now.get(a) == at for a, at, _ in found["path"])
    assert found["path"][0] == ["m0", now.get("m0"), key]
    assert (len(plan), total + found["better_by"] - found["needed_by"]) == best_with(problem, "m0", key)
    assert sum(scores.pair(scores.mentees[a], mentors[b])["score"] for a, b in plan.items()) == (
        total + found["better_by"] - found["needed_by"]
    )
    assert all(list(plan.values()).count(b) <= one["capacity"] for b, one in mentors.items())
    assert (found["loses"], found["gains"]) == (
        [a for a in then if a != "m0" and a in now and not then[a]],
        [a for a in then if a != "m0" and a not in now],
    )
    assert found["loses"] or found["needed_by"] >= found["better_by"]


def test_the_price_sentence_has_its_numbers():
    def someone(key, **traits):
        return {"key": key, "lot": key, "traits": traits}

    def rule(code, weight, **more):
        return {"code": code, "kind": "same", "weight": weight, "is_hard": False, "settings": {"trait": code, **more}}

    problem = {
        "seed": "riverside",
        "mentees": [someone("ana", art="a", chess="c"), someone("ben", art="a", chess="b", maths="m")],
        "mentors": [
            someone("xan", art="a", chess="x", maths="m") | {"capacity": 1},
            someone("yul", art="y", chess="c", maths="y") | {"capacity": 1},
        ],
        "criteria": [rule("art", 81), rule("chess", 50), rule("maths", 74)],
        "apart": [],
    }
    problem["mentees"][0]["traits"]["maths"] = "none"
    answer = engine.run(problem)

    found = engine.why_not(problem, answer, "ana", "xan")

    assert (found["now"], found["score"], found["better_by"], found["needed_by"]) == ("yul", 81, 31, 155)
    assert found["path"] == [["ana", "yul", "xan"], ["ben", "xan", "yul"]]


def test_rules_that_fail_and_settled_pairs_are_said_at_once():
    problem = a_rich_problem(random.Random(2), 6, 5, wishes=[]) | {"apart": [["m1", "t1"]]}
    problem["mentors"][1]["capacity"] = problem["mentors"][2]["capacity"] = 1
    problem["locked"] = [["m0", "t2"]]
    answer = engine.run(problem)

    assert "apart" in engine.why_not(problem, answer, "m1", "t1")["breaks"]
    assert engine.why_not(problem, answer, "m0", "t1")["settled"]
    assert "full" in engine.why_not(problem, answer, "m1", "t2")["breaks"]
    for two in (("omar", "t1"), ("m1", "omar")):
        with pytest.raises(ValueError, match="nobody has that key"):
            engine.why_not(problem, answer, *two)


@settings(max_examples=200 if FULL else 8, deadline=None)
@given(DICE)
def test_whatever_a_round_chooses_by_the_way_to_the_other_plan_is_one_that_may_be(dice):
    policy = {"maximin": True, "bands": [6, 12], "waiting": {"m1": 2}, "stability": dice.choice([0, 9])}
    problem = a_rich_problem(dice, dice.randint(2, 6), dice.randint(1, 4), floor=dice.choice([None, 5]), policy=policy)
    answer = engine.run(problem)
    now = {one["mentee"]: one["mentor"] for one in answer["pairs"]}
    people, key = plain.People(problem), dice.choice(problem["mentors"])["key"]
    mentors = {one["key"]: one for one in problem["mentors"]}

    found = engine.why_not(problem, answer, "m0", key)

    plan = {a: b for a, b in (now | {a: to for a, _, to in found["path"]}).items() if b}
    assert all(not people.pair(people.mentees[a], mentors[b])["breaks"] for a, b in plan.items())
    assert all(list(plan.values()).count(b) <= one["capacity"] for b, one in mentors.items())
    assert len(plan) <= len(now)
    if found["path"]:
        assert (plan["m0"], len(plan)) == (key, best_with(problem, "m0", key)[0])


@settings(max_examples=200 if FULL else 8, deadline=None)
@given(DICE)
def test_a_mentor_looked_for_serves_whom_it_is_for(dice):
    problem = a_rich_problem(dice, dice.randint(3, 7), dice.randint(0, 3)) | {"wishes": [], "apart": []}
    answer = engine.run(problem)

    found = engine.recruit(problem, answer)

    left = {one["mentee"] for one in answer["left"]}
    seen = [key for one in found["profiles"] for key in one["mentees"]]
    assert len(set(seen)) == len(seen)
    assert set(seen) <= left
    assert bool(left) == bool(found["profiles"])
    for one in found["profiles"]:
        assert one["served"] == len(one["mentees"]) > 0
    for one in found["like"]:
        mentors = [two | {"capacity": two["capacity"] + (two["key"] == one["mentor"])} for two in problem["mentors"]]
        served, total = brute(*as_table(problem | {"mentors": mentors}))
        now = answer["certificate"]
        assert (served - now["served"], total - now["total"]) == (one["served"], one["gain"])


def test_it_says_what_a_mentor_must_have_and_keeps_quiet_what_is_quiet():
    def someone(key, site, languages, **traits):
        return {"key": key, "lot": key, "traits": {"site": site, "languages": languages, "faith": "quaker"} | traits}

    problem = {
        "seed": "riverside",
        "mentees": [
            someone("ben", "North", ["Spanish"]),
            someone("lea", "North", ["Spanish", "English"]),
            someone("tom", "South", ["Tamil"]),
            someone("ann", "north", ["Polish"]),
        ],
        "mentors": [],
        "criteria": [
            {"code": code, "kind": kind, "weight": 1, "is_hard": True, "settings": {"trait": code, **more}}
            for code, kind, more in [
                ("site", "same", {}),
                ("languages", "overlap", {}),
                ("faith", "same", {"quiet": True}),
            ]
        ],
        "apart": [],
    }

    found = engine.recruit(problem, engine.run(problem))["profiles"]

    assert [sorted(one["mentees"]) for one in found] == [["ben", "lea"], ["ann"], ["tom"]]
    assert found[0]["must"] == [
        {"code": "site", "of": ["North"]},
        {"code": "languages", "of": ["Spanish"]},
        {"code": "faith", "of": []},
    ]
    assert served_if(problem, "ben", []) == 0
