"""The one loop over pairs that NumPy is slow at, for the checker alone: how many answers two people have in common."""

import numpy as np

from rapport.matching.engine.compiling import compiled, inner, ones

ENTRIES = ("add_shared",)  # what is called from outside


@compiled
def add_shared(a, b, told, points, neutral, is_hard, is_known, scores, may_be):
    """To `scores` (mentees x mentors) what answers in common give, `neutral` where one of the two told nothing; and
    from `may_be` whoever shares none, if that forbids. Returns what the pairs that are known get together, unless it
    `is_known` of all.

    `a`: bits of the mentees (uint64[R, W]); `b`: of the mentors (uint64[W, N]), `told` those who told anything;
    `points[n]`: for n in common, the last for that many and more.
    """
    total, shared = np.int64(0), np.zeros(b.shape[1], np.int32)
    gives, most = points.any(), np.int32(len(points) - 1)
    for r in range(len(a)):
        if not a[r].any():
            scores[r] += neutral
            continue
        count_shared(a[r], b, shared)
        if not is_known:
            total += add_known(shared, told, points, most, neutral, scores[r])
        elif gives:
            for t in range(np.uint64(len(shared))):
                scores[r, t] += points[min(shared[t], most)]
        if is_hard:
            for t in range(np.uint64(len(shared))):
                may_be[r, t] &= (shared[t] > 0) | ~told[t]
    return total


@inner
def add_known(shared, told, points, most, neutral, scores):
    total = np.int64(0)
    for t in range(np.uint64(len(shared))):
        given = points[min(shared[t], most)]
        scores[t] += given if told[t] else neutral
        total += given * told[t]
    return total


@inner
def count_shared(one, b, shared):
    shared[:] = 0
    for w in range(len(one)):
        word = one[w]
        for t in range(np.uint64(len(shared))):
            shared[t] += ones(word & b[w, t])
