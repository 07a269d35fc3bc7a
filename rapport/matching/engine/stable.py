"""Who would rather have each other: deferred acceptance (Gale and Shapley 1962) and the pairs that block a plan.

Both sides look at the score of a pair; of equal ones at a lot of the two. Every pair that may be is looked at, none is
stored but the best few a mentee has not tried yet.
"""

import numpy as np

from rapport.matching.engine import kernels
from rapport.matching.engine.compiling import compiled
from rapport.matching.engine.heaps import heap_in, keep_best, settle
from rapport.matching.engine.kernels import STRETCH, look, lot, stretches

ENTRIES = ("propose", "count_blocking")
TRIED = 24  # mentors a mentee thinks of at a time
NOTHING = -(np.int64(1) << 60)
FULL_UP = np.int64(1) << 60  # what a mentor without places asks for


def accepted(problem) -> np.ndarray:
    """The mentor of each mentee where mentees ask in order of their wishes, -1 for none: no pair blocks it."""
    rows = len(problem.columns.spans)
    first = np.concatenate([[0], np.cumsum(problem.places)]).astype(np.int64)
    holds = np.full(first[-1], -1, np.int64)
    propose(problem.columns, problem.least, first, np.zeros(first[-1], np.int64), holds, TRIED)
    mentor_of = np.full(rows, -1, np.int64)
    mentors = np.repeat(np.arange(len(problem.places)), problem.places)
    mentor_of[holds[holds >= 0]] = mentors[holds >= 0]
    return mentor_of


def blocking(problem, mentor_of) -> int:
    """How many pairs that may be would rather have each other than whom they have. A free place wants anybody."""
    i = np.flatnonzero(mentor_of >= 0)
    scores = kernels.scores_of(i, mentor_of[i], problem.columns).astype(np.int64)
    own = np.full(len(mentor_of), NOTHING)
    own[i] = scores
    asked = np.full(len(problem.places), FULL_UP)
    np.minimum.at(asked, mentor_of[i], scores)
    used = np.bincount(mentor_of[i], minlength=len(problem.places))
    asked[used < problem.places] = NOTHING
    return int(count_blocking(problem.columns, problem.least, own, asked))


@compiled
def count_blocking(c, least, own, asked):
    """Pairs at or above `least` whose score is above what the mentee has and above the least the mentor has."""
    scores, shared, found = np.empty(STRETCH, np.int32), np.empty(STRETCH, np.int32), 0
    for i in range(len(own)):
        for z in range(stretches(i, c)):
            low, high = look(i, z, c, scores, shared)
            for t in range(high - low):
                found += (scores[t] >= least) & (scores[t] > own[i]) & (scores[t] > asked[low + t])
    return found


@compiled
def propose(c, least, first, keys, holds, tried):
    """Each mentee asks the best mentor who would take them, until nobody waits. Fills `holds` by mentors' places."""
    rows, columns = len(c.spans), len(first) - 1
    load, wanted = np.zeros(columns, np.int64), np.empty(columns, np.int64)
    for j in range(columns):
        wanted[j] = NOTHING if first[j + 1] > first[j] else FULL_UP
    mine, mentors, counts = (
        np.empty((rows, tried), np.int64),
        np.empty((rows, tried), np.int64),
        np.zeros(rows, np.int64),
    )
    waiting, n = np.arange(rows)[::-1].copy(), rows
    while n > 0:
        i = waiting[n - 1]
        if counts[i] == 0:
            counts[i] = think(i, c, least, wanted, mine[i], mentors[i], tried)
            if counts[i] == 0:
                n -= 1
                continue
        at = 0
        for t in range(counts[i]):
            if mine[i, t] > mine[i, at] or (mine[i, t] == mine[i, at] and mentors[i, t] < mentors[i, at]):
                at = t
        key, j = mine[i, at], mentors[i, at]
        counts[i] -= 1
        mine[i, at], mentors[i, at] = mine[i, counts[i]], mentors[i, counts[i]]
        if key <= wanted[j]:
            continue
        n = take(i, j, key, first, load, keys, holds, waiting, n)
        if load[j] == first[j + 1] - first[j]:
            wanted[j] = keys[first[j]]


@compiled
def take(i, j, key, first, load, keys, holds, waiting, n):
    """Mentor j takes mentee i, who waits no longer; whom they let go for it waits. Returns how many wait."""
    own, held = keys[first[j] : first[j + 1]], holds[first[j] : first[j + 1]]
    if load[j] < len(own):
        load[j] = heap_in(own, held, load[j], key, i)
        return n - 1
    waiting[n - 1] = held[0]
    settle(own, held, load[j], key, i)
    return n


@compiled
def think(i, c, least, wanted, mine, mentors, most):
    """The best mentors of mentee i who would take them now. Who would not now never will."""
    scores, shared, n = np.empty(STRETCH, np.int32), np.empty(STRETCH, np.int32), 0
    for z in range(stretches(i, c)):
        low, high = look(i, z, c, scores, shared)
        for t in range(high - low):
            if scores[t] < least or (np.int64(scores[t] + 1) << 20) <= wanted[low + t]:
                continue
            key = (np.int64(scores[t]) << 20) | lot(i, low + t)
            if key > wanted[low + t]:
                n = keep_best(mine, mentors, n, most, key, low + t)
    return n
