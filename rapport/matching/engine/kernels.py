"""Scores of many pairs at once, fused with what is wanted of them: the best of each row. What prices miss: `pricing`.

Nothing of rows times columns is ever stored. `fill` works through one criterion after the other over a short stretch of
mentors, so that any list of criteria runs on the same machine code. What the arrays are: `columns.Columns`.
"""

import numpy as np

from rapport.matching.engine.adding import (
    DOZEN,
    FEW,
    add_any,
    add_chosen,
    add_counted,
    add_equal,
    add_listed,
    add_steps,
    count_shared,
)
from rapport.matching.engine.compiling import compiled, inner, ones
from rapport.matching.engine.heaps import keep_best

STRETCH = 2048  # mentors at a time: what is worked on stays in the nearest cache
TABLE, EQUAL, OVERLAP = 0, 1, 2
NEVER = -(1 << 25)  # added by each rule a pair breaks
MOST_POINTS = 1 << 30  # no pair scores that much
LOWEST = -(1 << 24)  # below it, a score says that the pair may not be
ENTRIES = ("best", "scores_of", "sum_of_overlaps")  # what is called from outside


@inner
def fill(i, low, high, c, scores, shared):
    """`scores[t]`: what the pair of mentee i and mentor low + t scores (int32), below LOWEST where it may not be."""
    first, size, codes = np.uint64(low), np.uint64(high - low), c.mentor_codes
    for t in range(size):
        scores[t] = 0
    for k in range(len(c.kinds)):
        told, right, wrong, neutral = c.mentee_codes[k, i], c.gives[k, 0], c.gives[k, 1], c.gives[k, 2]
        place, width, w, last = c.offsets[k], c.widths[k], c.words[k], c.words[k + 1]
        if told == 0:
            for t in range(size):
                scores[t] += neutral
        elif c.kinds[k] == EQUAL:
            add_equal(scores, size, codes, k, first, told, right, wrong, neutral)
        elif c.kinds[k] == TABLE:
            add = np.uint64(place + told * width)
            if width <= DOZEN:
                add_chosen(scores, size, codes, k, first, c.looks, add, width)
            else:
                add_listed(scores, size, codes, k, first, c.looks, add)
        elif width == 2 and last == w + 1:
            add_any(scores, size, c.mentee_bits[w, i], c.mentor_bits, w, first, right, wrong, neutral)
        else:
            count_shared(shared, size, c.mentee_bits, i, c.mentor_bits, w, last, first)
            if width <= FEW + 1:
                add_steps(scores, size, codes, k, first, shared, c.looks, place, width - 1, neutral)
            else:
                add_counted(
                    scores, size, codes, k, first, shared, c.looks, np.uint64(place), np.int32(width - 1), neutral
                )
    for p in range(c.own_starts[i], c.own_starts[i + 1]):
        if low <= c.own_mentors[p] < high:
            scores[c.own_mentors[p] - low] += c.own_points[p]


@inner
def lot(i, j):
    """A number of twenty bits for a pair: who comes first among equals is drawn, not taken from a list's order."""
    x = np.uint64(i) * np.uint64(0x9E3779B97F4A7C15) ^ (np.uint64(j) + np.uint64(1)) * np.uint64(0xC2B2AE3D27D4EB4F)
    x = (x ^ (x >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.int64(x >> np.uint64(44))


@inner
def stretches(i, c):
    """How many stretches of mentors there are who may be with mentee i."""
    spans = c.spans
    return (spans[i, 1] - spans[i, 0] + STRETCH - 1) // STRETCH + (spans[i, 3] - spans[i, 2] + STRETCH - 1) // STRETCH


@inner
def look(i, n, c, scores, shared):
    """Score the n-th of those stretches. Returns where it begins and ends: `scores[t]` is that of mentor low + t."""
    low, stop = c.spans[i, 0] + n * STRETCH, c.spans[i, 1]
    if low >= stop:
        n -= (stop - c.spans[i, 0] + STRETCH - 1) // STRETCH
        low, stop = c.spans[i, 2] + n * STRETCH, c.spans[i, 3]
    high = min(stop, low + STRETCH)
    fill(i, low, high, c, scores, shared)
    return low, high


@compiled
def best(rows, c, least, most, keys, mentors, counts, allowed):
    """For each mentee of `rows` the `most` best-scoring mentors at or above `least`, and how many there are in all.

    Fills keys and mentors (rows x most), counts (how many were kept), allowed (how many could be).
    """
    scores, shared = np.empty(STRETCH, np.int32), np.empty(STRETCH, np.int32)
    for r in range(len(rows)):
        counts[r] = allowed[r] = 0
        for n in range(stretches(rows[r], c)):
            low, high = look(rows[r], n, c, scores, shared)
            allowed[r] += reaching(scores, high - low, least)
            counts[r] = keep_high(rows[r], low, high, scores, least, most, keys[r], mentors[r], counts[r])


@inner
def reaching(scores, size, least):
    """How many of these reach a score."""
    bar, many = np.int32(least), np.int32(0)
    for t in range(size):
        many += np.int32(scores[t] >= bar)
    return many


@inner
def raised(scores, size, bar, most):
    """A bar not much more than `most` of these reach; as it was, where that is so already."""
    low, high = np.int32(MOST_POINTS), bar
    for t in range(size):
        low, high = min(low, scores[t] if scores[t] >= bar else np.int32(MOST_POINTS)), max(high, scores[t])
    low, high = min(low, high), high + np.int32(1)
    many = reaching(scores, size, low)
    while many > most + (most >> 1) and high - low > 1:
        middle = low + ((high - low) >> np.int32(1))
        there = reaching(scores, size, middle)
        if there < most:
            high = middle
        else:
            low, many = middle, there
    return low


@inner
def keep_high(i, low, high, scores, least, most, keys, mentors, n):
    """Keep the best of a stretch among the n kept so far. Returns how many are kept now."""
    bar = raised(scores, high - low, np.int32(least if n < most else keys[0] >> 20), most)
    for t in range(high - low):
        if scores[t] >= bar:
            key = (np.int64(scores[t]) << 20) | lot(i, low + t)
            n = keep_best(keys, mentors, n, most, key, low + t)
    return n


@compiled
def scores_of(mentees, mentors, c):
    """The scores of listed pairs (int32), as `fill` gives them."""
    told = np.zeros(len(mentees), np.int32)
    for k in range(len(c.kinds)):
        neutral, place, width = c.gives[k, 2], c.offsets[k], c.widths[k]
        for n in range(len(mentees)):
            one, other = c.mentee_codes[k, mentees[n]], c.mentor_codes[k, mentors[n]]
            if one == 0 or other == 0:
                told[n] += neutral
            elif c.kinds[k] == EQUAL:
                told[n] += c.gives[k, 0] if one == other else c.gives[k, 1]
            elif c.kinds[k] == TABLE:
                told[n] += c.looks[place + one * width + other]
            else:
                shared = np.int64(0)
                for w in range(c.words[k], c.words[k + 1]):
                    shared += ones(c.mentee_bits[w, mentees[n]] & c.mentor_bits[w, mentors[n]])
                told[n] += c.looks[place + min(shared, width - 1)]
    for n in range(len(mentees)):
        for p in range(c.own_starts[mentees[n]], c.own_starts[mentees[n] + 1]):
            told[n] += c.own_points[p] if c.own_mentors[p] == mentors[n] else 0
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
