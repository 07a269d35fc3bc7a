"""One mentee's best mentors: the same numbers as in a round, and why."""

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.matching import engine
from rapport.matching.engine import checker, judging, lots, plain, preparing
from tests.matching.test_engine import CRITERIA, a_problem, as_table

FULL = bool(os.environ.get("RAPPORT_FULL"))
DICE = st.randoms(use_true_random=False)
LADDER = {"order": ["low", "middle", "high"], "points": {"1": 100, "0": 40}, "least": 0, "most": 1}
MORE_CRITERIA = [
    *CRITERIA,
    {"code": "z", "kind": "ordered-gap", "weight": 5, "is_hard": True, "settings": {"trait": "z", **LADDER}},
    {"code": "w", "kind": "different", "weight": 3, "is_hard": False, "settings": {"trait": "x", "only_if": "v"}},
]


def a_rich_problem(dice, mentees=6, mentors=7, **more):
    """As `a_problem`, with every kind of criterion."""
    problem = a_problem(dice, mentees, mentors, criteria=MORE_CRITERIA, **more)
    for one in [*problem["mentees"], *problem["mentors"]]:
        one["traits"] |= {"z": dice.choice(["low", "Middle", "high", ""]), "v": dice.choice(["yes", "no"])}
    return problem


def by_kernels(problem):
    """Scores as the compiled kernels work them out, by keys; none where the pair may not be."""
    import numpy as np

    from rapport.matching.engine import kernels

    ready = preparing.prepare(problem)
    i, j = (one.ravel() for one in np.indices((len(ready.mentees), len(ready.mentors))))
    scores = kernels.scores_of(i.astype(np.int64), j.astype(np.int64), ready.problem.columns).tolist()
    keys = [(ready.mentees[a]["key"], ready.mentors[b]["key"]) for a, b in zip(i, j, strict=True)]
    return {two: n if n >= ready.problem.least else None for two, n in zip(keys, scores, strict=True)}


@settings(max_examples=1000 if FULL else 30)
@given(DICE, st.sampled_from([None, 8]))
def test_one_questions_numbers_are_those_of_the_kernels(dice, floor):
    problem = a_rich_problem(dice, dice.randint(1, 6), dice.randint(1, 6), floor=floor)
    people = plain.People(problem)

    rows = {one["key"]: people.row(one) for one in problem["mentees"]}

    told = {(a, b["key"]): row.get(j) for a, row in rows.items() for j, b in enumerate(people.mentors)}
    assert told == by_kernels(problem)


@settings(max_examples=1000 if FULL else 30)
@given(DICE)
def test_a_missing_answer_is_worth_the_mean_however_it_is_summed_up(dice):
    problem = a_rich_problem(dice, dice.randint(0, 9), dice.randint(0, 9))
    both = problem["mentees"], problem["mentors"]
    overlap = {**CRITERIA[1], "weight": dice.randint(0, 99), "settings": {"trait": "y", "enough": dice.randint(1, 5)}}

    for one in [*MORE_CRITERIA, overlap]:
        judge = judging.Judge(one)
        heard = [[judge.heard(a, side) for a in some] for side, some in zip(("mentee", "mentor"), both, strict=True)]
        parts = [judge.of(a, b) for a in heard[0] for b in heard[1]]
        known = [part.points for part in parts if part.known]
        mean = sum(known) // len(known) if known else one["weight"] // 2
        assert judging.neutral_of(one, *both) == (0 if len(known) == len(parts) else mean)


@settings(max_examples=1000 if FULL else 40)
@given(DICE, st.integers(1, 9), st.sampled_from([None, 8]))
def test_the_best_mentors_are_the_best_of_all_of_them(dice, n, floor):
    problem = a_rich_problem(dice, mentors=dice.randint(0, 8), floor=floor)
    scores, allowed, places = as_table(problem)

    found = engine.top(problem, "m0", n)

    order = {one["key"]: k for k, one in enumerate(lots.in_order(problem["mentors"], problem["seed"]))}
    fit = [
        (-scores[0][j], order[one["key"]], one["key"])
        for j, one in enumerate(problem["mentors"])
        if allowed[0][j] and places[j]
    ]
    assert [(-one["score"], one["mentor"]) for one in found] == [(score, key) for score, _, key in sorted(fit)[:n]]
    assert all(one["may_be"] and sum(part["points"] for part in one["parts"]) == one["score"] for one in found)


@settings(max_examples=300 if FULL else 20)
@given(DICE)
def test_asked_for_everybody_it_says_which_rules_the_others_break(dice):
    problem = a_rich_problem(dice, floor=8)
    scores, allowed, places = as_table(problem)

    found = engine.top(problem, "m0", 99, everybody=True)

    told = {one["mentor"]: (one["score"], one["may_be"]) for one in found}
    assert told == {
        one["key"]: (scores[0][j], bool(allowed[0][j] and places[j])) for j, one in enumerate(problem["mentors"])
    }
    assert [len(one["breaks"]) for one in found] == sorted(len(one["breaks"]) for one in found)
    for one in found:  # without these rules, the pair may be
        rest = [c for c in problem["criteria"] if c["code"] not in one["breaks"] or not c["is_hard"]]
        opened = {**problem, "criteria": rest, "apart": [], "floor": None}
        assert as_table(opened)[1][0][[b["key"] for b in problem["mentors"]].index(one["mentor"])]


