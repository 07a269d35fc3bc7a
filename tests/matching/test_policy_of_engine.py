"""How the engine chooses among plans that serve as many; every answer held against trying everything."""

import copy
import itertools
import os
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rapport.matching import engine
from rapport.matching.engine import checker, listing, policy, preparing, running, solver, weakest
from tests.matching.test_engine import CRITERIA, a_problem, as_table, figures

FULL = bool(os.environ.get("RAPPORT_FULL"))
LIMITS = [1 << 57, 1 << 12, 1]  # where numbers are too large for one stage there are several


@st.composite
def wished(draw):
    """A small problem with a policy and, often, a floor."""
    dice = random.Random(draw(st.integers(0, 1 << 40)))
    problem = a_problem(dice, dice.randint(0, 5), dice.randint(0, 4), floor=dice.choice([None, None, 5, 9]))
    some = [one["key"] for one in problem["mentees"] if dice.random() < 0.6]
    told = {
        "maximin": dice.random() < 0.6,
        "bands": sorted(dice.sample(range(20), dice.randint(0, 3))),
        "stability": dice.choice([0, 0, 3]),
        "waiting": {key: dice.randint(1, 4) for key in some} if dice.random() < 0.6 else {},
        "needs": {key: dice.randint(1, 3) for key in some[::2]} if dice.random() < 0.6 else {},
    }
    return {**problem, "policy": told}


def plans(problem):
    """Every plan there is: its pairs as (mentee, mentor, score)."""
    scores, allowed, places = as_table(problem)
    names = [[one["key"] for one in problem[side]] for side in ("mentees", "mentors")]
    choices = [[None, *(j for j in range(len(places)) if row[j])] for row in allowed]
    for taken in itertools.product(*choices):
        if all(taken.count(j) <= most for j, most in enumerate(places)):
            yield [(names[0][i], names[1][j], scores[i][j]) for i, j in enumerate(taken) if j is not None]


def grouped(problem):
    """The plans in which every group is large enough or none."""
    least = {one["key"]: one.get("least", 0) for one in problem["mentors"]}
    for plan in plans(problem):
        sizes = Counter(b for _, b, _ in plan)
        if all(n >= least[key] for key, n in sizes.items()):
            yield plan


def merits(pairs, told, liked):
    """What a plan comes to, in the order of wishes."""
    scores = [score for _, _, score in pairs]
    return (
        len(pairs),
        sum(told["waiting"].get(a, 0) + told.get("needs", {}).get(a, 0) for a, _, _ in pairs),
        min(scores, default=0) if told["maximin"] else 0,
        *(-sum(score < band for score in scores) for band in told["bands"]),
        sum(scores) + told["stability"] * sum(liked.get(a) == b for a, b, _ in pairs),
    )


def blocking(problem, pairs):
    """Pairs that would rather have each other, counted one by one."""
    scores, allowed, places = as_table(problem)
    own, had = {a: score for a, _, score in pairs}, {}
    for _, b, score in pairs:
        had.setdefault(b, []).append(score)
    cells = itertools.product(enumerate(problem["mentees"]), enumerate(problem["mentors"]))
    return sum(
        allowed[i][j]
        and scores[i][j] > own.get(a["key"], -1000)
        and scores[i][j] > (min(had[b["key"]]) if len(had.get(b["key"], [])) == places[j] else -1000)
        for (i, a), (j, b) in cells
        if places[j]
    )


def told(key, x, y, site, **more):
    return {"key": key, "lot": key, "traits": {"x": x, "y": list(y), "site": site}, **more}


GIVEN_BACK = {  # what one stage took out is wanted by the next rung of the ladder
    "seed": "riverside",
    "mentees": [
        told("m0", "C", "srq", " "),
        told("m1", "B", "", "N"),
        told("m2", " ", "sp", " "),
        told("m3", "C", "", "S"),
    ],
    "mentors": [
        told("t0", "A", "", " ", capacity=1),
        told("t1", "A", "p", " ", capacity=2),
        told("t2", " ", "rtq", "N", capacity=1),
        told("t3", " ", "t", "N", capacity=0),
    ],
    "criteria": CRITERIA,
    "apart": [["m0", "t2"]],
    "wishes": [["m3", "t0", 11], ["m1", "t3", 4], ["m0", "t0", -6]],
    "floor": None,
    "policy": {"maximin": True, "bands": [], "stability": 0, "waiting": {"m1": 2, "m3": 3}, "needs": {}},
}


