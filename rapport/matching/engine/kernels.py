"""Scores of many pairs at once, fused with what is wanted of them: the best of each row, or what prices miss.

Nothing of rows times columns is ever stored. `fill` works through one criterion after the other over a short stretch of
mentors, so that any list of criteria runs on the same machine code. What the arrays are: `columns.Columns`.
"""

import numpy as np
from numba import types
from numba.extending import intrinsic

from rapport.matching.engine.compiling import compiled
from rapport.matching.engine.heaps import keep_best

STRETCH = 2048  # mentors at a time: what is worked on stays in the nearest cache
TABLE, EQUAL, OVERLAP = 0, 1, 2
NEVER = -(1 << 25)  # added by each rule a pair breaks
LOWEST = -(1 << 24)  # below it, a score says that the pair may not be
MOST_MISSED = np.int64(1) << 42  # whatever is missed by more comes first alike
ENTRIES = ("best", "missed", "scores_of", "worths_of", "sum_of_overlaps")  # what is called from outside


@intrinsic
def ones(_context, word):
    """How many bits of a word are set: one instruction where the machine has one."""

    def code(_context, builder, _signature, arguments):
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), code


@compiled
def fill(i, low, high, c, scores, shared):
    """`scores[t]`: what the pair of mentee i and mentor low + t scores (int32), below LOWEST where it may not be."""
    size = high - low
    for t in range(size):
        scores[t] = 0
    for k in range(len(c.kinds)):
        told, others = c.mentee_codes[k, i], c.mentor_codes[k]
        right, wrong, neutral = c.gives[k, 0], c.gives[k, 1], c.gives[k, 2]
        if told == 0:
            for t in range(size):
                scores[t] += neutral
        elif c.kinds[k] == EQUAL:
            for t in range(size):
                other = others[low + t]
                scores[t] += right if other == told else (neutral if other == 0 else wrong)
        elif c.kinds[k] == TABLE:
            place = c.offsets[k] + told * c.widths[k]
            for t in range(size):
                scores[t] += c.looks[place + others[low + t]]
        else:
            word = c.mentee_bits[c.words[k], i]
            bits = c.mentor_bits[c.words[k]]
            for t in range(size):
                shared[t] = np.int32(ones(word & bits[low + t]))
            for w in range(c.words[k] + 1, c.words[k + 1]):
                word = c.mentee_bits[w, i]
                bits = c.mentor_bits[w]
                if word != 0:
                    for t in range(size):
                        shared[t] += np.int32(ones(word & bits[low + t]))
            if c.widths[k] == 2:  # one in common is enough
                for t in range(size):
                    scores[t] += neutral if others[low + t] == 0 else (right if shared[t] > 0 else wrong)
            else:
                place, most = c.offsets[k], np.int32(c.widths[k] - 1)
                for t in range(size):
                    scores[t] += neutral if others[low + t] == 0 else c.looks[place + min(shared[t], most)]
    for p in range(c.own_starts[i], c.own_starts[i + 1]):
        if low <= c.own_mentors[p] < high:
            scores[c.own_mentors[p] - low] += c.own_points[p]


