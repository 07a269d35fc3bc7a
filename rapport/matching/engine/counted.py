"""The best weakest pair where all count alike and no place must be filled: then only how many are served matters.

Paths and covers of `raising` over the listed pairs. A cover is held against all pairs that may be but those it is sure
to hold; what it misses is listed, and the paths go on.
"""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine import kernels, listing, raising, solver, standing
from rapport.matching.engine.listing import Listed, kept, merged


class Bare(NamedTuple):
    """Who is not in a cover: no mentee and mentor of these may be a pair."""

    mentees: np.ndarray  # bool[M]
    mentors: np.ndarray  # bool[N], none without a place


class Raised(NamedTuple):
    """The weakest pair of the best plan, why nobody serves more, and why pairs above the weakest serve fewer."""

    lowest: int
    serves: Bare
    better: Bare
    listed: Listed


def raised(problem: solver.Problem, listed: Listed, state: standing.State, threads: int = 1) -> Raised:
    """From the plan and listed pairs of a solution that serves as many as can be. Of a plan without pairs: `least`."""
    plan, listed = plan_of(problem, state), kept(listed, listed.scores >= problem.least)
    listed, _, serves = covered(problem, listed, plan, raising.stay, problem.least, threads)
    lowest = int(plan.scores[plan.match >= 0].min()) if (plan.match >= 0).any() else problem.least
    listed, least, better = covered(problem, listed, plan, raising.climb, lowest + 1, threads)
    return Raised(least - 1, serves, better, listed)


def plan_of(problem, state):
    """The same plan, as `raising` takes it."""
    match, scores = np.where(state.match >= 0, state.match, raising.FREE), np.zeros(len(state.match), np.int64)
    i = np.flatnonzero(match >= 0)
    scores[i] = kernels.scores_of(i, match[i], problem.columns)
    rows, columns = len(match), len(problem.places)
    came = np.full(rows, raising.FREE), np.full(columns, raising.FREE)
    return raising.Plan(match, scores, state.load.copy(), state.slots.copy(), *came, np.empty(rows + columns, np.int64))


def covered(problem, listed, plan, go, least, threads):
    """Let the paths go on until their cover holds all pairs there are. Returns what is listed, from which score on
    the cover holds, and who is not in it."""
    first = np.concatenate([[0], np.cumsum(problem.places)])
    while True:
        pairs = raising.edges_of(listed.keys, listed.scores, first, len(plan.match))
        least, is_from_rows = go(pairs, plan, least)
        bare = bare_of(problem, plan, is_from_rows)
        more = overlooked(problem, bare, least, threads)
        if not len(more.keys):
            return listed, least, bare
        listed = merged(listed, more)


def bare_of(problem, plan, is_from_rows):
    """What the search reached on the side it began on, and what it did not on the other."""
    rows, columns = plan.row_came != raising.FREE, plan.column_came != raising.FREE
    return Bare(rows if is_from_rows else ~rows, (columns != is_from_rows) & (problem.places > 0))


def overlooked(problem, bare, least, threads):
    """The best pairs of the bare from a score on."""
    rows, j = np.flatnonzero(bare.mentees), np.flatnonzero(bare.mentors)
    if not len(rows) or not len(j):
        return Listed(np.zeros(0, np.int64), np.zeros(0, np.int64))
    c, most = narrowed(problem.columns, j), min(listing.MORE, len(j))
    keys, heads = np.zeros((len(rows), most), np.int64), np.zeros((len(rows), most), np.int64)
    counts, allowed = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)

    def look(part):
        kernels.best(rows[part], c, least, most, keys[part], heads[part], counts[part], allowed[part])

    listing.each_chunk(look, len(rows), threads)
    good = np.arange(most) < counts[:, None]
    return Listed((rows[:, None] * len(problem.places) + j[heads])[good], keys[good] >> 20)


def narrowed(c, j):
    """The columns of some mentors only, in their order."""
    there = np.isin(c.own_mentors, j)
    own = np.concatenate([[0], np.cumsum(there)])[c.own_starts]
    return c._replace(
        mentor_codes=np.take(c.mentor_codes, j, axis=1),
        mentor_bits=np.take(c.mentor_bits, j, axis=1),
        own_starts=own.astype(c.own_starts.dtype),
        own_mentors=np.searchsorted(j, c.own_mentors[there]).astype(c.own_mentors.dtype),
        own_points=c.own_points[there],
        spans=np.searchsorted(j, c.spans).astype(c.spans.dtype),
    )
