"""What pairs are worth beyond their scores, and which of them prices miss: a stretch of mentors at a time, none stored.

What the arrays are: `columns.Columns`, `solver.Aims`; prices by level, those of mentees and of mentors.
"""

import numpy as np

from rapport.matching.engine.compiling import compiled, inner
from rapport.matching.engine.heaps import keep_best
from rapport.matching.engine.kernels import NEVER, STRETCH, look, lot, stretches

MOST_MISSED = np.int64(1) << 42  # whatever is missed by more comes first alike
ENTRIES = ("missed", "narrow", "worths_of")  # what is called from outside


@compiled
def missed(rows, c, least, aims, enough, prices, most, keys, mentors, counts):
    """Price every pair: which ones promise more than the prices ask? The `most` worst of each mentee.

    A pair is missed where its worth by the last level of `aims` is above enough[-1, i] + prices[-1, j], and by every
    earlier level just what they ask. Fills keys and mentors (rows x most) from the left, and how many they are.
    """
    scores, shared = np.empty(STRETCH, np.int32), np.empty(STRETCH, np.int32)
    worths, last = np.empty(STRETCH, np.int64), len(aims.scales) - 1
    for r in range(len(rows)):
        i, counts[r] = rows[r], 0
        for n in range(stretches(i, c)):
            low, high = look(i, n, c, scores, shared)
            for level in range(last):
                keep_face(level, i, low, high, aims, enough, prices, scores, worths)
            weigh(last, i, low, high, aims, scores, worths)
            if take_off(worths, scores, high - low, least, enough[last, i], prices, last, low):
                counts[r] = keep_worst(i, low, high, scores, least, worths, most, keys[r], mentors[r], counts[r])


@compiled
def narrow(spans, part, prices, most):
    """Of each mentee's stretches only those who ask less than `most[i]`, where all of it lies in one part: there
    mentors come by price. Returns which mentees are left with any."""
    has_any = np.zeros(len(spans), np.bool_)
    for i in range(len(spans)):
        for n in (0, 2):
            low, high = spans[i, n], spans[i, n + 1]
            if low < high and part[low] == part[high - 1]:
                spans[i, n + 1] = low + np.searchsorted(prices[low:high], most[i])
            has_any[i] |= low < spans[i, n + 1]
    return has_any


@inner
def take_off(worths, scores, size, least, own, prices, level, low):
    """Take off what prices ask. Returns how many pairs are worth more than that."""
    first, bar, found = np.uint64(low), np.int32(least), 0
    for t in range(np.uint64(size)):
        worths[t] -= own + prices[level, first + t]
        found += (scores[t] >= bar) & (worths[t] > 0)
    return found


@inner
def keep_worst(i, low, high, scores, least, worths, most, keys, mentors, n):
    """Keep the pairs of a stretch that are missed by most. Returns how many are kept now."""
    bar = np.int64(0) if n < most else max(np.int64(0), (keys[0] >> 20) - 1)
    for t in range(high - low):
        if worths[t] > bar and scores[t] >= least:
            key = (min(worths[t], MOST_MISSED) << 20) | lot(i, low + t)
            n = keep_best(keys, mentors, n, most, key, low + t)
            if n == most:
                bar = max(bar, (keys[0] >> 20) - 1)
    return n


@inner
def weigh(level, i, low, high, aims, scores, worths):
    """What the pairs of mentee i with some mentors are worth by one level, serving the mentee left out."""
    size, scale = high - low, aims.scales[level]
    for t in range(size):
        worths[t] = scale * scores[t]
    for b in range(len(aims.bands)):
        band, weight = np.int32(aims.bands[b]), aims.weights[level, b]
        if weight > 0:
            for t in range(size):
                worths[t] -= weight if scores[t] < band else 0
    if low <= aims.liked[i] < high:
        worths[aims.liked[i] - low] += aims.likes[level]


@inner
def keep_face(level, i, low, high, aims, enough, prices, scores, worths):
    """Take out the pairs that no best plan by an earlier level holds: the prices ask more than they are worth."""
    weigh(level, i, low, high, aims, scores, worths)
    first = np.uint64(low)
    for t in range(np.uint64(high - low)):
        if worths[t] != enough[level, i] + prices[level, first + t]:
            scores[t] = NEVER


@inner
def worth_of(level, i, j, score, aims):
    """As `weigh`, of one pair of this score."""
    worth = aims.scales[level] * score
    for b in range(len(aims.bands)):
        worth -= aims.weights[level, b] if score < aims.bands[b] else 0
    return worth + aims.likes[level] if aims.liked[i] == j else worth


@compiled
def worths_of(level, mentees, mentors, aims, scores):
    """What listed pairs are worth by one level, serving the mentee left out."""
    told = np.empty(len(mentees), np.int64)
    for n in range(len(mentees)):
        told[n] = worth_of(level, mentees[n], mentors[n], scores[n], aims)
    return told
