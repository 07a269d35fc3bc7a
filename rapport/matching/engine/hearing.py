"""What a problem tells, made comparable once: for the solver, for the words of an answer and for the checkers.

Nothing here is worked out from anybody's score, and nobody can write into it: whoever checks an answer may rest on it
as on the problem itself.
"""

from itertools import repeat
from typing import NamedTuple

import numpy as np

from rapport.matching.engine import judging_many
from rapport.matching.engine.judging_many import Heard


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
    rules = [judging_many.heard(one, *traits) for one in problem["criteria"]]
    rows, cols = ({one["key"]: n for n, one in enumerate(people)} for people in sides)
    wishes, apart = pairs_of(problem.get("wishes", ()), rows, cols), pairs_of(problem["apart"], rows, cols)
    for one in (array for heard in rules for array in heard[:2]):
        one.setflags(write=False)
    return Hearing(rules, rows, cols, added_up(*wishes), added_up(*apart)[:, :2])


def pairs_of(told, rows, cols):
    """Pairs as places, and the number told of each, 0 where there is none."""
    a, b, *rest = zip(*told, strict=True) if told else ((), ())
    i, j = (np.fromiter(map(at.get, of, repeat(-1)), np.int64, len(of)) for at, of in ((rows, a), (cols, b)))
    n = np.array(rest[0], dtype=np.int64) if rest else np.zeros(len(i), np.int64)
    known = (i >= 0) & (j >= 0)
    return i[known], j[known], n[known]


def added_up(i, j, n):
    """Mentee, mentor and the sum of the numbers of each pair, in order."""
    size = int(j.max(initial=0)) + 1
    keys, which = np.unique(i * size + j, return_inverse=True)
    sums = np.zeros(len(keys), dtype=np.int64)
    np.add.at(sums, which, n)
    table = np.stack([*np.divmod(keys, size), sums], axis=1)
    table.setflags(write=False)
    return table
