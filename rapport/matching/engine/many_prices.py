"""All prices of an answer against the scores of many pairs at once, for `many_checker`.

Prices may be larger than machine words: they are split into parts of 40 bits.
"""

import numpy as np

from rapport.matching.engine import checker

BITS = 40
LARGEST = 1 << 61  # sums of numbers below it fit machine words


class Prices:
    """All prices of an answer, as arrays."""

    def __init__(self, seen, wished, keys, mentors):
        proof, self.wished, self.blocking = seen.proof, wished, 0
        self.open = np.array([seen.places[key] > 0 for key in mentors], bool)
        steps = [(wished.steps.get(key, 0) if wished else 0) for key in keys]
        step, weights = (proof["step"], proof["weights"]) if wished else (0, [])
        own = [proof["mentee_prices"][key] - proof["bonus"] - step * n for key, n in zip(keys, steps, strict=True)]
        other = [proof["mentor_prices"][key] for key in mentors]
        largest = sum(max(map(abs, some), default=0) for some in (own, other, weights))
        self.parts = 1 if largest < LARGEST else largest.bit_length() // BITS + 1
        self.own, self.other, self.weights = (split(some, self.parts) for some in (own, other, weights))
        self.are_plain = not wished and self.parts == 1
        if wished:
            places = {key: n for n, key in enumerate(mentors)}
            self.liked = np.array([places.get(proof["liked"].get(key), -1) for key in keys], dtype=np.int64)
            self.covers = [(cover_of(one, steps, keys, mentors), least) for one, least in wished.covers]
            self.has, self.likes = (limits(*one, keys, mentors) for one in (wished.has, wished.likes_of))

    def hold(self, rows, scores, may_be):
        """Some mentees' pairs against every set of prices that speaks of them."""
        gap = self.own[:, rows, None] + self.other[:, None, :]
        gap[0] -= scores
        wished, looked = self.wished, may_be
        if wished:
            for n, band in enumerate(wished.bands):
                gap += self.weights[:, n, None, None] * (scores < band)
            at = np.flatnonzero(self.liked[rows] >= 0)
            gap[0, at, self.liked[rows[at]]] -= wished.likes
            looked = may_be if wished.least is None else may_be & (scores >= wished.least)
        checker.require(not (looked & is_below_zero(gap)).any(), "the prices miss a pair")
        if wished:
            self.hold_covers(rows, scores, may_be)

    def hold_covers(self, rows, scores, may_be):
        for (own, other), least in self.covers:
            enough = own[rows, None] + other >= 0
            above = may_be if least is None else may_be & (scores >= least)
            checker.require(not (above & ~enough).any(), "the prices of serving miss a pair")
        (own, least), (liked, liked_least) = self.has, self.likes
        self.wished.blocking += int((may_be & (scores > own[rows, None]) & (scores > least)).sum())
        if self.wished.likes:
            self.wished.blocks_liked |= bool((may_be & (scores > liked[rows, None]) & (scores > liked_least)).any())


def cover_of(proof, steps, keys, mentors):
    own = [proof["mentee_prices"][key] - proof["bonus"] - n for key, n in zip(keys, steps, strict=True)]
    return np.array(own, dtype=np.int64), np.array([proof["mentor_prices"][key] for key in mentors], dtype=np.int64)


def limits(own, least, keys, mentors):
    """What each mentee has, and the least each mentor has; where a place is free, anything is better."""
    nothing = -LARGEST
    sides = [own.get(key, nothing) for key in keys], [least.get(key, nothing) for key in mentors]
    return tuple(np.array(side, dtype=np.int64) for side in sides)


def split(values, parts):
    """Whole numbers as so many rows of 40 bits, the lowest first; the last row takes the rest, with its sign."""
    if parts == 1:
        return np.array([values], dtype=np.int64)
    rows, mask = [], (1 << BITS) - 1
    for _ in range(parts - 1):
        rows.append([n & mask for n in values])
        values = [n >> BITS for n in values]
    return np.array([*rows, values], dtype=np.int64)


def is_below_zero(gap):
    """Whether numbers in parts are below zero."""
    carry = np.zeros_like(gap[0])
    for part in gap[:-1]:
        carry = (part + carry) >> BITS
    return gap[-1] + carry < 0
