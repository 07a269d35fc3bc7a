"""What a problem tells, made comparable once: for the solver, for the words of an answer and for the checkers.

Nothing here is worked out from anybody's score, and nobody can write into it: whoever checks an answer may rest on it
as on the problem itself.
"""

from itertools import chain, repeat
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from rapport.matching.engine.numbering import numbered, packed
from rapport.matching.engine.telling import all_folded, answer_of, trait_of


class Heard(NamedTuple):
    """What both sides told to a criterion: numbers from 1 (0: nothing), of an ordered gap places in its order; of an
    overlap bits."""

    mentee: np.ndarray  # int32[M], or uint64[M, W]
    mentor: np.ndarray  # int32[N], or uint64[N, W]
    answers: list[str]  # the different ones, as each number from 1, or each bit from the lowest, stands for them


class Hearing(NamedTuple):
    """People by their places in the lists of the problem. Pairs of which one is nobody there are left out."""

    rules: list[Heard]  # what both sides told to each criterion
    rows: dict[str, int]  # the place of each mentee, by key
    cols: dict[str, int]  # of each mentor
    wishes: np.ndarray  # int64[K, 3]: mentee, mentor, points added up; in order, each pair once
    apart: np.ndarray  # int64[K, 2]: the same of those who may not be together


def hear(problem: dict) -> Hearing:
    """Raises ValueError for a kind of criterion there is not."""
    sides = problem["mentees"], problem["mentors"]
    traits = [[one["traits"] for one in people] for people in sides]
    rules = [heard(one, *traits) for one in problem["criteria"]]
    rows, cols = ({one["key"]: n for n, one in enumerate(people)} for people in sides)
    wishes, apart = pairs_of(problem.get("wishes", ()), rows, cols), pairs_of(problem["apart"], rows, cols)
    for one in (array for told in rules for array in told[:2]):
        one.setflags(write=False)
    return Hearing(rules, rows, cols, added_up(*wishes), added_up(*apart)[:, :2])


def heard(criterion: dict, mentees: list[dict], mentors: list[dict]) -> Heard:
    """What people of these traits told to a criterion. Raises ValueError for a kind there is not."""
    if criterion["kind"] not in KINDS:
        raise ValueError(f"there is no kind of criterion {criterion['kind']!r}")
    told = [*told_by(mentees, criterion, "mentee"), *told_by(mentors, criterion, "mentor")]
    each, answers = KINDS[criterion["kind"]](criterion["settings"], told)
    return Heard(each[: len(mentees)], each[len(mentees) :], answers)


def told_by(traits, criterion, side):
    """What each of many told to a criterion, as `answer_of` says it of one."""
    if side == "mentee" and "only_if" in criterion["settings"]:
        return [answer_of(one, criterion, side) for one in traits]
    return list(map(dict.get, traits, repeat(trait_of(criterion, side))))


def words(_settings, told):
    """A number from 1 for each answer, the same however they came, 0 for none; and the different answers."""
    which, names = numbered(told)
    by = sorted(range(len(names)), key=names.__getitem__)
    answers = [names[n] for n in by]
    nothing = answers[:1] == [""]
    place = np.argsort(np.array(by, dtype=np.int64)).astype(np.int32) + np.int32(not nothing)
    return place[which], answers[nothing:]


def places(settings, told):
    """The place of each answer in an order, that of the first where it stands in it twice; 0 for others."""
    order, (which, names) = all_folded(settings["order"]), numbered(told)
    place = {name: n for n, name in reversed(list(enumerate(order, start=1))) if name}
    return np.array([place.get(name, 0) for name in names], dtype=np.int32)[which], order


def bits(settings, told):
    """A bit for each of several answers."""
    lists = listed(told)
    each, answers = words(settings, list(chain.from_iterable(lists)))
    sizes = np.fromiter(map(len, lists), np.int64, len(lists))
    return packed(each, sizes, max(1, (len(answers) + 63) // 64)), answers


def listed(told):
    """Several answers of each; one that is no list is one answer."""
    if set(map(type, told)) <= {list}:
        return told
    return [one if isinstance(one, list) else [one] * (one is not None) for one in told]


KINDS = {"ordered-gap": places, "same": words, "different": words, "overlap": bits}


def pairs_of(told, rows, cols):
    """Pairs as places, and the number told of each, 0 where there is none."""
    i = np.fromiter(map(rows.get, map(itemgetter(0), told), repeat(-1)), np.int64, len(told))
    j = np.fromiter(map(cols.get, map(itemgetter(1), told), repeat(-1)), np.int64, len(told))
    n = np.fromiter((one[2] if len(one) > 2 else 0 for one in told), np.int64, len(told))
    known = (i >= 0) & (j >= 0)
    return i[known], j[known], n[known]


def added_up(i, j, n):
    """Mentee, mentor and the sum of the numbers of each pair, in order."""
    size = int(j.max(initial=0)) + 1
    keys, sums = summed(i * size + j, n)
    table = np.stack([*np.divmod(keys, size), sums], axis=1)
    table.setflags(write=False)
    return table


def summed(keys, numbers):
    """The different keys in order, and the sum of the numbers of each."""
    by = np.argsort(keys, kind="stable")
    keys = keys[by]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[first], np.add.reduceat(numbers[by], first)