@compiled
def lot(i, j):
    """A number of twenty bits for a pair: who comes first among equals is drawn, not taken from a list's order."""
    x = np.uint64(i) * np.uint64(0x9E3779B97F4A7C15) ^ (np.uint64(j) + np.uint64(1)) * np.uint64(0xC2B2AE3D27D4EB4F)
    x = (x ^ (x >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.int64(x >> np.uint64(44))


@compiled
def best(rows, c, least, most, keys, mentors, counts, allowed):
    """For each mentee of `rows` the `most` best-scoring mentors at or above `least`, and how many there are in all.

    Fills keys and mentors (rows x most), counts (how many were kept), allowed (how many could be).
    """
    scores, shared = np.empty(STRETCH, np.int32), np.empty(STRETCH, np.int32)
    for r in range(len(rows)):
        i, n, many = rows[r], 0, 0
        bar = np.int64(least)
        for part in range(2):
            start, stop = c.spans[i, 2 * part], c.spans[i, 2 * part + 1]
            for low in range(start, stop, STRETCH):
                high = min(stop, low + STRETCH)
                fill(i, low, high, c, scores, shared)
                for t in range(high - low):
                    many += scores[t] >= least
                for t in range(high - low):
                    if scores[t] >= bar:
                        key = (np.int64(scores[t]) << 20) | lot(i, low + t)
                        n = keep_best(keys[r], mentors[r], n, most, key, low + t)
                        if n == most:
                            bar = keys[r, 0] >> 20
        counts[r], allowed[r] = n, many


@compiled
def missed(rows, c, least, aims, enough, prices, most, keys, mentors, counts):
    """Price every pair: which ones promise more than the prices ask? The `most` worst of each mentee, and how many.

    A pair is missed where its worth by the last level of `aims` is above enough[-1, i] + prices[-1, j], and by every
    earlier level just what they ask. Fills keys and mentors (rows x most) and counts (all of them).
    """
    scores, shared = np.empty(STRETCH, np.int32), np.empty(STRETCH, np.int32)
    worths, last = np.empty(STRETCH, np.int64), len(aims.scales) - 1
    for r in range(len(rows)):
        i, n, many = rows[r], 0, 0
        bar = np.int64(0)
        if enough[last, i] >= aims.most[last]:
            counts[r] = 0
            continue
        for part in range(2):
            start, stop = c.spans[i, 2 * part], c.spans[i, 2 * part + 1]
            for low in range(start, stop, STRETCH):
                high = min(stop, low + STRETCH)
                fill(i, low, high, c, scores, shared)
                for level in range(last):
                    keep_face(level, i, low, high, aims, enough, prices, scores, worths)
                weigh(last, i, low, high, aims, scores, worths)
                found, asked = 0, enough[last, i]
                for t in range(high - low):
                    worths[t] -= asked + prices[last, low + t]
                    found += (scores[t] >= least) & (worths[t] > 0)
                if found == 0:
                    continue
                many += found
                for t in range(high - low):
                    if scores[t] >= least and worths[t] > bar:
                        key = (min(worths[t], MOST_MISSED) << 20) | lot(i, low + t)
                        n = keep_best(keys[r], mentors[r], n, most, key, low + t)
                        if n == most:
                            bar = max(bar, (keys[r, 0] >> 20) - 1)
        counts[r] = many


@compiled
def weigh(level, i, low, high, aims, scores, worths):
    """What the pairs of mentee i with some mentors are worth by one level, serving the mentee left out."""
    size, scale = high - low, aims.scales[level]
    for t in range(size):
        worths[t] = scale * scores[t]
    for b in range(len(aims.bands)):
        band, weight = aims.bands[b], aims.weights[level, b]
        if weight > 0:
            for t in range(size):
                worths[t] -= weight if scores[t] < band else 0
    if low <= aims.liked[i] < high:
        worths[aims.liked[i] - low] += aims.likes[level]


@compiled
def keep_face(level, i, low, high, aims, enough, prices, scores, worths):
    """Take out the pairs that no best plan by an earlier level holds: the prices ask more than they are worth."""
    weigh(level, i, low, high, aims, scores, worths)
    for t in range(high - low):
        if worths[t] != enough[level, i] + prices[level, low + t]:
            scores[t] = NEVER


@compiled
def worths_of(level, mentees, mentors, aims, scores):
    """What listed pairs are worth by one level, serving the mentee left out."""
    told, one, worth = np.empty(len(mentees), np.int64), np.empty(1, np.int32), np.empty(1, np.int64)
    for n in range(len(mentees)):
        one[0] = scores[n]
        weigh(level, mentees[n], mentors[n], mentors[n] + 1, aims, one, worth)
        told[n] = worth[0]
    return told


@compiled
def scores_of(mentees, mentors, c):
    """The scores of listed pairs (int32)."""
    told, one, shared = np.empty(len(mentees), np.int32), np.empty(1, np.int32), np.empty(1, np.int32)
    for n in range(len(mentees)):
        fill(mentees[n], mentors[n], mentors[n] + 1, c, one, shared)
        told[n] = one[0]
    return told


@compiled
def sum_of_overlaps(mentee_bits, mentee_times, mentor_bits, mentor_times, points):
    """What an overlap gives all pairs together. `points[n]`: for n in common; the last for that many and more."""
    total, most = np.int64(0), np.int64(len(points) - 1)
    for i in range(len(mentee_times)):
        of_one = np.int64(0)
        for j in range(len(mentor_times)):
            shared = np.int64(0)
            for w in range(len(mentee_bits)):
                shared += ones(mentee_bits[w, i] & mentor_bits[w, j])
            of_one += points[min(shared, most)] * mentor_times[j]
        total += of_one * mentee_times[i]
    return total