def test_the_order_of_lists_changes_nothing_and_neither_do_settled_pairs_add_places():
    dice = random.Random(4)
    problem = a_rich_problem(dice, 9, 12)
    first = engine.top(problem, "m3")
    for side in ("mentees", "mentors", "apart", "wishes"):
        dice.shuffle(problem[side])

    assert engine.top(problem, "m3") == first
    full = next(one for one in problem["mentors"] if one["key"] == first[0]["mentor"])
    problem["locked"] = [[f"m{n + 4}", full["key"]] for n in range(full["capacity"])]
    assert [one["mentor"] for one in engine.top(problem, "m3")] == [one["mentor"] for one in first[1:]]


def test_it_says_what_they_share_and_what_is_lacking_in_their_own_words():
    ben = {"languages": ["English", " Tamil"], "interests": ["Chess", "<b>Football</b>", "Cooking"], "site": "North"}
    ama = {"languages": ["tamil"], "interests": "<B>football</B>", "faith": "Quaker", "site": "north"}

    def rule(code, kind="overlap", **more):
        return {"code": code, "kind": kind, "weight": 10, "is_hard": False, "settings": {"trait": code, **more}}

    problem = {
        "seed": "riverside",
        "mentees": [{"key": "ben", "lot": "ben", "traits": ben | {"faith": "quaker"}}],
        "mentors": [{"key": "ama", "lot": "ama", "traits": ama, "capacity": 1}],
        "criteria": [
            rule("languages"),
            rule("interests", enough=2),
            rule("site", "same"),
            rule("faith", "same", quiet=True),
            rule("age", "same"),
        ],
        "apart": [],
    }

    (found,) = engine.top(problem, "ben")

    assert found["shared"] == {"languages": ["tamil"], "interests": ["<B>football</B>"], "site": ["north"]}
    assert found["lacks"] == [
        {"code": "interests", "points": 5, "known": True, "of": ["Chess", "Cooking"]},
        {"code": "age", "points": 5, "known": False, "of": []},
    ]
    assert found["score"] == 10 + 5 + 10 + 10 + 5


def test_mentors_who_told_the_same_are_each_told_in_words_of_their_own():
    from rapport.matching.engine.boards import Board

    told = [["Chess", 1], ["cooking", " CHESS", "chess"], [True, "chess "], ["chess", "1"], "chess", [["chess"], None]]
    problem = {
        **a_rich_problem(random.Random(1)),
        "mentees": [{"key": "ben", "lot": "ben", "traits": {"y": ["chess", 1, "go"], "site": "north"}}],
        "mentors": [
            {"key": f"t{n}", "lot": f"t{n}", "traits": {"y": words, "site": ["North", "NORTH "][n % 2]}, "capacity": 1}
            for n, words in enumerate(told)
        ],
        "criteria": [{**one, "is_hard": False} for one in CRITERIA],
        "apart": [],
        "wishes": [],
    }

    found = Board(problem).top("ben")

    assert found == engine.top(problem, "ben")
    assert {one["mentor"]: one["shared"] for one in found} == {
        "t0": {"y": ["Chess", "1"], "site": ["North"]},
        "t1": {"y": [" CHESS"], "site": ["NORTH "]},
        "t2": {"y": ["chess "], "site": ["North"]},
        "t3": {"y": ["chess", "1"], "site": ["NORTH "]},
        "t4": {"y": ["chess"], "site": ["North"]},
        "t5": {"site": ["NORTH "]},
    }


def test_parts_and_rules_broken_are_those_a_round_tells():
    problem = a_rich_problem(random.Random(3), 12, 10, apart=[["m0", "t0"]], locked=[["m0", "t0"]])
    answer = engine.run(problem)
    people = plain.People(problem)
    mentors = {one["key"]: one for one in problem["mentors"]}

    for pair in answer["pairs"]:
        found = people.pair(people.mentee(pair["mentee"]), mentors[pair["mentor"]])
        assert (found["score"], found["parts"], found["breaks"]) == (
            pair["score"],
            pair["parts"],
            pair.get("breaks", []),
        )
    assert checker.check(problem, answer)


def test_nobody_has_that_key():
    with pytest.raises(ValueError, match="nobody has that key"):
        engine.top(a_rich_problem(random.Random(1)), "omar")


def test_the_process_of_its_own_is_asked_about_one_mentee():
    from rapport.matching.calling import NoAnswer, ask_engine

    problem = a_rich_problem(random.Random(4), 9, 12)

    assert ask_engine(problem, question="top", mentee_key="m3", n=3) == engine.top(problem, "m3", 3)
    with pytest.raises(NoAnswer):
        ask_engine(problem, question="top", mentee_key="omar")


def test_one_question_in_plain_python_loads_no_numbers():
    import subprocess
    import sys

    said = (
        "import sys, rapport.matching.engine.ranking, rapport.matching.engine.rematching;"
        "print({'numpy', 'numba', 'scipy', 'django'} & set(sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout == "set()\n"
