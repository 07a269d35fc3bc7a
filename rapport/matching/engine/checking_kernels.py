"""The loops over pairs of the checkers: what rules say of a mentee and every mentor, and which prices miss a pair.

For the checkers alone: no solver's code, and nothing of what a solver listed. What the arrays are: `checking_rules`.
A row of mentors stays in the nearest cache while one rule after the other adds to it. Places are counted without a
sign: of numbers with one Numba asks each time whether they count from the end.
"""

import numpy as np

from rapport.matching.engine.compiling import compiled, inner, ones

BY_ANSWER, ALIKE, SHARED = 0, 1, 2
ENTRIES = ("first_missed", "look_at", "parts_of", "total_of_shared")  # what is called from outside


@compiled
def first_missed(rows, rules, said, own, other):
    """The first of these mentees of whose pairs one that may be scores more than both prices; -1 where none does."""
    scores, shared = np.empty(len(other), np.int32), np.empty(len(other), np.int32)
    for i in rows:
        judge(i, rules, said, scores, shared)
        if is_missed(scores, said.floor, own[i], other):
            return i
    return -1


@compiled
def look_at(rows, rules, said, scores):
    """Fill the scores of these mentees with every mentor (int32[R, N]); below the floor where the two may not be."""
    shared = np.empty(scores.shape[1], np.int32)
    for n in range(len(rows)):
        judge(rows[n], rules, said, scores[n], shared)


@compiled
def parts_of(i, j, rules, parts, may_be):
    """Fill what each rule gives single pairs (int32[K, R]), and take from `may_be` those that one forbids."""
    for k in range(len(rules.kinds)):
        for n in range(len(i)):
            points = of_pair(i[n], j[n], rules, k)
            is_right = points >= rules.never >> 1
            parts[n, k] = points if is_right else points - rules.never
            may_be[n] &= is_right


@compiled
def total_of_shared(rules, k):
    """What a rule about answers in common gives all pairs together of whom both told any."""
    total, mentors = np.int64(0), rules.mentor.shape[1]
    scores, shared = np.empty(mentors, np.int32), np.empty(mentors, np.int32)
    for i in range(rules.mentee.shape[1]):
        scores[:] = 0
        if rules.mentee[k, i] != 0:
            count_shared(i, rules, k, shared)
            add_rises(rules, k, shared, scores)
        total += scores.sum()
    return total


@inner
def judge(i, rules, said, scores, shared):
    """What mentee i scores with every mentor; below the floor where the two may not be."""
    for t in range(np.uint64(len(scores))):
        scores[t] = said.closed[t]
    for k in range(len(rules.kinds)):
        told, neutral = rules.mentee[k, i], rules.gives[k, 2]
        if rules.kinds[k] == BY_ANSWER:
            add_listed(rules.given, rules.lists[k] + told, scores)
        elif told == 0:
            add_everywhere(neutral, scores)
        elif rules.kinds[k] == ALIKE:
            add_alike(rules.gives, rules.mentor, k, told, scores)
        else:
            add_shared(i, rules, k, scores, shared)
    for p in range(said.wish_starts[i], said.wish_starts[i + 1]):
        scores[said.wish_mentors[p]] += said.wish_points[p]
    for p in range(said.apart_starts[i], said.apart_starts[i + 1]):
        scores[said.apart_mentors[p]] += rules.never


@inner
def add_listed(given, row, scores):
    for t in range(np.uint64(len(scores))):
        scores[t] += given[row, t]


@inner
def add_everywhere(points, scores):
    if points != 0:
        for t in range(np.uint64(len(scores))):
            scores[t] += points


@inner
def add_alike(gives, mentor, k, told, scores):
    """Of the kinds same and different: points where both told the same, where not, where a mentor told nothing."""
    same, other, neutral = gives[k, 0], gives[k, 1], gives[k, 2]
    for t in range(np.uint64(len(scores))):
        answer = mentor[k, t]
        scores[t] += same if answer == told else (neutral if answer == 0 else other)


@inner
def add_shared(i, rules, k, scores, shared):
    """Points for answers in common; and where there are none, what that costs."""
    first, last, none, neutral = rules.words[k], rules.words[k + 1], rules.gives[k, 1], rules.gives[k, 2]
    gives = rules.starts[k] < rules.starts[k + 1]
    if last - first > 1 or gives:
        count_shared(i, rules, k, shared)
        add_rises(rules, k, shared, scores)
        if none != 0:
            add_to_strangers(rules.mentor, k, none, shared, scores)
    else:
        add_without_any(rules.mentee_bits[first, i], rules.mentor_bits, first, none, scores)
    if neutral != 0:
        add_to_silent(rules.mentor, k, neutral, scores)


@inner
def count_shared(i, rules, k, shared):
    """How many answers mentee i and every mentor have in common."""
    first, last = rules.words[k], rules.words[k + 1]
    word = rules.mentee_bits[first, i]
    for t in range(np.uint64(len(shared))):
        shared[t] = ones(word & rules.mentor_bits[first, t])
    for w in range(first + 1, last):
        word = rules.mentee_bits[w, i]
        if word != 0:
            for t in range(np.uint64(len(shared))):
                shared[t] += ones(word & rules.mentor_bits[w, t])


@inner
def add_rises(rules, k, shared, scores):
    """From so many answers in common on, each of so many more gives the same."""
    for n in range(rules.starts[k], rules.starts[k + 1]):
        after, many, each = rules.rises[n, 0], rules.rises[n, 1], rules.rises[n, 2]
        for t in range(np.uint64(len(scores))):
            scores[t] += min(max(np.int32(shared[t] - after), np.int32(0)), many) * each


@inner
def add_to_strangers(mentor, k, points, shared, scores):
    """To whoever told something, and has nothing in common."""
    for t in range(np.uint64(len(scores))):
        scores[t] += points if (shared[t] == 0) & (mentor[k, t] != 0) else np.int32(0)


@inner
def add_without_any(word, bits, w, points, scores):
    """The same, of answers in one word of bits of which nobody asks how many are in common."""
    for t in range(np.uint64(len(scores))):
        other = bits[w, t]
        scores[t] += points if (other & word == 0) & (other != 0) else np.int32(0)


@inner
def add_to_silent(mentor, k, points, scores):
    """To whoever told nothing."""
    for t in range(np.uint64(len(scores))):
        scores[t] += points if mentor[k, t] == 0 else np.int32(0)


@inner
def is_missed(scores, floor, own, other):
    """Whether a pair that may be scores more than both prices."""
    missed = False
    for t in range(np.uint64(len(scores))):
        missed |= (scores[t] > own + other[t]) & (scores[t] >= floor)
    return missed


@inner
def of_pair(i, j, rules, k):
    """What one rule gives one pair."""
    told, other = rules.mentee[k, i], rules.mentor[k, j]
    if rules.kinds[k] == BY_ANSWER:
        return rules.given[rules.lists[k] + told, j]
    if told == 0 or other == 0:
        return rules.gives[k, 2]
    if rules.kinds[k] == ALIKE:
        return rules.gives[k, 0] if told == other else rules.gives[k, 1]
    shared = np.int64(0)
    for w in range(rules.words[k], rules.words[k + 1]):
        shared += ones(rules.mentee_bits[w, i] & rules.mentor_bits[w, j])
    points = np.int32(0) if shared else rules.gives[k, 1]
    for n in range(rules.starts[k], rules.starts[k + 1]):
        points += np.int32(min(max(shared - rules.rises[n, 0], 0), rules.rises[n, 1]) * rules.rises[n, 2])
    return points