@settings(max_examples=3000 if FULL else 40, deadline=None)
@given(wished(), st.sampled_from(LIMITS))
@example(GIVEN_BACK, 1)
def test_the_best_of_all_plans_in_the_order_of_wishes(problem, limit):
    kept, policy.LIMIT = policy.LIMIT, limit
    try:
        answer = engine.run(problem)
    finally:
        policy.LIMIT = kept
    told, liked = problem["policy"], answer["certificate"]["liked"]
    pairs = [(one["mentee"], one["mentor"], one["score"]) for one in answer["pairs"]]

    assert merits(pairs, told, liked) == max(merits(plan, told, liked) for plan in plans(problem))
    assert answer["policy"]["blocking"] == blocking(problem, pairs)
    assert blocking(problem, [(a, b, dict_of(problem)[a, b]) for a, b in liked.items()]) == 0 or not told["stability"]


def dict_of(problem):
    scores, _, _ = as_table(problem)
    cells = itertools.product(enumerate(problem["mentees"]), enumerate(problem["mentors"]))
    return {(a["key"], b["key"]): scores[i][j] for (i, a), (j, b) in cells}


@settings(max_examples=2000 if FULL else 25, deadline=None)
@given(wished(), st.sampled_from(LIMITS), st.randoms(use_true_random=False))
def test_a_group_is_large_enough_or_none(problem, limit, dice):
    problem["policy"] |= {"stability": 0}
    problem["mentors"] = [
        one | {"capacity": dice.randint(0, 4), "least": dice.choice([0, 2, 2, 3])} for one in problem["mentors"]
    ]
    kept, policy.LIMIT = policy.LIMIT, limit
    try:
        answer = engine.run(problem)
    finally:
        policy.LIMIT = kept
    pairs = [(one["mentee"], one["mentor"], one["score"]) for one in answer["pairs"]]

    best = max(merits(plan, problem["policy"], {}) for plan in grouped(problem))
    assert merits(pairs, problem["policy"], {}) == best


ALL = {
    "maximin": True,
    "bands": [8, 14],
    "stability": 2,
    "waiting": {"m1": 1, "m4": 3, "m9": 2},
    "needs": {"m9": 2, "m3": 1},
}


@pytest.fixture(scope="module")
def asked():
    return {**a_problem(random.Random(8), 14, 12), "policy": ALL}


@pytest.fixture(scope="module")
def proven(asked):
    return engine.run(asked)


def numbers(told, path=()):
    """The path of each number in an answer's policy and certificate."""
    if type(told) is int:
        yield path
    parts = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    for name, part in parts:
        yield from numbers(part, (*path, name))


def changed(answer, path, act):
    other = copy.deepcopy(answer)
    place = other
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = act(place[path[-1]])
    return other


def is_believed(problem, answer):
    try:
        checker.check(problem, answer, checker.FULL)
    except (checker.NotProven, KeyError, TypeError):
        return False
    return True


@pytest.mark.parametrize("plain", [1 << 20, 0])
def test_no_number_of_a_proof_can_be_another(asked, proven, plain, monkeypatch):
    monkeypatch.setattr(checker, "PLAIN", plain)
    unused = {one["key"] for one in asked["mentors"] if not one["capacity"]}
    told = {"rounds", "listed", "looked_at", "mentees", "mentors", "places", "tried"}  # about the run
    paths = [("certificate", *path) for path in numbers(proven["certificate"]) if not {*path} & (unused | told)]
    paths += [("policy", *path) for path in numbers(proven["policy"])]

    bent = [changed(proven, path, lambda n, by=by: n + by) for path in paths for by in (1, -1)]

    assert is_believed(asked, proven)
    assert len(paths) > 90
    assert [answer for answer in bent if is_believed(asked, answer)] == []


