"""Which pairs the solver works on: at first the best of each mentee, and then whatever its prices miss.

Every pair that may be is looked at, a stretch of mentees at a time; none is stored but the few that are listed.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from rapport.matching.engine import kernels

FIRST, MORE = 24, 16  # pairs of a mentee listed at first, and added where prices miss some
CHUNK = 512  # mentees a thread looks at in one go
FAR = np.int64(1) << 60


class Listed(NamedTuple):
    """Pairs the solver works on, in order of mentee and mentor."""

    keys: np.ndarray  # mentee * N + mentor
    scores: np.ndarray


def kept(listed, which):
    return Listed(listed.keys[which], listed.scores[which])


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


def missed(asked, state, threads):
    """The pairs that are worth more than the prices ask, the worst of each mentee."""
    c, problem = asked.problem.columns, asked.problem
    mentees, mentors = len(asked.worth), len(asked.gain)
    keys, heads = np.zeros((mentees, MORE), np.int64), np.full((mentees, MORE), -1, np.int64)
    counts = np.zeros(mentees, np.int64)
    enough = np.concatenate([asked.musts.enough, [asked.top - state.u]])
    prices = np.where(problem.places > 0, -state.v - asked.gain, FAR)
    prices = np.concatenate([asked.musts.asked, [prices]])
    aims = asked.aims._replace(most=asked.aims.most + asked.gain.max(initial=0))

    def look(rows):
        part = slice(rows[0], rows[-1] + 1)
        kernels.missed(rows, c, problem.least, aims, enough, prices, MORE, keys[part], heads[part], counts[part])

    each_chunk(look, mentees, threads)
    i, place = np.nonzero(heads >= 0)
    j = heads[i, place]
    return Listed(i * mentors + j, kernels.scores_of(i, j, c).astype(np.int64))


def each_chunk(look, rows, threads):
    """Let each thread look at stretches of mentees; none writes where another does."""
    chunks = [np.arange(low, min(rows, low + CHUNK)) for low in range(0, rows, CHUNK)]
    if threads < 2 or len(chunks) < 2:
        for chunk in chunks:
            look(chunk)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(look, chunks))
