"""What each kind of criterion gives, in whole numbers, and that the order of people makes no difference."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.matching import engine
from rapport.matching.engine.judging import judge, neutral_of
from rapport.matching.rounds.wording import part_words

GRADE = {"trait": "grade", "order": ["EO", "HEO", "SEO"], "least": 1, "most": 2, "points": {"1": 100, "2": 70}}
ALIKE = {"mentee": "wanted", "mentor": "told", "only_if": "asked", "quiet": True}


def judged(kind, settings, mentee, mentor, weight=10):
    """Points, whether it can be judged, whether it is right: of one pair, as the engine scores and explains it."""
    criterion = {"code": "c", "kind": kind, "weight": weight, "is_hard": False, "settings": settings}
    ben, ama = {"key": "1", "lot": "ben", "traits": mentee}, {"key": "2", "lot": "ama", "traits": mentor, "capacity": 1}
    problem = {"seed": "", "mentees": [ben], "mentors": [ama], "criteria": [criterion], "apart": []}
    (pair,) = engine.run(problem)["pairs"]
    part = tuple(judge(criterion, ben, ama, neutral_of(criterion, [ben], [ama])))
    assert part == tuple(pair["parts"][0][name] for name in ("points", "known", "right"))
    return part


@pytest.mark.parametrize(
    ("kind", "settings", "mentee", "mentor", "expected"),
    [
        ("ordered-gap", GRADE, {"grade": "EO"}, {"grade": "HEO"}, (10, True, True)),
        ("ordered-gap", GRADE, {"grade": "eo "}, {"grade": "SEO"}, (7, True, True)),
        ("ordered-gap", GRADE, {"grade": "SEO"}, {"grade": "EO"}, (0, True, False)),
        ("ordered-gap", GRADE, {"grade": "EO"}, {"grade": "EO"}, (0, True, False)),
        ("ordered-gap", GRADE, {"grade": "Minister"}, {"grade": "EO"}, (5, False, False)),
        ("same", {"trait": "job"}, {"job": "Policy"}, {"job": "policy"}, (10, True, True)),
        ("same", {"trait": "job"}, {"job": "Policy"}, {"job": "HR"}, (0, True, False)),
        ("same", {"trait": "job"}, {"job": ""}, {"job": "HR"}, (5, False, False)),
        ("same", {"trait": "job"}, {}, {}, (5, False, False)),
        ("different", {"trait": "job"}, {"job": "Policy"}, {"job": "HR"}, (10, True, True)),
        ("different", {"trait": "job"}, {"job": "HR"}, {"job": "HR"}, (0, True, False)),
        ("overlap", {"trait": "likes", "enough": 2}, {"likes": ["A", "B"]}, {"likes": ["b", "a"]}, (10, True, True)),
        ("overlap", {"trait": "likes", "enough": 2}, {"likes": ["Chess"]}, {"likes": ["go", "chess"]}, (5, True, True)),
        ("overlap", {"trait": "likes"}, {"likes": "Chess"}, {"likes": ["go"]}, (0, True, False)),
        ("overlap", {"trait": "likes"}, {"likes": []}, {"likes": ["go"]}, (5, False, False)),
        ("overlap", {"trait": "likes"}, {"likes": {"a": 1}}, {"likes": 7}, (0, True, False)),
        ("overlap", ALIKE, {"asked": "yes", "wanted": "A"}, {"told": ["a", "b"]}, (10, True, True)),
        ("overlap", ALIKE, {"asked": "no", "wanted": "A"}, {"told": ["a", "b"]}, (5, False, False)),
    ],
)  # fmt: skip
def test_what_a_pair_gets(kind, settings, mentee, mentor, expected):
    assert judged(kind, settings, mentee, mentor) == expected


def test_a_kind_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="no kind of criterion 'magic'"):
        judged("magic", {"trait": "x"}, {}, {})


@pytest.mark.parametrize(
    ("kind", "settings", "mentee", "mentor", "part", "words"),
    [
        ("same", {"trait": "job"}, {"job": "HR"}, {"job": "HR"}, (True, True), "both HR"),
        ("ordered-gap", GRADE, {"grade": "EO"}, {"grade": "SEO"}, (True, True), "mentor SEO, mentee EO"),
        ("overlap", {"trait": "likes"}, {"likes": ["Go", "Tea"]}, {"likes": ["tea"]}, (True, True), "both tea"),
        ("overlap", {"trait": "likes"}, {"likes": ["Go"]}, {"likes": ["tea"]}, (True, False), "nothing in common"),
        ("overlap", ALIKE, {"wanted": "Orchid"}, {"told": ["Orchid"]}, (True, True), "as they asked for"),
        ("overlap", ALIKE, {"wanted": "Orchid"}, {"told": ["Rose"]}, (True, False), "not as they asked for"),
        ("same", {"trait": "job"}, {}, {"job": "HR"}, (False, False), "not answered"),
    ],
)
def test_how_a_part_reads(kind, settings, mentee, mentor, part, words):
    criterion, (known, right) = {"kind": kind, "settings": settings}, part

    assert part_words(criterion, {"known": known, "right": right}, mentee, mentor) == words


people = st.lists(st.sampled_from(["", "A", "B", "C"]), min_size=1, max_size=6)


def somebody(key, told):
    return {"key": key, "lot": key, "traits": {"x": told}}


@given(people, people, st.randoms(use_true_random=False))
def test_shuffled_people_get_the_same_pairs_and_the_parts_add_up(mentees, mentors, dice: random.Random):
    problem = {
        "seed": "riverside",
        "mentees": [somebody(f"m{n}", told) for n, told in enumerate(mentees)],
        "mentors": [somebody(f"t{n}", told) | {"capacity": 1} for n, told in enumerate(mentors)],
        "criteria": [
            {"code": "x", "kind": "same", "weight": 7, "is_hard": False, "settings": {"trait": "x"}},
            {"code": "y", "kind": "different", "weight": 4, "is_hard": True, "settings": {"trait": "x"}},
        ],
        "apart": [["m0", "t0"]],
    }
    first = engine.run(problem)

    for side in ("mentees", "mentors"):
        dice.shuffle(problem[side])

    assert engine.run(problem) == first
    assert len(first["pairs"]) + len(first["left"]) == len(mentees)
    assert all(pair["score"] == sum(part["points"] for part in pair["parts"]) for pair in first["pairs"])
    assert ("m0", "t0") not in {(pair["mentee"], pair["mentor"]) for pair in first["pairs"]}
