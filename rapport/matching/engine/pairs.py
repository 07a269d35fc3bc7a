"""Pairs as an answer tells them: who, the score, and the parts that add up to it, in words that JSON knows."""

import numpy as np

from rapport.matching.engine import checker, columns, judging_many
from rapport.matching.engine.plain import WISH, broken, hard_codes, told_part
from rapport.matching.engine.preparing import settled_of


def told(problem, ready, i, j, keys):
    """Pairs that may be, by their places in the orders of `ready`. `keys`: those of all mentees, and of all mentors."""
    return parted(problem, ready, i, j, keys, wished(ready.problem.columns, i, j).tolist())


def settled(problem, ready, keys):
    """Their places, and the settled pairs with the codes of rules they break."""
    two = settled_of(problem, ready.mentees, ready.mentors)
    if not two:
        return two, []
    i, j = np.array(two, dtype=np.int64).T
    wishes, hard = checker.wishes_of(problem), hard_codes(problem["criteria"])
    apart = {(a, b) for a, b in problem["apart"]}
    pairs = parted(problem, ready, i, j, keys, [wishes.get((keys[0][a], keys[1][b]), 0) for a, b in two])
    return two, [one | {"locked": True, "breaks": broken(one, hard, apart)} for one in pairs]


def parted(problem, ready, i, j, keys, wishes):
    """Pairs with the parts of their scores, and what was wished besides."""
    parts, scores = [], np.array(wishes, np.int64)
    for k, one in enumerate(problem["criteria"]):
        points, known, right = judging_many.judged(one, *columns.answers_of(ready.problem.columns, k, i, j))
        points = np.where(known, points, ready.neutral[one["code"]])
        parts.append(map(Parts(one["code"]).__getitem__, (points << 2 | known << 1 | known & right).tolist()))
        scores += points
    each = zip(*parts, strict=True) if parts else [()] * len(i)
    rows = zip(i.tolist(), j.tolist(), scores.tolist(), each, wishes, strict=True)
    return [
        {"mentee": keys[0][a], "mentor": keys[1][b], "score": score, "parts": [*some, *wish_of(wish)]}
        for a, b, score, some, wish in rows
    ]


class Parts(dict):
    """What one criterion says of pairs, by points and two bits: known, right. Pairs of whom it says the same are told
    it by one and the same."""

    def __init__(self, code):
        super().__init__()
        self.code = code

    def __missing__(self, said):
        self[said] = told_part(self.code, said >> 2, bool(said & 2), bool(said & 1))
        return self[said]


def wish_of(points):
    return [told_part(WISH, points, True, points > 0)] if points else ()


def wished(c, i, j):
    """What was wished for pairs that may be. Of those kept apart it is not told."""
    rows = np.repeat(np.arange(len(c.own_starts) - 1), np.diff(c.own_starts))
    is_there, at = judging_many.found_of(np.stack([rows, c.own_mentors], axis=1), i, j)
    return np.where(is_there, c.own_points[at], 0) if len(rows) else np.zeros(len(i), np.int64)