def test_no_other_plan_fits_the_proof(asked, proven):
    n, places = len(proven["pairs"]), range(len(proven["pairs"]))
    bent = [changed(proven, ("pairs",), lambda pairs, k=k: pairs[:k] + pairs[k + 1 :]) for k in places]
    for a, b in itertools.combinations(places, 2):
        other = copy.deepcopy(proven)
        first, second = other["pairs"][a], other["pairs"][b]
        first["mentor"], second["mentor"] = second["mentor"], first["mentor"]
        if first["mentor"] != second["mentor"]:
            bent.append(other)

    assert n > 5
    assert [answer for answer in bent if is_believed(asked, answer)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"maximin": False},
        {"bands": [8]},
        {"bands": [11, 14]},
        {"stability": 3},
        {"waiting": {"m1": 2, "m4": 3, "m9": 2}},
    ],
)
def test_a_proof_is_of_one_policy_only(asked, proven, change):
    assert not is_believed({**asked, "policy": {**ALL, **change}}, proven)


def test_lists_in_another_order_and_two_threads_choose_the_same(asked, proven, monkeypatch):
    monkeypatch.setattr(listing, "CHUNK", 3)
    turned = {**asked, **{side: asked[side][::-1] for side in ("mentees", "mentors", "wishes")}}

    assert running.run(turned) == proven
    assert running.run(asked, threads=2) == proven


@pytest.mark.parametrize("seed", range(40 if FULL else 3))
def test_what_was_never_listed_is_found_with_any_policy(monkeypatch, seed):
    monkeypatch.setattr(listing, "FIRST", 1)
    monkeypatch.setattr(listing, "MORE", 1)
    monkeypatch.setattr(policy, "LIMIT", LIMITS[seed % 3])
    waiting = {f"m{n}": n % 4 for n in range(60)}
    problem = {**a_problem(random.Random(seed), 60, 40), "policy": {**ALL, "waiting": waiting}}

    answer = engine.run(problem)

    assert answer["certificate"]["looked_at"] == 60
    assert checker.check(problem, answer) == 60


@pytest.mark.parametrize("seed", range(60 if FULL else 4))
def test_the_weakest_pair_is_the_same_by_counting_and_by_prices(monkeypatch, seed):
    monkeypatch.setattr(listing, "FIRST", 1 + seed % 5)
    monkeypatch.setattr(listing, "MORE", 1)
    asked = a_problem(random.Random(seed), 60, (20, 40, 60, 90)[seed % 4])
    plain, steps = preparing.prepare(asked).problem, np.zeros(60, np.int64)
    found = solver.solve(plain, goes_on=True)
    slow = plain._replace(must_fill=np.zeros(len(plain.places), bool))  # nobody's, yet asked for: the general way
    ways = [weakest.weakest(one, found, steps[: len(plain.worth)]) for one in (plain, slow)]

    assert ways[0].lowest == ways[1].lowest
    for one, other in zip(*[(way.serves, way.better) for way in ways], strict=True):
        assert one.least == other.least
        assert len({sum(c.mentee_prices) + plain.places @ c.mentor_prices for c in (one, other)}) == 1


@pytest.mark.parametrize("seed", range(40 if FULL else 2))
def test_where_all_count_alike_what_was_never_listed_is_found(monkeypatch, seed):
    monkeypatch.setattr(listing, "FIRST", 1)
    monkeypatch.setattr(listing, "MORE", 1)
    problem = {**a_problem(random.Random(seed), 40, (25, 60)[seed % 2]), "policy": {"maximin": True}}
    turned = {**problem, **{side: problem[side][::-1] for side in ("mentees", "mentors", "wishes")}}

    answer = engine.run(problem)

    assert running.run(turned, threads=2) == answer
    assert checker.check(problem, answer) == 40


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"policy": []}, "a policy says"),
        ({"policy": {"maximin": 1}}, "a policy says"),
        ({"policy": {"leximin": True}}, "a policy says"),
        ({"policy": {"bands": [2, 2]}}, "bands go up"),
        ({"policy": {"bands": [3, 2]}}, "bands go up"),
        ({"policy": {"bands": [1, 2, 3, 4, 5]}}, "at most 4"),
        ({"policy": {"bands": [-1]}}, "at most 4"),
        ({"policy": {"bands": [True]}}, "at most 4"),
        ({"policy": {"bands": [float("nan")]}}, "at most 4"),
        ({"policy": {"bands": "12"}}, "at most 4"),
        ({"policy": {"bands": [1 << 23]}}, "at most 4"),
        ({"policy": {"stability": float("inf")}}, "stability is a whole number"),
        ({"policy": {"stability": "5"}}, "stability is a whole number"),
        ({"policy": {"stability": -1}}, "stability is a whole number"),
        ({"policy": {"waiting": {"m1": 1.5}}}, "steps of waiting"),
        ({"policy": {"needs": {"m1": -1}}}, "steps of waiting"),
        ({"policy": {"waiting": {"m1": 1 << 20}}}, "steps of waiting"),
        ({"policy": {"waiting": ["m1"]}}, "a policy says"),
        ({"floor": "5"}, "the floor"),
        ({"floor": float("nan")}, "the floor"),
        ({"floor": True}, "the floor"),
        ({"floor": 1 << 40}, "the floor"),
        ({"mentors": [{"key": "t", "lot": "", "traits": {}, "capacity": True}]}, "whole numbers"),
        ({"mentors": [{"key": "t", "lot": "", "traits": {}, "capacity": 1 << 40}]}, "capacit"),
        ({"wishes": [["m0", "t0", True]]}, "points of a wish"),
    ],
)
def test_a_policy_nobody_could_keep_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        engine.run({**a_problem(random.Random(1)), **wrong})


