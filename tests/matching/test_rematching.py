"""One mentee is placed by moving as few as possible, and nobody active."""

import itertools
import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.matching import engine
from rapport.matching.engine import plain
from tests.matching.test_top import a_rich_problem

FULL = bool(os.environ.get("RAPPORT_FULL"))
DICE = st.randoms(use_true_random=False)


def standing_in(dice, problem):
    """Some pairs that stand, by the rules or not, within capacities; some of them active."""
    places = [one["key"] for one in problem["mentors"] for _ in range(one["capacity"])]
    dice.shuffle(places)
    mentees = [one["key"] for one in problem["mentees"][1 if dice.random() < 0.8 else 0 :]]
    pairs = zip(mentees, places, strict=False)
    return [{"mentee": a, "mentor": b, "movable": dice.random() < 0.7} for a, b in pairs if dice.random() < 0.9]


def by_trying_everything(problem, standing, key, most):
    """{moves: the largest gain}, of all plans in which the mentee has a place, nobody loses one, nobody active is
    moved, and no move could be left out."""
    people = plain.People(problem)
    free = {one["key"]: one["capacity"] for one in problem["mentors"]}
    now = {one["mentee"]: one["mentor"] for one in standing}
    for b in now.values():
        free[b] -= 1
    if key in now:
        free[now[key]] += 1
    keys = [one["key"] for one in people.mentors]
    score = {(a, keys[j]): n for a, one in people.mentees.items() for j, n in people.row(one).items()}
    mentor = {one["key"]: one for one in problem["mentors"]}
    was = {a: people.pair(people.mentees[a], mentor[b])["score"] for a, b in now.items()}
    movable = [one["mentee"] for one in standing if one["movable"] and one["mentee"] != key]

    def fits(moves):
        left = dict(free)
        for a, b in moves:
            left[b] -= 1
            if a != key:
                left[now[a]] += 1
        return all(n >= 0 for n in left.values())

    best = {}
    for n in range(most + 1):
        for some in itertools.combinations(movable, n):
            for to in itertools.product(free, repeat=n + 1):
                moves = list(zip((key, *some), to, strict=True))
                if any(now.get(a) == b or (a, b) not in score for a, b in moves) or not fits(moves):
                    continue
                if any(fits([moves[0], *less]) for k in range(n) for less in itertools.combinations(moves[1:], k)):
                    continue
                gain = sum(score[two] - was.get(two[0], 0) for two in moves)
                best[n] = max(gain, best.get(n, gain))
    return best


@settings(max_examples=1500 if FULL else 30, deadline=None)
@given(DICE, st.integers(0, 2))
def test_of_any_standing_the_best_by_each_number_of_moves_is_found(dice, most):
    problem = a_rich_problem(dice, 5, dice.randint(1, 4), floor=dice.choice([None, 4]))
    standing = [one for one in standing_in(dice, problem) if one["mentee"] != "m0" or one["movable"]]

    found = engine.rematch(problem, standing, "m0", most)

    assert {one["moves"]: one["gain"] for one in found} == by_trying_everything(problem, standing, "m0", most)


@settings(max_examples=1500 if FULL else 30, deadline=None)
@given(DICE)
def test_nobody_active_is_ever_moved_nobody_loses_a_place_and_every_number_is_true(dice):
    problem = a_rich_problem(dice, 8, dice.randint(1, 6))
    standing = [one for one in standing_in(dice, problem) if one["mentee"] != "m0" or one["movable"]]
    now = {one["mentee"]: one["mentor"] for one in standing}
    active = {one["mentee"] for one in standing if not one["movable"]}
    people = plain.People(problem)
    mentors = {one["key"]: one for one in problem["mentors"]}

    def total(plan):
        return sum(people.pair(people.mentees[a], mentors[b])["score"] for a, b in plan.items())

    for one in engine.rematch(problem, standing, "m0"):
        then = now | dict(one["pairs"])
        assert active.isdisjoint(a for a, _ in one["pairs"])
        assert one["pairs"][0][0] == "m0"
        assert one["moved"] == [[a, now[a], b] for a, b in one["pairs"][1:]]
        assert len(one["moved"]) == one["moves"]
        assert all(not people.pair(people.mentees[a], mentors[b])["breaks"] for a, b in one["pairs"])
        assert all(list(then.values()).count(key) <= mentor["capacity"] for key, mentor in mentors.items())
        assert total(then) - total(now) == one["gain"]
        assert len(then) - len(now) == one["served"]


