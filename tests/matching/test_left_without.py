"""Whoever is left without hears why, and what would really help: all of it is tried out by another solver."""

import itertools
import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.matching import engine
from rapport.matching.engine import hall, plain, preparing, reaching
from rapport.matching.rounds import wording
from tests.matching.test_engine import as_table, by_a_linear_program
from tests.matching.test_top import a_rich_problem

FULL = bool(os.environ.get("RAPPORT_FULL"))
DICE = st.randoms(use_true_random=False)
HARD = ["y", "site", "z"]


def served_if(problem, mentee, rules, **widened):
    """How many can be served if for this mentee alone these rules forbid nothing, or these settings are others."""
    criteria = [
        one
        | {
            "is_hard": one["is_hard"] and one["code"] not in rules,
            "settings": one["settings"] | widened.get(one["code"], {}),
        }
        for one in problem["criteria"]
    ]
    floor = None if "floor" in rules else problem.get("floor")
    i = [one["key"] for one in problem["mentees"]].index(mentee)
    scores, allowed, places = as_table(problem)
    other = as_table(problem | {"criteria": criteria, "floor": floor})
    allowed[i] = other[1][i]
    return len(engine.solve([[max(0, n) for n in row] for row in scores], allowed, places)[0])


def scarce(dice):
    """People for whom rules and places do not reach, and a plan chosen in one way or another."""
    problem = a_rich_problem(dice, dice.randint(1, 6), dice.randint(0, 5), floor=dice.choice([None, None, 12]))
    policy = {"maximin": dice.random() < 0.5, "bands": [6, 12], "waiting": {"m1": 2}}
    return problem | {"wishes": []} | ({"policy": policy} if dice.random() < 0.5 else {})


@settings(max_examples=300 if FULL else 10, deadline=None)
@given(DICE)
def test_rules_in_the_way_are_those_a_pair_breaks(dice):
    import numpy as np

    from rapport.matching.engine import reach_kernels

    problem = a_rich_problem(dice, dice.randint(1, 6), dice.randint(0, 9))
    different = {"code": "not-x", "kind": "different", "weight": 1, "is_hard": True, "settings": {"trait": "x"}}
    problem["criteria"] = [*problem["criteria"], different]
    ready, people = preparing.prepare(problem), plain.People(problem)
    plan, bits = reaching.Plan(ready, []), np.full(len(ready.mentors), 7)
    codes = [*(one["code"] for one in problem["criteria"]), plain.APART]

    for i, mentee in enumerate(ready.mentees):
        reach_kernels.barred(i, ready.problem.columns, plan.hard, bits)
        told = [[code for k, code in enumerate(codes) if rules >> k & 1] for rules in bits.tolist()]
        assert told == [people.pair(mentee, mentor)["breaks"] for mentor in ready.mentors]


def test_whoever_scores_below_the_floor_is_no_mentor_who_would_fit():
    criteria = [{"code": "x", "kind": "same", "weight": 7, "is_hard": False, "settings": {"trait": "x"}}]
    ben = {"key": "ben", "lot": "ben", "traits": {"x": "chess"}}
    ama = {"key": "ama", "lot": "ama", "traits": {"x": "tennis"}, "capacity": 1}
    problem = {"seed": "", "mentees": [ben], "mentors": [ama], "criteria": criteria, "apart": [], "floor": 5}

    [left] = engine.run(problem)["left"]

    assert (left["allowed"], left["barring"]) == (0, {"floor": 1})
    assert wording.because(left, {"x": "Interests"}) == (
        "No free mentor may be theirs. One mentor breaks no rule, but scores below the floor."
    )
    assert engine.run(problem | {"floor": None})["left"] == []


@settings(max_examples=600 if FULL else 15, deadline=None)
@given(DICE)
def test_the_smallest_relaxations_are_found_and_each_would_serve_one_more(dice):
    problem = scarce(dice)
    answer = engine.run(problem)
    served = len(answer["pairs"])
    rules = HARD + ["floor"] * (problem["floor"] is not None)

    for left in answer["left"]:
        helps = [
            list(some)
            for n in (1, 2, 3)
            for some in itertools.combinations(rules, n)
            if "floor" not in some or n == 1
            if served_if(problem, left["mentee"], some) > served
        ]
        least = len(helps[0]) if helps else 0
        if problem["floor"] is None:
            assert sorted(one["rules"] for one in left["relax"]) == sorted(one for one in helps if len(one) == least)
        else:  # a rule given up may bring points that lift a pair over the floor: those are not counted on
            assert all(one["rules"] in helps for one in left["relax"])
        assert left["relax"] or left["hall"]


