"""Who can be reached from whom by moving people, over all pairs that may be: each row is looked at once, as bits.

The words of mentee i begin at `rows[i]`: bit 64 * w + b is a mentor of the first of their two stretches
(`columns.Columns.spans`), and after the words of that, of the second. `who` and `starts`: the mentees of each mentor,
in one list, as the plan has them.
"""

import numpy as np

from rapport.matching.engine.compiling import compiled, inner, ones
from rapport.matching.engine.kernels import EQUAL, NEVER, STRETCH, TABLE, fill

ENTRIES = ("barred", "tally", "tally_each", "open_up", "close_over", "core_of")  # what is called from outside
TRIED = 8  # pairs looked at one by one before a whole row is


@compiled
def barred(i, c, hard, bits):
    """Which rules keep mentee i from each mentor: fills `bits` (int64[N]), bit k for criterion k, the last for a pair
    that is kept apart. `hard` says which criteria can forbid."""
    mentors = c.mentor_codes.shape[1]
    shared = np.empty(mentors, np.uint64)
    bits[:] = 0
    for k in range(len(c.kinds)):
        told, others, rule = c.mentee_codes[k, i], c.mentor_codes[k], np.int64(1) << k
        if told == 0 or not hard[k]:
            continue
        if c.kinds[k] == EQUAL:
            same = c.gives[k, 0] == NEVER
            for j in range(mentors):
                bits[j] |= rule * ((others[j] != 0) & ((others[j] == told) == same))
        elif c.kinds[k] == TABLE:
            place = c.offsets[k] + told * c.widths[k]
            for j in range(mentors):
                bits[j] |= rule * ((others[j] != 0) & (c.looks[place + others[j]] == NEVER))
        else:
            shared[:] = 0
            for w in range(c.words[k], c.words[k + 1]):
                word, of = c.mentee_bits[w, i], c.mentor_bits[w]
                if word != 0:
                    for j in range(mentors):
                        shared[j] |= word & of[j]
            for j in range(mentors):
                bits[j] |= rule * ((others[j] != 0) & (shared[j] == 0))
    for p in range(c.own_starts[i], c.own_starts[i + 1]):
        if c.own_points[p] == NEVER:
            bits[c.own_mentors[p]] |= np.int64(1) << len(c.kinds)


@compiled
def tally(bits, has_place, by_rule, only):
    """Of the mentors with a place: how many each rule forbids, and it only (fills both, by the number of its bit).
    Returns how many no rule forbids."""
    open_to = 0
    for j in range(len(bits)):
        rest, many = bits[j] if has_place[j] else np.int64(0), 0
        open_to += has_place[j] and rest == 0
        while rest != 0:
            k = ones(np.uint64((rest & -rest) - 1))
            by_rule[k] += 1
            rest &= rest - 1
            many += 1
        if many == 1:
            only[k] += 1
    return open_to


@compiled
def tally_each(rows, c, hard, has_place, by_rule, only, open_to):
    """The same of many mentees, each with a row of both and a number in `open_to`."""
    bits = np.empty(len(has_place), np.int64)
    for n in range(len(rows)):
        barred(rows[n], c, hard, bits)
        open_to[n] = tally(bits, has_place, by_rule[n], only[n])


@compiled
def learn(i, c, least, places, rows, bits, known):
    """Look at a mentee's row, once: whose they could be, of those who have places at all."""
    if known[i]:
        return
    known[i] = True
    scores, shared = np.empty(STRETCH, np.int32), np.empty(STRETCH, np.int32)
    base = rows[i]
    for part in range(2):
        start, stop = c.spans[i, 2 * part], c.spans[i, 2 * part + 1]
        for low in range(start, stop, STRETCH):
            high = min(stop, low + STRETCH)
            fill(i, low, high, c, scores, shared)
            for t in range(0, high - low, 64):
                bits[base + ((low + t - start) >> 6)] = word_of(scores, places, least, low, t, min(t + 64, high - low))
        base += (stop - start + 63) >> 6


@inner
def word_of(scores, places, least, low, first, last):
    """A bit for each of at most 64 mentors: whether they have a place and the score is no lower than `least`."""
    word, bar = np.uint64(0), np.int32(least)
    for t in range(first, last):
        word |= np.uint64((scores[t] >= bar) & (places[low + t] > 0)) << np.uint64(t - first)
    return word


@compiled
def mentors_of(i, c, rows, bits, found):
    """The mentors of a row that was looked at; how many there are."""
    n, base, one = 0, rows[i], np.uint64(1)
    for part in range(2):
        start, stop = c.spans[i, 2 * part], c.spans[i, 2 * part + 1]
        for w in range((stop - start + 63) >> 6):
            word = bits[base + w]
            while word != 0:
                found[n] = start + 64 * w + ones(~word & (word - one))
                n += 1
                word &= word - one
        base += (stop - start + 63) >> 6
    return n


