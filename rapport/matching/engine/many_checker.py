"""Holds prices against many pairs at once, on what people told; no solver's code.

It looks at the same things as `checker.check_pairs`, `checker.check_prices` and `policy_checker.Wished.look_at`, by
loops of its own (`checking_kernels`) over what criteria say (`checking_rules`); against which prices: `many_prices`.
"""

import numpy as np

from rapport.matching.engine import checker, checking_kernels
from rapport.matching.engine.checking_rules import mean_of, rules_of, said_of
from rapport.matching.engine.judging_many import found_of
from rapport.matching.engine.many_prices import Prices

TILE = 32_000  # pairs looked at in one go where a policy asks more than one thing of each


class Many:
    """What everybody told, as numbers (`hearing.Hearing`), against an answer; `seen` is the checker's."""

    def __init__(self, seen, heard):
        self.seen, self.heard, sizes = seen, heard, (len(heard.rows), len(heard.cols))
        self.rules = rules_of(seen.problem["criteria"], heard.rules, seen.proof["neutral"], *sizes)

    def scored(self, names):
        """As `checker.Seen.score`, of many pairs: score, the points of its parts, whether it may be."""
        seen, heard, n = self.seen, self.heard, len(names)
        i, j = np.array([heard.rows[a] for a, _ in names], int), np.array([heard.cols[b] for _, b in names], int)
        parts, may_be = np.zeros((n, len(heard.rules)), np.int32), np.ones(n, bool)
        checking_kernels.parts_of(i, j, self.rules, parts, may_be)
        wished, which = found_of(heard.wishes, i, j)
        wish = np.where(wished, heard.wishes[which, 2], 0) if len(heard.wishes) else np.zeros(n, int)
        scores, floor = parts.sum(axis=1) + wish, seen.problem.get("floor")
        may_be &= ~found_of(heard.apart, i, j)[0] & (floor is None or scores >= floor)
        told = zip(parts.tolist(), wish.tolist(), strict=True)
        parts = [[*points, more] if more else points for points, more in told]
        return list(zip(scores.tolist(), parts, may_be.tolist(), strict=True))

    def look(self, wished, keys, is_full):
        """Every pair of the mentees `keys`; where they are all, the means of missing answers, too. Raises NotProven."""
        seen, heard = self.seen, self.heard
        settled = {mentee for mentee, _ in seen.locked}
        rows = np.array([heard.rows[key] for key in keys if key not in settled], int)
        prices = Prices(seen, wished, list(heard.rows), list(heard.cols))
        floor, mentees = seen.problem.get("floor"), len(heard.rows)
        said = said_of(heard.wishes, heard.apart, prices.open, mentees, floor, self.rules.never)
        self.hold(prices, rows, said)
        for k, (one, told) in enumerate(zip(seen.problem["criteria"], heard.rules, strict=True) if is_full else ()):
            mean = mean_of(one, told, self.rules, k)
            checker.require(mean == seen.proof["neutral"][one["code"]], "the mean of the answers is another")
        if is_full and wished:
            wished.check_blocking()

    def hold(self, prices, rows, said):
        """The pairs of these mentees against the prices: in one go, or where there is a policy in stretches."""
        if prices.are_plain:
            missed = checking_kernels.first_missed(rows, self.rules, said, prices.own[0], prices.other[0])
            checker.require(missed < 0, "the prices miss a pair")
            return
        mentors = len(prices.open)
        step = max(1, TILE // max(1, mentors))
        for some in (rows[low : low + step] for low in range(0, len(rows), step)):
            scores = np.empty((len(some), mentors), np.int32)
            checking_kernels.look_at(some, self.rules, said, scores)
            prices.hold(some, scores, scores >= said.floor)
