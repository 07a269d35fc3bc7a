"""The exact solver: as many mentees as possible, then the largest total, over all pairs that may be.

It solves over a few good mentors of each mentee, lets the prices look at every pair (column generation: Dantzig and
Wolfe 1960; for assignment, Volgenant 1996), adds what they miss and solves again, until they miss nothing. Then no
pair that was never listed could make the answer better, and the prices prove it.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from rapport.matching.engine import kernels, paths
from rapport.matching.engine.columns import MOST, Columns, together

FIRST, MORE = 24, 16  # pairs of a mentee listed at first, and added where prices miss some
PATIENCE = 8  # bids of a row before it waits for a path
WARM = 0.8  # the share of rows set free up to which earlier prices are a good start
CHUNK = 512  # mentees a thread looks at in one go


class Problem(NamedTuple):
    """What is solved: columns, the places of each mentor, what serving each mentee is worth, and the lowest score."""

    columns: Columns
    places: np.ndarray  # int64[N]
    worth: np.ndarray  # int64[M], added to a pair's score; larger than what any other choice could bring
    least: int  # a pair below it may not be
    most: int  # no pair scores more


class Solution(NamedTuple):
    """The mentor of each mentee (-1: nobody), and the prices that prove it, whole numbers.

    `mentee_prices[i] + mentor_prices[j] >= score + worth[i]` for every pair that may be, with equality in sum.
    """

    mentor_of: np.ndarray
    mentee_prices: np.ndarray
    mentor_prices: np.ndarray
    rounds: int
    listed: int  # pairs looked at by the solver itself
    allowed: np.ndarray  # int64[M]: how many mentors could be theirs


class Listed(NamedTuple):
    """Pairs the solver works on, in order of mentee and mentor."""

    keys: np.ndarray  # mentee * N + mentor
    scores: np.ndarray


def solve(problem: Problem, threads: int = 1) -> Solution:
    """The best there is, proven against every pair. The same whatever the number of threads."""
    listed, allowed = first_listed(problem, threads)
    state, rounds = None, 0
    while True:
        rounds += 1
        state = solve_listed(problem, listed, state)
        more = missed(problem, state, threads)
        if not len(more.keys):
            break
        listed = merged(listed, more)
    match, u, v = state.match, state.u, state.v
    out = problem.most + problem.worth
    return Solution(np.where(match >= 0, match, -1), out - u, -v, rounds, len(listed.keys), allowed)


def first_listed(problem, threads):
    """The best mentors of each mentee, and whom somebody named."""
    c = problem.columns
    mentees, mentors = c.mentee_codes.shape[1], c.mentor_codes.shape[1]
    most = max(1, min(FIRST, mentors))
    keys, heads = np.zeros((mentees, most), np.int64), np.zeros((mentees, most), np.int64)
    counts, allowed = np.zeros(mentees, np.int64), np.zeros(mentees, np.int64)

    def look(rows):
        part = slice(rows[0], rows[-1] + 1)
        kernels.best(rows, c, problem.least, most, keys[part], heads[part], counts[part], allowed[part])

    each_chunk(look, mentees, threads)
    kept = np.arange(most) < counts[:, None]
    best = Listed((np.arange(mentees)[:, None] * mentors + heads)[kept], (keys[kept] >> 20))
    return merged(best, named(problem)), allowed


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
    keys = np.concatenate([one.keys, other.keys])
    keys, places = np.unique(keys, return_index=True)
    return Listed(keys, np.concatenate([one.scores, other.scores])[places])


class State(NamedTuple):
    """Where the paths stand: the arrays of `paths`, rows being mentees."""

    match: np.ndarray
    u: np.ndarray
    v: np.ndarray
    load: np.ndarray
    slots: np.ndarray


def solve_listed(problem, listed, state):
    """Solve over the listed pairs, from earlier prices where only few rows change."""
    c = problem.columns
    rows, columns = c.mentee_codes.shape[1], c.mentor_codes.shape[1]
    i, heads = np.divmod(listed.keys, max(1, columns))
    starts = np.searchsorted(i, np.arange(rows + 1)).astype(np.int64)
    costs, out = problem.most - listed.scores, problem.most + problem.worth
    first = np.concatenate([[0], np.cumsum(problem.places)]).astype(np.int64)
    lack, at_sink = np.zeros(columns, np.int64), -1
    if state is not None and is_warm(state, starts, heads, costs):
        at_sink = paths.free_violated(starts, heads, costs, out, first, *state, lack)
    else:
        state = State(
            np.full(rows, paths.FREE), np.zeros(rows, np.int64), np.zeros(columns, np.int64),
            np.zeros(columns, np.int64), np.full(first[-1], -1, np.int64),
        )  # fmt: skip
        paths.begin(starts, heads, costs, out, first, *state, PATIENCE)
        at_sink = int((state.match == paths.FREE).sum())
    paths.finish(starts, heads, costs, out, first, *state, lack, at_sink)
    return state


def is_warm(state, starts, heads, costs):
    """Whether few enough rows would rather have something else."""
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    better = rows[costs - state.v[heads] < state.u[rows]]
    return len(np.unique(better)) <= WARM * (len(starts) - 1)


def missed(problem, state, threads):
    """The pairs whose score is more than the prices ask, the worst of each mentee."""
    c = problem.columns
    mentees, mentors = c.mentee_codes.shape[1], c.mentor_codes.shape[1]
    keys, heads = np.zeros((mentees, MORE), np.int64), np.full((mentees, MORE), -1, np.int64)
    counts = np.zeros(mentees, np.int64)
    enough, prices = problem.most - state.u, -state.v
    prices = np.where(problem.places > 0, prices, np.int64(1) << 60)

    def look(rows):
        part = slice(rows[0], rows[-1] + 1)
        kernels.missed(rows, c, problem.least, enough, prices, MORE, keys[part], heads[part], counts[part])

    each_chunk(look, mentees, threads)
    i, place = np.nonzero(heads >= 0)
    j = heads[i, place]
    return Listed(i * mentors + j, (keys[i, place] >> 20) + enough[i] + prices[j])


def solve_table(scores, allowed, capacities) -> tuple[list, int, list, list]:
    """See `engine.solve`: a table of pairs, none of it scored by criteria."""
    capacities = whole(capacities, "capacities").reshape(-1)
    rows, shape = len(scores), (len(scores), len(capacities))
    scores = whole(scores, "scores").reshape(shape) if rows else np.zeros(shape, dtype=np.int64)
    allowed = np.asarray(allowed, dtype=bool).reshape(shape)
    points = np.where(allowed, scores, kernels.NEVER).astype(np.int32).ravel()
    own = np.arange(rows + 1) * shape[1], np.tile(np.arange(shape[1]), rows), points
    around = np.tile(np.array([0, shape[1], 0, 0], dtype=np.int64), (rows, 1))
    most = int(scores.max(initial=0))
    worth = np.full(rows, 1 + min(rows, int(capacities.sum())) * most, dtype=np.int64)
    found = solve(Problem(together([], own, around, *shape), capacities, worth, kernels.LOWEST, most))
    pairs = [(i, int(j)) for i, j in enumerate(found.mentor_of) if j >= 0]
    return pairs, sum(int(scores[i, j]) for i, j in pairs), found.mentee_prices.tolist(), found.mentor_prices.tolist()


def whole(values, name):
    array = np.asarray(values)
    if array.size and (array.dtype.kind not in "iu" or array.min() < 0 or array.max() >= MOST):
        raise ValueError(f"{name} must be whole numbers from 0, below {MOST}")
    return array.astype(np.int64)


def each_chunk(look, rows, threads):
    """Let each thread look at stretches of mentees; none writes where another does."""
    chunks = [np.arange(low, min(rows, low + CHUNK)) for low in range(0, rows, CHUNK)]
    if threads < 2 or len(chunks) < 2:
        for chunk in chunks:
            look(chunk)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(look, chunks))