@settings(max_examples=1500 if FULL else 15, deadline=None)
@given(DICE)
def test_a_board_compiled_once_answers_the_same_to_the_last_tie(dice):
    from rapport.matching.engine.boards import Board

    problem = a_rich_problem(dice, 9, dice.randint(1, 7), floor=dice.choice([None, 4]))
    standing = [one for one in standing_in(dice, problem) if one["mentee"] != "m0" or one["movable"]]
    board = Board(problem)

    assert board.top("m0", 5) == engine.top(problem, "m0", 5)
    for most in range(3):
        assert board.rematch(standing, "m0", most) == engine.rematch(problem, standing, "m0", most)


def test_many_people_are_asked_of_compiled_columns(monkeypatch):
    from rapport.matching.engine import ranking, rematching

    problem = a_rich_problem(random.Random(12), 40, 30)
    standing = [one for one in standing_in(random.Random(12), problem) if one["mentee"] != "m0"]
    told = engine.top(problem, "m0"), engine.rematch(problem, standing, "m0")
    monkeypatch.setattr(ranking, "MANY", 1)
    monkeypatch.setattr(rematching, "MOST_PLAIN", 1)

    assert (engine.top(problem, "m0"), engine.rematch(problem, standing, "m0")) == told


def test_the_order_of_lists_changes_nothing():
    dice = random.Random(12)
    problem = a_rich_problem(dice, 40, 30)
    standing = [one for one in standing_in(dice, problem) if one["mentee"] != "m0"]
    first = engine.rematch(problem, standing, "m0")
    assert [one["moves"] for one in first] == [0, 1, 2]
    for some in (problem["mentees"], problem["mentors"], problem["apart"], problem["wishes"], standing):
        dice.shuffle(some)

    assert engine.rematch(problem, standing, "m0") == first


def test_settled_pairs_and_those_with_several_mentors_stay():
    traits = {"x": "A", "y": ["p"]}
    problem = {
        **a_rich_problem(random.Random(1)),
        "mentees": [{"key": key, "lot": key, "traits": traits} for key in ("m0", "m1", "m2")],
        "mentors": [{"key": key, "lot": key, "traits": traits, "capacity": n} for key, n in (("t0", 1), ("t1", 2))],
        "apart": [["m0", "t1"]],
        "wishes": [],
    }
    one_draft = [{"mentee": "m1", "mentor": "t0", "movable": True}]
    with_two = [*one_draft, {"mentee": "m1", "mentor": "t1", "movable": True}]

    assert [one["moved"] for one in engine.rematch(problem, one_draft, "m0")] == [[["m1", "t0", "t1"]]]
    assert engine.rematch(problem, with_two, "m0") == []
    assert engine.rematch({**problem, "locked": [["m1", "t0"]]}, one_draft, "m0") == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"most_moves": 3}, "moves are"),
        ({"mentee_key": "omar"}, "nobody has that key"),
        ({"standing": [{"mentee": "m0", "mentor": "t0", "movable": False}]}, "may not be moved"),
    ],
)
def test_what_cannot_be_asked_is_refused(change, said):
    asked = {"problem": a_rich_problem(random.Random(1)), "standing": [], "mentee_key": "m0", **change}

    with pytest.raises(ValueError, match=said):
        engine.rematch(**asked)