@inner
def first_of(i, c, rows, bits, wanted):
    """The first mentor of a row that was looked at who is one of those wanted; -1 where there is none."""
    base, one = rows[i], np.uint64(1)
    for part in range(2):
        start, stop = c.spans[i, 2 * part], c.spans[i, 2 * part + 1]
        for w in range((stop - start + 63) >> 6):
            word = bits[base + w]
            while word != 0:
                j = start + 64 * w + ones(~word & (word - one))
                if wanted[j]:
                    return j
                word &= word - one
        base += (stop - start + 63) >> 6
    return -1


@compiled
def open_up(c, least, places, starts, who, moves, mover, goes_to, rows, bits, known):
    """From which mentors a place can be freed: `moves[j]` people move then, the first of them `mover[j]`.

    `moves` comes with 0 where a place is free and -1 elsewhere; whoever is moved goes to `goes_to[j]`.
    """
    level, more = 0, True
    while more:
        more, wanted = False, moves == level
        for j in range(len(places)):
            for z in range(starts[j], starts[j + 1] if moves[j] < 0 else starts[j]):
                learn(who[z], c, least, places, rows, bits, known)
                to = first_of(who[z], c, rows, bits, wanted)
                if to >= 0:
                    moves[j], mover[j], goes_to[j], more = level + 1, who[z], to, True
                    break
        level += 1


@compiled
def close_over(i, c, least, places, starts, who, is_free, cores, ends, inside, seen, rows, bits, known):
    """Which mentors mentee i, and whoever they would move, could be with: fills `seen`. False if a place is free.
    Where everybody with a place is seen, nobody else is asked.

    `cores[j]` of a mentor from whom all of `inside[ends[n] : ends[n + 1]]` are known to be reached is that n, else -1.
    """
    found, waiting = np.empty(len(places), np.int64), np.empty(len(who) + 1, np.int64)
    waiting[0], n, unseen = i, 1, np.sum((places > 0) & ~seen)
    while n > 0 and unseen > 0:
        n -= 1
        row = waiting[n]
        learn(row, c, least, places, rows, bits, known)
        for q in range(mentors_of(row, c, rows, bits, found)):
            j = found[q]
            if seen[j]:
                continue
            if is_free[j]:
                return False
            if cores[j] >= 0:
                for z in range(ends[cores[j]], ends[cores[j] + 1]):
                    unseen -= not seen[inside[z]]
                    seen[inside[z]] = True
            else:
                seen[j] = True
                unseen -= 1
                for z in range(starts[j], starts[j + 1]):
                    waiting[n] = who[z]
                    n += 1
    return True


@compiled
def core_of(root, inside, core, c, least, places, starts, who, rows, bits, known):
    """Which of `inside` reach `root`, by moving people among them: sets `core[j]`."""
    members, n, more = np.empty(len(inside) + 1, np.int64), 1, True
    core[root], members[0] = True, root
    while more:
        more = False
        for j in inside:
            for z in range(starts[j], starts[j] if core[j] else starts[j + 1]):
                if is_with_any(who[z], members[max(0, n - TRIED) : n], c, least):
                    is_there = True
                else:
                    learn(who[z], c, least, places, rows, bits, known)
                    is_there = first_of(who[z], c, rows, bits, core) >= 0
                if is_there:
                    core[j], members[n], n, more = True, j, n + 1, True
                    break


@compiled
def is_with_any(i, mentors, c, least):
    """Whether mentee i may be with one of these mentors, of a few looked at one by one."""
    for j in mentors:
        is_near = c.spans[i, 0] <= j < c.spans[i, 1] or c.spans[i, 2] <= j < c.spans[i, 3]
        if is_near and score_of(i, j, c) >= least:
            return True
    return False


@inner
def score_of(i, j, c):
    """What one pair scores, as `kernels.fill` says it of many."""
    score = np.int64(0)
    for k in range(len(c.kinds)):
        told, other, place = c.mentee_codes[k, i], c.mentor_codes[k, j], c.offsets[k]
        if told == 0 or other == 0:
            score += c.gives[k, 2]
        elif c.kinds[k] == EQUAL:
            score += c.gives[k, 0] if told == other else c.gives[k, 1]
        elif c.kinds[k] == TABLE:
            score += c.looks[place + told * c.widths[k] + other]
        else:
            shared = np.int64(0)
            for w in range(c.words[k], c.words[k + 1]):
                shared += ones(c.mentee_bits[w, i] & c.mentor_bits[w, j])
            score += c.looks[place + min(shared, c.widths[k] - 1)]
    for p in range(c.own_starts[i], c.own_starts[i + 1]):
        score += c.own_points[p] if c.own_mentors[p] == j else 0
    return score
