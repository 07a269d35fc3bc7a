"""Verifies an answer to a problem of arrays from the raw columns: by the checkers' own loops, no code of the solver.

What it holds an answer against is what `checker` holds one against: see there. Chosen pairs are judged by NumPy alone.
"""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine import arrays as told
from rapport.matching.engine import checking_kernels, checking_rules
from rapport.matching.engine.checker import reach_of, require
from rapport.matching.engine.judging_many import judged

FULL = 100_000_000  # pairs looked at in every run; where there are more, half as many: those of mentees drawn by lot
TILE = 32_000  # pairs scored in one go: what is worked on stays in a near cache
NEAR = 2048  # mentors looked at in one go: their scores stay in the nearest


def check(problem: "told.Arrays", found: "told.Found", most: int | None = FULL) -> dict:
    """The figures of a proven answer: served, total, worth, bound, looked_at (pairs held against the prices), and the
    `scores` of all pairs, settled ones too, in order of their mentees. Raises NotProven with what is wrong."""
    settled, places = places_left(problem)
    i = np.flatnonzero(found.mentor_of >= 0)
    j, free = found.mentor_of[i], ~settled[i]
    heard, said = [told.answers_of(one, problem)[:2] for one in problem.criteria], said_of(problem)
    scores, may_be = of_pairs(problem, heard, found.neutral, i, j, said)
    require((found.mentor_of[problem.locked[:, 0]] == problem.locked[:, 1]).all(), "a settled pair is not kept")
    require(may_be[free].all(), "a pair may not be")
    require((np.bincount(j[free], minlength=len(places)) <= places).all(), "somebody has more than they can take")
    worth = check_bound(found, places, scores[free])
    looked_at = check_prices(problem, heard, found, places, np.flatnonzero(~settled), most, said)
    figures = {"served": len(i), "total": int(scores.sum()), "worth": worth, "bound": worth, "looked_at": looked_at}
    return {**figures, "scores": scores}


def places_left(problem):
    """Which mentees are settled, and the places of each mentor after them."""
    settled, places = np.zeros(len(problem.mentee_keys), dtype=bool), np.array(problem.capacity, dtype=np.int64)
    settled[problem.locked[:, 0]] = True
    np.subtract.at(places, problem.locked[:, 1], 1)
    return settled, np.maximum(places, 0)


def check_bound(found, places, scores):
    """All prices are whole, none below 0, and together cost just what the free pairs are worth. Returns that."""
    prices = found.mentee_prices, found.mentor_prices
    require(all(side.dtype.kind == "i" and side.min(initial=0) >= 0 for side in prices), "a price is wrong")
    worth = int(scores.sum()) + found.bonus * len(scores)
    bound = sum(prices[0].tolist()) + sum((places * prices[1]).tolist())
    require(worth == bound, f"worth {worth}, but the prices allow {bound}")
    return worth


def check_prices(problem, heard, found, places, mentees, most, said):
    """The prices cover every pair that may be. Returns how many pairs were looked at."""
    if problem.pairs is not None:
        i, j = problem.pairs[:, 0], problem.pairs[:, 1]
        scores, may_be = of_pairs(problem, heard, found.neutral, i, j, said)
        may_be &= np.isin(i, mentees) & (places[j] > 0)
        enough = found.mentee_prices[i] + found.mentor_prices[j] - found.bonus >= scores
        require(enough[may_be].all(), "the prices miss a pair")
        return int(may_be.sum())
    check_reach(problem, found, said)
    looked_at, open_to, part = 0, np.flatnonzero(places > 0), Part(problem, heard, found, said)
    for rows, cols in groups_of(problem, mentees, open_to, most):
        for low in range(0, len(cols), NEAR):
            require(part.are_covered(rows, cols[low : low + NEAR]), "the prices miss a pair")
        looked_at += len(rows) * len(cols)
    return looked_at