@pytest.mark.parametrize(
    "odd",
    [
        {"policy": {}},
        {"policy": None},
        {"policy": {"maximin": None, "bands": None, "stability": None, "waiting": None}},
        {"policy": {**ALL, "waiting": {"omar": 9}}},
        {"policy": ALL, "mentees": []},
        {"policy": ALL, "mentors": []},
        {"policy": ALL, "floor": 1 << 20},
        {"policy": ALL, "floor": -5},
        {"policy": ALL, "locked": [["m0", "t0"], ["m1", "t0"]], "apart": [["m0", "t0"]]},
        {"policy": ALL, "wishes": [["m0", "t0", -8], ["m0", "t0", -8]]},
        {"policy": {**ALL, "bands": [0, (1 << 23) - 1]}},
        {"policy": ALL, "criteria": []},
    ],
)
def test_odd_problems_have_an_answer_that_is_proven(odd):
    problem = {**a_problem(random.Random(2), 6, 5), **odd}
    if not problem["mentees"] or not problem["mentors"]:
        problem |= {"apart": [], "wishes": []}

    answer = engine.run(problem)

    assert checker.check(problem, answer) == len(problem["mentees"])
    assert answer["policy"]["worst"] == min((p["score"] for p in answer["pairs"] if "locked" not in p), default=None)


def test_groups_beyond_the_limit_are_refused_and_what_is_settled_must_grow():
    problem = a_problem(random.Random(4), 6, 14)
    for one in problem["mentors"]:
        one |= {"capacity": 3, "least": 2}
    with pytest.raises(ValueError, match="at most 12 mentors can ask for a group"):
        engine.run(problem)
    problem["mentors"] = problem["mentors"][:1]
    with pytest.raises(ValueError, match="cannot be asked for together"):
        engine.run({**problem, "policy": {"stability": 1}})
    with pytest.raises(ValueError, match="least of a group"):
        engine.run({**problem, "mentors": [problem["mentors"][0] | {"least": True}]})
    alone = {**problem, "locked": [["m0", "t0"]], "mentees": problem["mentees"][:1]}
    with pytest.raises(ValueError, match="cannot become large enough"):
        engine.run(alone)


def test_an_open_group_is_proven_too():
    told = [{"key": f"m{n}", "lot": f"m{n}", "traits": {"x": "AAB"[n % 3]}} for n in range(5)]
    mentors = [
        {"key": "ama", "lot": "ama", "traits": {"x": "A"}, "capacity": 3, "least": 3},
        {"key": "omar", "lot": "omar", "traits": {"x": "B"}, "capacity": 4, "least": 4},
    ]
    weight = [{"code": "x", "kind": "same", "weight": 7, "is_hard": False, "settings": {"trait": "x"}}]
    problem = {"seed": "", "mentees": told, "mentors": mentors, "criteria": weight, "apart": []}

    answer = engine.run({**problem, "policy": {"maximin": True, "bands": [5]}})

    assert {one["mentor"] for one in answer["pairs"]} == {"omar"}
    assert answer["certificate"]["groups"]["closed"] == ["ama"]
    assert figures(answer) == (4, 7)
    assert not is_believed(problem, changed(answer, ("certificate", "groups"), lambda told: {**told, "closed": []}))
    problem["mentees"] = told[:3]
    assert [one["mentor"] for one in engine.run(problem)["pairs"]] == ["ama"] * 3
