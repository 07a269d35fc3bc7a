"""Holds prices against many pairs at once: NumPy, and one loop of its own, on what people told; no solver's code.

It looks at the same things as `checker.check_pairs`, `checker.check_prices` and `policy_checker.Wished.look_at`, a
stretch of mentees at a time; against which prices: `many_prices`.
"""

import numpy as np

from rapport.matching.engine import checker, judging_many
from rapport.matching.engine.checking_kernels import add_shared
from rapport.matching.engine.many_prices import Prices

TILE = 32_000  # pairs looked at in one go: what is worked on stays in a near cache
FEW = 64  # answers of mentees up to which each is judged with all mentors once
NO_FLOOR = -(1 << 61)


class Many:
    """What everybody told, as numbers (`hearing.Hearing`), against an answer; `seen` is the checker's."""

    def __init__(self, seen, heard):
        self.seen, self.heard = seen, heard

    def scored(self, names):
        """As `checker.Seen.score`, of many pairs: score, the points of its parts, whether it may be."""
        seen, heard, n = self.seen, self.heard, len(names)
        i, j = (np.array([of[name[side]] for name in names], int) for side, of in ((0, heard.rows), (1, heard.cols)))
        parts, may_be = np.zeros((n, len(heard.rules)), np.int64), np.ones(n, bool)
        for k, ((one, judge), told) in enumerate(zip(seen.judges, heard.rules, strict=True)):
            points, known, right = judging_many.judged(one, told.mentee[i], told.mentor[j])
            parts[:, k] = np.where(known, points, judge.neutral)
            may_be &= right | ~known if one["is_hard"] else True
        wished, which = found_of(heard.wishes, i, j)
        wish = np.where(wished, heard.wishes[which, 2], 0) if len(heard.wishes) else np.zeros(n, int)
        scores = parts.sum(axis=1) + wish
        may_be &= ~found_of(heard.apart, i, j)[0] & (scores >= floor_of(seen.problem))
        told = zip(parts.tolist(), wish.tolist(), strict=True)
        parts = [[*points, more] if more else points for points, more in told]
        return list(zip(scores.tolist(), parts, may_be.tolist(), strict=True))

    def look(self, wished, keys, is_full):
        """Every pair of the mentees `keys`; where they are all, the means of missing answers, too. Raises NotProven."""
        seen, heard = self.seen, self.heard
        mentors = [key for key, places in seen.places.items() if places or is_full]
        rows, cols = (
            np.array([heard.rows[key] for key in keys], int),
            np.array([heard.cols[key] for key in mentors], int),
        )
        most = max(map(abs, checker.reach_of(seen.problem, heard.wishes[:, 2].tolist())))
        dtype = np.int32 if most < 1 << 29 else np.int64
        rules = [
            (Few if is_few(one, told) else Each)(one, judge.neutral, told.mentee[rows], told.mentor[cols], dtype)
            for (one, judge), told in zip(seen.judges, heard.rules, strict=True)
        ]
        self.hold(Prices(seen, wished, keys, mentors), Patches(seen, heard, rows, cols), rules, dtype)
        for rule in rules if is_full else ():
            rule.check_mean()
        if is_full and wished:
            wished.check_blocking()

    def hold(self, prices, patches, rules, dtype):
        """All scores, a stretch of mentees at a time, against the prices."""
        mentees, mentors = len(patches.settled), len(prices.open)
        step = max(1, TILE // max(1, mentors))
        for low in range(0, mentees if mentors else 0, step):
            rows = np.arange(low, min(mentees, low + step))
            scores, may_be = np.zeros((len(rows), mentors), dtype), np.tile(prices.open, (len(rows), 1))
            for rule in rules:
                rule.add(rows, scores, may_be)
            patches.apply(low, scores, may_be)
            prices.hold(rows, scores, may_be)


def is_few(one, heard):
    """Whether mentees gave few different answers."""
    if heard.mentee.ndim == 1:
        return one["kind"] == "ordered-gap" or len(heard.answers) <= FEW
    return heard.mentee.shape[1] == 1 and len(np.unique(heard.mentee)) <= FEW


class Few:
    """One criterion of which mentees gave few answers: what each of them says of every mentor."""

    def __init__(self, one, neutral, a, b, dtype):
        self.one, self.neutral = one, neutral
        _, first, which, times = np.unique(a, return_index=True, return_inverse=True, return_counts=True)
        self.which = which.reshape(-1)
        points, known, right = judging_many.judged(one, a[first, None], b[None])
        self.given = np.where(known, points, neutral).astype(dtype)
        self.good = right | ~known
        self.pairs, self.known = len(a) * len(b), int(known.sum(axis=1) @ times)
        self.total = int((points * known).sum(axis=1) @ times)
        self.gives = bool(self.given.any())

    def add(self, rows, scores, may_be):
        """To the scores of some mentees with all mentors, and to which pairs may be."""
        which = self.which[rows]
        if self.gives:
            scores += self.given.take(which, axis=0)
        if self.one["is_hard"]:
            may_be &= self.good.take(which, axis=0)

    def check_mean(self):
        """After every pair was looked at: what a missing answer gives is the mean of the others."""
        known = self.known
        mean = 0 if known == self.pairs else self.total // known if known else self.one["weight"] // 2
        checker.require(mean == self.neutral, "the mean of the answers is another")


class Each(Few):
    """The same, where nearly each mentee gave another answer: worked out pair by pair."""

    def __init__(self, one, neutral, a, b, dtype):
        self.one, self.neutral, self.a, self.b, self.dtype = one, neutral, a, b, dtype
        self.is_overlap, self.gives = one["kind"] == "overlap", one["weight"] > 0
        self.told = [judging_many.is_known(side) for side in (a, b)]
        self.pairs, self.known, self.total = len(a) * len(b), int(self.told[0].sum()) * int(self.told[1].sum()), 0
        if self.is_overlap:
            self.points, self.b = judging_many.by_shared(one, a.shape[1]).astype(dtype), np.ascontiguousarray(b.T)

    def add(self, rows, scores, may_be):
        (self.shared if self.is_overlap else self.equal)(rows, scores, may_be)

    def shared(self, rows, scores, may_be):
        told, gives = (self.a[rows], self.b, self.told[1]), (self.points, self.dtype(self.neutral))
        self.total += add_shared(*told, *gives, self.one["is_hard"], self.known == self.pairs, scores, may_be)

    def equal(self, rows, scores, may_be):
        right = (self.a[rows, None] == self.b) == (self.one["kind"] == "same")
        if self.known < self.pairs:
            known = self.told[0][rows, None] & self.told[1]
            self.total += self.one["weight"] * int((right & known).sum())
            scores += (~known) * self.dtype(self.neutral)
            may_be &= right | ~known if self.one["is_hard"] else True
            right &= known
        elif self.one["is_hard"]:
            may_be &= right
        if self.gives:
            scores += right * self.dtype(self.one["weight"])


class Patches:
    """What is said of single pairs: wishes, who is apart, who is settled; and the floor."""

    def __init__(self, seen, heard, rows, cols):
        self.floor, self.settled = floor_of(seen.problem), np.zeros(len(heard.rows), bool)
        self.settled[[heard.rows[a] for a, _ in seen.locked]] = True
        self.settled = self.settled[rows]
        at, over = (place_of(*two) for two in ((rows, heard.rows), (cols, heard.cols)))
        self.wishes, self.apart = (of_these(table, at, over) for table in (heard.wishes, heard.apart))

    def apply(self, low, scores, may_be):
        """On the pairs of some mentees, the first being `low`."""
        i, j, points = stretch_of(self.wishes, low, len(scores))
        scores[i, j] += points
        i, j = stretch_of(self.apart, low, len(scores))
        may_be[i, j] = False
        if self.floor > NO_FLOOR:
            may_be &= scores >= self.floor
        may_be[self.settled[low : low + len(scores)]] = False


def place_of(chosen, everybody):
    """Where each of everybody stands among the chosen; -1 where they do not."""
    at = np.full(len(everybody), -1)
    at[chosen] = np.arange(len(chosen))
    return at


def of_these(table, at, over):
    """The rows of a table of pairs that are among the chosen, by their places, those of one mentee together."""
    i, j = at[table[:, 0]], over[table[:, 1]]
    by = np.argsort(i, kind="stable")
    by = by[(i[by] >= 0) & (j[by] >= 0)]
    return np.stack([i[by], j[by], *table[by, 2:].T])


def stretch_of(table, low, size):
    """The rows of a table of pairs of so many mentees from one on, as places from there."""
    first, last = np.searchsorted(table[0], (low, low + size))
    return table[0, first:last] - low, *table[1:, first:last]


def found_of(table, i, j):
    """Which of these pairs are in a table that is in order, and in which row."""
    keys, wanted = table[:, 0] << 32 | table[:, 1], i << 32 | j
    at = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
    return (keys[at] == wanted if len(keys) else np.zeros(len(i), bool)), at


def floor_of(problem):
    return NO_FLOOR if problem.get("floor") is None else problem["floor"]
