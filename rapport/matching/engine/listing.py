"""Which pairs the solver works on: at first the best of each mentee, and then whatever its prices miss.

Every pair that may be is looked at once, a stretch of mentees at a time; none is stored but the few that are listed.
The lowest score listed of a mentee bounds all that is not: prices need only be held against mentors who ask less than
that leaves, of whom few are found at the beginning when mentors come in the order of what they ask.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from rapport.matching.engine import kernels, pricing
from rapport.matching.engine.columns import Columns, turned
from rapport.matching.engine.compiling import compiled

FIRST, MORE = 24, 16  # pairs of a mentee listed at first, and added where prices miss some
CHUNK = 512  # mentees a thread looks at in one go
FAR = np.int64(1) << 60


class Listed(NamedTuple):
    """Pairs the solver works on, in order of mentee and mentor."""

    keys: np.ndarray  # mentee * N + mentor
    scores: np.ndarray
    rest: np.ndarray | None = None  # int64[M]: of those that may be and are not listed, no pair scores more


def kept(listed, which):
    return listed._replace(keys=listed.keys[which], scores=listed.scores[which])


@compiled
def by_mentee(keys, scores, first, rows):
    """Listed pairs in order, without those whose mentor has no place (which begin at `first`): where those of each
    mentee begin, their mentors (uint32), and their scores."""
    columns, i, n = len(first) - 1, 0, 0
    starts, heads = np.zeros(rows + 1, np.int64), np.empty(len(keys), np.uint32)
    told = np.empty(len(keys), np.int64)
    for p in range(len(keys)):
        while keys[p] >= (i + 1) * columns:
            i += 1
            starts[i] = n
        j = keys[p] - i * columns
        if first[j + 1] > first[j]:
            heads[n], told[n] = j, scores[p]
            n += 1
    starts[i + 1 :] = n
    return starts, heads[:n], told[:n]


@compiled
def gathered(rows, counts, keys, heads, order):
    """What was kept of some mentees, in order of pairs (`order`: the mentors the heads stand for), and their keys."""
    pairs, told, n = np.empty(counts.sum(), np.int64), np.empty(counts.sum(), np.int64), 0
    for r in range(len(rows)):
        first = n
        for z in range(counts[r]):
            pair, at = rows[r] * len(order) + order[heads[r, z]], n
            while at > first and pairs[at - 1] > pair:  # few, and so each is put in among those before it
                pairs[at], told[at] = pairs[at - 1], told[at - 1]
                at -= 1
            pairs[at], told[at] = pair, keys[r, z]
            n += 1
    return pairs, told


def first_listed(problem, threads):
    """The best mentors of each mentee, and whom somebody named."""
    c = problem.columns
    mentees, mentors = c.mentee_codes.shape[1], c.mentor_codes.shape[1]
    most = max(1, min(FIRST, mentors))
    keys, heads = np.empty((mentees, most), np.int64), np.empty((mentees, most), np.int64)
    rows, counts, allowed = np.arange(mentees), np.zeros(mentees, np.int64), np.zeros(mentees, np.int64)

    def look(part):
        kernels.best(rows[part], c, problem.least, most, keys[part], heads[part], counts[part], allowed[part])

    each_chunk(look, mentees, threads)
    rest = np.where(counts < most, kernels.NEVER, keys[:, 0] >> 20)
    pairs, told = gathered(rows, counts, keys, heads, np.arange(mentors))
    return merged(Listed(pairs, told >> 20, rest), named(problem)), allowed


def named(problem):
    """Pairs somebody spoke about, where they may be."""
    c = problem.columns
    i = np.repeat(np.arange(len(c.own_starts) - 1), np.diff(c.own_starts))
    wanted = c.own_points > 0
    i, j = i[wanted], c.own_mentors[wanted]
    scores = kernels.scores_of(i, j, c).astype(np.int64)
    good = (scores >= problem.least) & within(c.spans, i, j)
    return Listed(i[good] * c.mentor_codes.shape[1] + j[good], scores[good])


def within(spans, i, j):
    a, b, x, y = spans[i].T
    return ((j >= a) & (j < b)) | ((j >= x) & (j < y))


def merged(one, other):
    """Those of the one, which are in order, and of the other, in any."""
    by = np.argsort(other.keys, kind="stable")
    keys, scores = woven(one.keys, one.scores, other.keys[by], other.scores[by])
    return one._replace(keys=keys, scores=scores)


@compiled
def woven(keys, scores, others, more):
    """Two lists of pairs, both in order, as one. A pair of both is told once, as the first tells it."""
    most = len(keys) + len(others)
    told, points, n, at = np.empty(most, np.int64), np.empty(most, np.int64), 0, 0
    for q in range(len(others) + 1):
        while at < len(keys) and (q == len(others) or keys[at] <= others[q]):
            told[n], points[n] = keys[at], scores[at]
            n, at = n + 1, at + 1
        if q < len(others) and (n == 0 or told[n - 1] < others[q]):
            told[n], points[n] = others[q], more[q]
            n += 1
    return told[:n], points[:n]


def missed(asked, listed, state, threads):
    """The pairs that are worth more than the prices ask, the worst of each mentee."""
    problem, mentors = asked.problem, len(asked.gain)
    enough = np.concatenate([asked.musts.enough, [asked.top - state.u]])
    prices = np.where(problem.places > 0, -state.v - asked.gain, FAR)
    near = in_reach(problem.columns, prices, rest_of(asked, listed) - enough[-1])
    aims = asked.aims._replace(liked=near.place[asked.aims.liked])
    prices = np.take(np.concatenate([asked.musts.asked, [prices]]), near.order, axis=1)  # each level in one piece
    size = len(near.rows)
    keys, heads, counts = np.empty((size, MORE), np.int64), np.empty((size, MORE), np.int64), np.empty(size, np.int64)

    def look(part):
        of, found = (near.rows[part], near.columns, problem.least), (keys[part], heads[part], counts[part])
        pricing.missed(*of, aims, enough, prices, MORE, *found)

    each_chunk(look, size, threads)
    pairs, _ = gathered(near.rows, counts, keys, heads, near.order)
    i, j = np.divmod(pairs, mentors)
    return Listed(pairs, kernels.scores_of(i, j, problem.columns).astype(np.int64))


def rest_of(asked, listed):
    """What a pair of each mentee that is not listed is worth at most, serving the mentee left out."""
    aims, rest = asked.aims, np.int64(asked.problem.most) if listed.rest is None else listed.rest
    below = sum(weight * (rest < band) for weight, band in zip(aims.weights[-1], aims.bands, strict=True))
    return aims.scales[-1] * rest + aims.likes[-1] - below


class Near(NamedTuple):
    """Mentors in the order of what they ask, and of each mentee's stretches the beginning that could matter."""

    columns: Columns
    order: np.ndarray  # int64[N]: their places before
    place: np.ndarray  # int64[N + 1]: where they stand now; -1 stays -1
    rows: np.ndarray  # the mentees who have any such mentor


def in_reach(c, prices, most) -> Near:
    """Only mentors who ask less than `most` of a mentee; all of a stretch that others have but a part of."""
    starts = np.zeros(len(prices) + 1, np.int64)
    starts[c.spans] = 1
    part = np.cumsum(starts)[:-1]
    order, spans = np.lexsort((prices, part)), c.spans.copy()
    place = np.append(turned(order), -1)
    has_any = pricing.narrow(spans, part, prices[order], most)
    turned_columns = c._replace(
        mentor_codes=c.mentor_codes.take(order, axis=1),
        mentor_bits=c.mentor_bits.take(order, axis=1),
        own_mentors=place[c.own_mentors],
        spans=spans,
    )
    return Near(turned_columns, order, place, np.flatnonzero(has_any))


def each_chunk(look, rows, threads):
    """Let each thread look at stretches of mentees; none writes where another does."""
    chunks = [slice(low, min(rows, low + CHUNK)) for low in range(0, rows, CHUNK)]
    if threads < 2 or len(chunks) < 2:
        for chunk in chunks:
            look(chunk)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(look, chunks))
