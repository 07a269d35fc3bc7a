"""How the engine chooses among plans that serve as many; every answer held against trying everything."""

import itertools
import os
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.matching import engine
from rapport.matching.engine import policy
from tests.matching.test_engine import a_problem, as_table

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


def merits(pairs, told, liked):
    """What a plan comes to, in the order of wishes."""
    scores = [score for _, _, score in pairs]
    return (
        len(pairs),
        sum(told["waiting"].get(a, 0) for a, _, _ in pairs),
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


@settings(max_examples=3000 if FULL else 40, deadline=None)
@given(wished(), st.sampled_from(LIMITS))
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