@settings(max_examples=600 if FULL else 15, deadline=None)
@given(DICE)
def test_the_way_to_a_place_is_there_and_a_gap_is_widened_no_more_than_it_must(dice):
    problem = scarce(dice) | {"floor": None}
    answer = engine.run(problem)
    now = {one["mentee"]: one["mentor"] for one in answer["pairs"]}
    _, allowed, places = as_table(problem)
    rows, columns = ([one["key"] for one in problem[side]] for side in ("mentees", "mentors"))

    for left in answer["left"]:
        for one in left["relax"]:
            then = now | {left["mentee"]: one["mentor"]} | {a: to for a, _, to in one["moved"]}
            assert all(now[a] == at and allowed[rows.index(a)][columns.index(to)] for a, at, to in one["moved"])
            assert all(list(then.values()).count(b) <= n for b, n in zip(columns, places, strict=True))
            rest = [code for code in one["rules"] if code != "z"]
            if "z" in one["rules"]:
                assert served_if(problem, left["mentee"], rest, z=one["widen"]["z"]) > len(now)
                (end, step), back = *one["widen"]["z"].items(), {"most": -1, "least": 1}
                assert served_if(problem, left["mentee"], rest, z={end: step + back[end]}) == len(now)


@settings(max_examples=600 if FULL else 15, deadline=None)
@given(DICE)
def test_who_competes_is_the_smallest_set_with_too_few_places(dice):
    problem = scarce(dice)
    ready = preparing.prepare(problem)
    answer = engine.run(problem)
    scores, allowed, places = as_table(problem)
    rows, columns = ([one["key"] for one in problem[side]] for side in ("mentees", "mentors"))
    order = [[one["key"] for one in side] for side in (ready.mentees, ready.mentors)]
    pairs = [(order[0].index(one["mentee"]), order[1].index(one["mentor"])) for one in answer["pairs"]]
    plan = reaching.Plan(ready, pairs)

    for left in answer["left"]:
        found = hall.told(problem, plan, order[0].index(left["mentee"]))
        competing, inside = (set(found[side]) for side in ("mentees", "mentors"))
        for a in competing:
            theirs = {b for j, b in enumerate(columns) if places[j] and allowed[rows.index(a)][j]}
            assert theirs <= inside
        assert found["places"] == sum(places[columns.index(b)] for b in inside) == len(competing) - 1
        assert (found["mentees_n"], found["mentors_n"]) == (len(competing), len(inside))
        for a in competing:  # without any one of them there is a place for each
            rest = [rows.index(one) for one in competing if one != a]
            table = [[max(0, n) for n in scores[k]] for k in rest], [allowed[k] for k in rest], places
            assert len(engine.solve(*table)[0]) == len(rest)
        if left["hall"]:
            assert left["hall"] == found


@pytest.mark.parametrize("seed", range(20 if FULL else 1))
def test_of_many_all_have_a_reason_that_holds(seed, monkeypatch):
    monkeypatch.setattr(hall, "TOLD", 80)
    problem = a_rich_problem(random.Random(seed), 80, 60) | {"wishes": []}

    answer = engine.run(problem)

    assert answer["left"]
    assert all(one["relax"] or one["hall"] for one in answer["left"])
    for left in answer["left"][:3]:
        for one in left["relax"]:
            assert served_if(problem, left["mentee"], one["rules"]) == len(answer["pairs"]) + 1
        if left["hall"]:
            keys = left["hall"]["mentees"]
            some = problem | {"mentees": [one for one in problem["mentees"] if one["key"] in keys]}
            served, _ = by_a_linear_program(*as_table(some))
            assert served < len(keys) == left["hall"]["mentees_n"]


def test_it_says_what_all_who_compete_want():
    def someone(key, **traits):
        return {"key": key, "lot": key, "traits": {"language": ["Spanish", "<i>Tamil</i>"], "day": "Tuesday"} | traits}

    rules = [("language", "overlap", {}), ("day", "same", {}), ("faith", "same", {"quiet": True})]
    problem = {
        "seed": "riverside",
        "mentees": [
            someone("ben", faith="quaker"),
            someone("lea", language=["spanish"], faith="quaker"),
            someone("tom", language=["English"], day=""),
        ],
        "mentors": [
            someone("ama", faith="quaker", language="Spanish") | {"capacity": 1},
            someone("eve", language=["English"]) | {"capacity": 1},
        ],
        "criteria": [
            {"code": code, "kind": kind, "weight": 1, "is_hard": True, "settings": {"trait": code, **more}}
            for code, kind, more in rules
        ],
        "apart": [],
    }

    (left,) = engine.run(problem)["left"]

    assert sorted(left["hall"]["mentees"]) == ["ben", "lea"]
    assert (left["hall"]["mentors"], left["hall"]["places"]) == (["ama"], 1)
    assert [(one["code"], one["of"][0].lower()) for one in left["hall"]["common"]] == [
        ("language", "spanish"),
        ("day", "tuesday"),
    ]
    assert plain.APART not in [rule for one in left["relax"] for rule in one["rules"]]
