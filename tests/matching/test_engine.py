"""The engine finds the best answer and proves it; the checker believes nothing."""

import itertools
import json
import random
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.matching import engine
from rapport.matching.engine import checker

TWO_OF_EACH = ([[9, 8], [7, 0]], [[True, True], [True, False]], [1, 1])


def brute(scores, allowed, capacities):
    """The best (how many, total) by trying everything."""
    choices = [[None, *(j for j in range(len(capacities)) if allowed[i][j])] for i in range(len(scores))]
    best = (0, 0)
    for taken in itertools.product(*choices):
        if all(taken.count(j) <= most for j, most in enumerate(capacities)):
            served = [(i, j) for i, j in enumerate(taken) if j is not None]
            best = max(best, (len(served), sum(scores[i][j] for i, j in served)))
    return best


@st.composite
def small_programs(draw):
    rows, columns = draw(st.integers(0, 5)), draw(st.integers(0, 4))

    def table(cells):
        return draw(st.lists(st.lists(cells, min_size=columns, max_size=columns), min_size=rows, max_size=rows))

    capacities = draw(st.lists(st.integers(0, 3), min_size=columns, max_size=columns))
    return table(st.integers(0, 9)), table(st.booleans()), capacities


def test_one_more_match_counts_more_than_better_matches():
    pairs, total, _, _ = engine.solve(*TWO_OF_EACH)

    assert pairs == [(0, 1), (1, 0)]
    assert total == 15


@given(small_programs())
def test_the_answer_is_the_best_there_is(program):
    pairs, total, row_prices, column_prices = engine.solve(*program)

    assert (len(pairs), total) == brute(*program)
    assert checker.check(*program, pairs, total, row_prices, column_prices)["served"] == len(pairs)


@given(small_programs(), st.data())
def test_the_checker_rejects_whatever_is_not_the_best(program, data):
    pairs, total, rows, columns = engine.solve(*program)
    scores, allowed, capacities = program
    if not pairs:
        return
    i, j = gone = data.draw(st.sampled_from(pairs))
    fewer = [pair for pair in pairs if pair != gone]

    for wrong in [
        (fewer, total - scores[i][j], rows, columns),  # one pair too few
        (pairs, total + 1, rows, columns),
        (pairs, total, [price + (n == i) for n, price in enumerate(rows)], columns),
        (pairs, total, [price - (n == i) for n, price in enumerate(rows)], columns),
        ([*pairs, gone], total + scores[i][j], rows, columns),
        (pairs, float(total), rows, columns),
    ]:
        with pytest.raises(checker.NotProven):
            checker.check(scores, allowed, capacities, *wrong)


def test_the_checker_rejects_a_forbidden_pair_and_a_mentor_with_too_many():
    scores, allowed, capacities = TWO_OF_EACH
    _, _, rows, columns = engine.solve(*TWO_OF_EACH)

    with pytest.raises(checker.NotProven, match="not allowed"):
        checker.check(scores, allowed, capacities, [(0, 0), (1, 1)], 9, rows, columns)
    with pytest.raises(checker.NotProven, match="more than they can take"):
        checker.check(scores, [[True, True], [True, True]], capacities, [(0, 0), (1, 0)], 16, rows, columns)


@pytest.mark.parametrize(
    "wrong",
    [
        ([[1.5]], [[True]], [1]),
        ([[-1]], [[True]], [1]),
        ([[1]], [[True]], [-1]),
        ([["a"]], [[True]], [1]),
        ([[1, 2]], [[True]], [1]),
        ([[1], [2, 3]], [[True], [True]], [1]),
    ],
)
def test_numbers_that_are_not_whole_are_refused(wrong):
    with pytest.raises(ValueError):  # noqa: PT011
        engine.solve(*wrong)


def test_nobody_and_nothing():
    assert engine.solve([], [], []) == ([], 0, [], [])
    assert engine.solve([[], []], [[], []], []) == ([], 0, [0, 0], [])
    assert engine.solve([[5]], [[True]], [0]).pairs == []


def test_a_hundred_with_many_ties_are_proven_within_seconds():
    dice, n = random.Random(7), 100
    scores = [[dice.choice([0, 1]) for _ in range(n)] for _ in range(n)]
    allowed = [[dice.random() < 0.4 for _ in range(n)] for _ in range(n)]

    started = time.monotonic()
    pairs, total, _, _ = engine.solve(scores, allowed, [dice.choice([1, 2, 3]) for _ in range(n)])

    assert (len(pairs), total) == (100, 100)
    assert time.monotonic() - started < 20


def test_what_is_taken_in_and_given_out_is_json_in_a_process_of_its_own():
    interests = {"code": "interests", "kind": "overlap", "weight": 10, "is_hard": False}
    problem = {
        "seed": "riverside",
        "mentees": [{"key": "1", "lot": "ben", "traits": {"interests": ["Chess"]}}],
        "mentors": [{"key": "2", "lot": "ama", "traits": {"interests": ["chess", "football"]}, "capacity": 1}],
        "criteria": [{**interests, "settings": {"trait": "interests"}}],
        "apart": [],
    }

    told = subprocess.run(
        [sys.executable, "-m", "rapport.matching.engine"],
        input=json.dumps(problem),
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(told.stdout) == json.loads(json.dumps(engine.run(problem)))
    assert engine.run(problem)["pairs"] == [
        {
            "mentee": "1",
            "mentor": "2",
            "score": 10,
            "parts": [{"code": "interests", "points": 10, "known": True, "right": True}],
        }
    ]


def test_importing_the_engine_loads_no_numbers():
    said = "import sys, rapport.matching.engine; print({'numpy', 'scipy', 'django'} & set(sys.modules))"

    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout == "set()\n"