def check_reach(problem, found, said):
    """No score is larger than the loops hold."""
    wishes = said.wishes[1].min(initial=0), said.wishes[1].max(initial=0)
    low, high = reach_of({"criteria": problem.criteria}, [*map(int, wishes)])
    most = max(-low, high) + sum(map(abs, found.neutral.values()))
    require(most < -checking_rules.never_of(problem.criteria) // 2, "a score could be too large")


class Part:
    """Some mentees and some mentors of a problem of arrays, one part after the other."""

    def __init__(self, problem, heard, found, said):
        self.problem, self.heard, self.found = problem, heard, found
        self.n, self.tables = max(1, len(problem.mentor_keys)), (said.wishes, (said.apart,))
        firsts = np.arange(len(problem.mentee_keys) + 1) * self.n
        self.starts = [np.searchsorted(keys, firsts) for keys, *_ in self.tables]
        self.place = np.full(len(problem.mentor_keys), -1)  # of the mentors of this part

    def are_covered(self, rows, cols):
        """Whether the prices cover every pair of these that may be."""
        criteria, found, sizes = self.problem.criteria, self.found, (len(rows), len(cols))
        rules = checking_rules.rules_of(criteria, [(a[rows], b[cols]) for a, b in self.heard], found.neutral, *sizes)
        self.place[cols] = np.arange(len(cols))
        tables = [self.of_these(rows, *two) for two in zip(self.tables, self.starts, strict=True)]
        self.place[cols] = -1
        said = checking_rules.said_of(*tables, np.ones(len(cols), bool), len(rows), self.problem.floor, rules.never)
        own, other = found.mentee_prices[rows] - found.bonus, found.mentor_prices[cols]
        return checking_kernels.first_missed(np.arange(len(rows)), rules, said, own, other) < 0

    def of_these(self, rows, table, starts):
        """What a table of pairs says of this part: places of mentees and mentors, and numbers."""
        first, sizes = starts[rows], starts[rows + 1] - starts[rows]
        ends = np.cumsum(sizes)
        which = np.repeat(first - ends + sizes, sizes) + np.arange(sizes.sum())
        keys, *numbers = (column[which] for column in table)
        i, j = np.repeat(np.arange(len(rows)), sizes), self.place[keys % self.n]
        return np.stack([i, j, *numbers], axis=1)[j >= 0]


def groups_of(problem, mentees, mentors, most):
    """Mentees with the mentors they could be with; of some mentees only where that is too many."""
    a, b = parting(problem)
    if a is None:
        groups = [(mentees, mentors)]
    else:
        by, over = mentees[np.argsort(a[mentees], kind="stable")], mentors[np.argsort(b[mentors], kind="stable")]
        codes = np.unique(a[by])
        ends = [np.searchsorted(s, codes, side=to) for s in (a[by], b[over]) for to in ("left", "right")]
        groups = [(by[p:q], over[x:y]) for p, q, x, y in zip(*ends, strict=True)]
    every = sum(len(rows) * len(cols) for rows, cols in groups)
    share = 1.0 if most is None or every <= most else most / 2 / every
    dice = np.random.Generator(np.random.Philox(len(mentees)))
    for rows, cols in groups:
        some = rows if share == 1 else np.sort(dice.permutation(rows)[: max(1, int(share * len(rows)))])
        yield some, cols


def tiles(problem, mentees, mentors, most):
    """The same in stretches of few pairs."""
    for rows, cols in groups_of(problem, mentees, mentors, most):
        step = max(1, TILE // max(1, len(cols)))
        for low in range(0, len(rows) if len(cols) else 0, step):
            yield rows[low : low + step], cols


def parting(problem):
    """The answers to a hard rule "same" that everybody told: others than those of one answer may not be anyway."""
    for one in problem.criteria:
        if one["kind"] == "same" and one["is_hard"]:
            a, b, _ = told.answers_of(one, problem)
            if a.all() and b.all():
                return a, b
    return None, None


def of_pairs(problem, heard, neutral, i, j, said=None):
    """(scores, which may be) of pairs of rows; i and j of one shape, or of shapes that spread over each other."""
    shape = np.broadcast_shapes(i.shape, j.shape)
    scores, may_be = np.zeros(shape, dtype=np.int64), np.ones(shape, dtype=bool)
    for one, (a, b) in zip(problem.criteria, heard, strict=True):
        points, known, right = judged(one, a[i], b[j])
        scores += np.where(known, points, neutral[one["code"]])
        if one["is_hard"]:
            may_be &= ~(known & ~right)
    keys, said = i * max(1, len(problem.mentor_keys)) + j, said or said_of(problem)
    scores += summed(said.wishes, keys)
    if problem.pairs is not None:
        scores += summed(said.pairs, keys)
        may_be &= found_in(said.pairs[0], keys)
    may_be &= ~found_in(said.apart, keys)
    return scores, may_be if problem.floor is None else may_be & (scores >= problem.floor)


class Said(NamedTuple):
    """What is said of single pairs, in order, each once: (keys, points), or keys alone."""

    wishes: tuple[np.ndarray, np.ndarray]
    pairs: tuple[np.ndarray, np.ndarray]
    apart: np.ndarray


def said_of(problem) -> Said:
    """Worked out once for many stretches of pairs."""
    n, pairs = max(1, len(problem.mentor_keys)), problem.wishes[:0] if problem.pairs is None else problem.pairs
    apart = np.unique(problem.apart[:, 0] * n + problem.apart[:, 1])
    return Said(added_up(problem.wishes, n), added_up(pairs, n), apart)


def added_up(rows, n):
    keys, which = np.unique(rows[:, 0] * n + rows[:, 1], return_inverse=True)
    sums = np.zeros(len(keys), dtype=np.int64)
    np.add.at(sums, which, rows[:, 2])
    return keys, sums


def found_in(keys, wanted):
    """Which of the wanted are among keys that are in order."""
    if not len(keys):
        return np.zeros(wanted.shape, dtype=bool)
    return keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] == wanted


def summed(said, wanted):
    """What is said of each of the wanted pairs, added up."""
    keys, sums = said
    if not len(keys):
        return np.zeros(wanted.shape, dtype=np.int64)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, sums[at], 0)
