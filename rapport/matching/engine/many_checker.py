"""Holds prices against many pairs at once: plain NumPy on what people told, without kernels, blocks or paths.

It looks at the same things as `checker.check_prices` and `policy_checker.Wished.look_at`, a stretch of mentees at a
time. Prices may be larger than machine words: they are split into parts of 40 bits.
"""

import numpy as np

from rapport.matching.engine import checker

TILE = 300_000  # pairs looked at in one go
BITS = 40
LARGEST = 1 << 61


def look(seen, wished, keys, is_full):
    """Every pair of the mentees `keys`; where they are all, the means of missing answers, too. Raises NotProven."""
    mentors = [key for key, places in seen.places.items() if places or is_full]
    judged = [of_kind(one, judge, seen, n, keys, mentors) for n, (one, judge) in enumerate(seen.judges)]
    sums = [[0, 0] for _ in judged]
    prices, patches = Prices(seen, wished, keys, mentors), Patches(seen, keys, mentors)
    step = max(1, TILE // max(1, len(mentors)))
    for low in range(0, len(keys) if mentors else 0, step):
        rows = np.arange(low, min(len(keys), low + step))
        scores, may_be = np.zeros((len(rows), len(mentors)), np.int64), np.ones((len(rows), len(mentors)), bool)
        for (one, judge), judge_many, total in zip(seen.judges, judged, sums, strict=True):
            points, known, right = judge_many(rows)
            if is_full:
                total[0] += int(points.sum(where=known))
                total[1] += int(known.sum())
            scores += np.where(known, points, judge.neutral)
            if one["is_hard"]:
                may_be &= right | ~known
        patches.apply(low, scores, may_be)
        prices.hold(rows, scores, may_be & prices.open)
    if is_full:
        for (one, judge), (points, known) in zip(seen.judges, sums, strict=True):
            pairs = len(keys) * len(mentors)
            mean = 0 if known == pairs else points // known if known else one["weight"] // 2
            checker.require(mean == judge.neutral, "the mean of the answers is another")
        prices.finish()


def of_kind(criterion, judge, seen, n, keys, mentors):
    """A function of rows: (points, known, right) of their pairs with all mentors."""
    told, other = [seen.told[key][n] for key in keys], [seen.other[key][n] for key in mentors]
    if criterion["kind"] == "overlap":
        return overlap(criterion, told, other)
    names = sorted({one for one in (*told, *other) if one is not None})
    place = {name: k + 1 for k, name in enumerate(names)} | {None: 0}
    a, b = (np.array([place[one] for one in side], dtype=np.int64) for side in (told, other))
    if criterion["kind"] == "ordered-gap":
        table = [[judge.of(x, y) for y in names] for x in names]
        points, right = np.zeros((len(names) + 1,) * 2, np.int64), np.zeros((len(names) + 1,) * 2, bool)
        if names:
            points[1:, 1:] = [[part.points for part in row] for row in table]
            right[1:, 1:] = [[part.right for part in row] for row in table]
        known = np.ones_like(right)
        known[0], known[:, 0] = False, False
        return lambda rows: tuple(one[a[rows, None], b] for one in (points, known, right))
    is_same = criterion["kind"] == "same"

    def compare(rows):
        right = (a[rows, None] == b) == is_same
        return criterion["weight"] * right.astype(np.int64), (a[rows, None] > 0) & (b > 0), right

    return compare


def overlap(criterion, told, other):
    """How many answers both gave, counted by a product of tables of zeros and ones."""
    names = {
        name: n for n, name in enumerate(sorted({one for side in (told, other) for few in side for one in few or ()}))
    }
    a, b = (np.zeros((len(side), len(names)), np.float32) for side in (told, other))
    for table, side in ((a, told), (b, other)):
        for row, few in enumerate(side):
            table[row, [names[one] for one in few or ()]] = 1
    known_a, known_b = (table.any(axis=1) for table in (a, b))
    enough, weight = criterion["settings"].get("enough", 1), criterion["weight"]

    def count(rows):
        shared = np.rint(a[rows] @ b.T).astype(np.int64)
        points = weight * (np.minimum(shared, enough) * 100 // enough) // 100
        return points, known_a[rows, None] & known_b, shared > 0

    return count


class Patches:
    """What is said of single pairs: wishes, who is apart, who is settled; and the floor."""

    def __init__(self, seen, keys, mentors):
        rows, cols = ({key: n for n, key in enumerate(side)} for side in (keys, mentors))
        settled = {a for a, _ in seen.locked}
        self.floor, self.settled = seen.problem.get("floor"), np.array([key in settled for key in keys], bool)
        wishes = sorted((rows[a], cols[b], n) for (a, b), n in seen.wishes.items() if a in rows and b in cols)
        self.wishes = np.array(wishes, dtype=np.int64).reshape(-1, 3)
        self.apart = np.array(sorted((rows[a], cols[b]) for a, b in seen.apart if a in rows and b in cols)).reshape(
            -1, 2
        )

    def apply(self, low, scores, may_be):
        """On the pairs of some mentees, the first being `low`."""
        for table, act in ((self.wishes, "add"), (self.apart.astype(np.int64), "bar")):
            first, last = np.searchsorted(table[:, 0], (low, low + len(scores)))
            i, j = table[first:last, 0] - low, table[first:last, 1]
            if act == "add":
                scores[i, j] += table[first:last, 2]
            else:
                may_be[i, j] = False
        if self.floor is not None:
            may_be &= scores >= self.floor
        may_be[self.settled[low : low + len(scores)]] = False


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
        self.liked = None
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

    def finish(self):
        if self.wished:
            self.wished.check_blocking()


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
