"""Who can be reached from whom by moving people, over all pairs that may be: each row is looked at once, as bits.

Bit 64 * w + b of a mentee's row is a mentor of the first of their two stretches (`columns.Columns.spans`), and after
the words of that, of the second. `who` and `starts`: the mentees of each mentor, in one list, as the plan has them.
"""

import numpy as np

from rapport.matching.engine.compiling import compiled
from rapport.matching.engine.kernels import STRETCH, fill, ones

ENTRIES = ("open_up", "close_over", "core_of")  # what is called from outside


@compiled
def learn(i, c, least, places, bits, known):
    """Look at a mentee's row, once: whose they could be, of those who have places at all."""
    if known[i]:
        return
    known[i] = True
    scores, shared = np.empty(STRETCH, np.int32), np.empty(STRETCH, np.int32)
    base = 0
    for part in range(2):
        start, stop = c.spans[i, 2 * part], c.spans[i, 2 * part + 1]
        for low in range(start, stop, STRETCH):
            high = min(stop, low + STRETCH)
            fill(i, low, high, c, scores, shared)
            for t in range(high - low):
                if scores[t] >= least and places[low + t] > 0:
                    at = low + t - start
                    bits[i, base + (at >> 6)] |= np.uint64(1) << np.uint64(at & 63)
        base += (stop - start + 63) >> 6


@compiled
def mentors_of(i, c, bits, found):
    """The mentors of a row that was looked at; how many there are."""
    n, base, one = 0, 0, np.uint64(1)
    for part in range(2):
        start, stop = c.spans[i, 2 * part], c.spans[i, 2 * part + 1]
        for w in range((stop - start + 63) >> 6):
            word = bits[i, base + w]
            while word != 0:
                found[n] = start + 64 * w + ones(~word & (word - one))
                n += 1
                word &= word - one
        base += (stop - start + 63) >> 6
    return n


@compiled
def open_up(c, least, places, starts, who, moves, mover, goes_to, bits, known):
    """From which mentors a place can be freed: `moves[j]` people move then, the first of them `mover[j]`.

    `moves` comes with 0 where a place is free and -1 elsewhere; whoever is moved goes to `goes_to[j]`.
    """
    mentors, found, level, more = len(places), np.empty(len(places), np.int64), 0, True
    while more:
        more = False
        for j in range(mentors):
            for z in range(starts[j], starts[j + 1] if moves[j] < 0 else starts[j]):
                learn(who[z], c, least, places, bits, known)
                for q in range(mentors_of(who[z], c, bits, found)):
                    if moves[found[q]] == level and found[q] != j:
                        moves[j], mover[j], goes_to[j], more = level + 1, who[z], found[q], True
                        break
                if moves[j] >= 0:
                    break
        level += 1


@compiled
def close_over(i, c, least, places, starts, who, is_free, cores, ends, inside, seen, bits, known):
    """Which mentors mentee i, and whoever they would move, could be with: fills `seen`. False if a place is free.

    `cores[j]` of a mentor from whom all of `inside[ends[n] : ends[n + 1]]` are known to be reached is that n, else -1.
    """
    found, waiting = np.empty(len(places), np.int64), np.empty(len(who) + 1, np.int64)
    waiting[0], n = i, 1
    while n > 0:
        n -= 1
        row = waiting[n]
        learn(row, c, least, places, bits, known)
        for q in range(mentors_of(row, c, bits, found)):
            j = found[q]
            if seen[j]:
                continue
            if is_free[j]:
                return False
            if cores[j] >= 0:
                for z in range(ends[cores[j]], ends[cores[j] + 1]):
                    seen[inside[z]] = True
            else:
                seen[j] = True
                for z in range(starts[j], starts[j + 1]):
                    waiting[n] = who[z]
                    n += 1
    return True


@compiled
def core_of(root, inside, core, c, least, places, starts, who, bits, known):
    """Which of `inside` reach `root`, by moving people among them: sets `core[j]`."""
    found, more = np.empty(len(places), np.int64), True
    core[root] = True
    while more:
        more = False
        for j in inside:
            for z in range(starts[j], starts[j + 1]):
                if core[j]:
                    break
                learn(who[z], c, least, places, bits, known)
                for q in range(mentors_of(who[z], c, bits, found)):
                    if core[found[q]]:
                        core[j], more = True, True
                        break
