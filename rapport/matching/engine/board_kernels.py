"""One mentee's row fused with what is asked of it: the best few, or the best by how much room others make."""

import numpy as np

from rapport.matching.engine.compiling import compiled
from rapport.matching.engine.kernels import STRETCH, keep_best, look, stretches

NO_ROOM = -(1 << 28)  # nobody can make room at this mentor; with a score, whatever it breaks, still 32 bits
ENTRIES = ("best_of", "best_rooms", "best_moves")  # what is called from outside


@compiled
def best_of(i, c, least, places, lots, most, keys, mentors):
    """The `most` best mentors of mentee i with a free place; equals by lot. Fills keys and mentors; how many."""
    scores, shared = np.empty(STRETCH, np.int32), np.empty(STRETCH, np.int32)
    n, bar = 0, np.int64(least)
    for z in range(stretches(i, c)):
        low, high = look(i, z, c, scores, shared)
        at_bar, reaching = np.int32(bar), np.int32(0)
        for t in range(high - low):
            reaching += np.int32(scores[t] >= at_bar)
        if reaching == 0:
            continue
        for t in range(high - low):
            if scores[t] >= bar and places[low + t] > 0:
                key = (np.int64(scores[t]) << 32) | (np.int64(0xFFFFFFFF) - lots[low + t])
                n = keep_best(keys, mentors, n, most, key, low + t)
                if n == most:
                    bar = keys[0] >> 32
    return n


@compiled
def best_rooms(i, c, least, not_at, rooms, lots, totals, mentors):
    """For each row of `rooms` (levels x N) the best score and room of mentee i together, and with whom; equals by lot.

    Fills totals and mentors (-1: with nobody). `not_at`: a mentor who is left out, or -1.
    """
    scores, shared = np.empty(STRETCH, np.int32), np.empty(STRETCH, np.int32)
    for level in range(len(rooms)):
        totals[level], mentors[level] = np.int64(NO_ROOM) // 2, -1
    for z in range(stretches(i, c)):
        low, high = look(i, z, c, scores, shared)
        for level in range(len(rooms)):
            best, at, room = totals[level], mentors[level], rooms[level]
            most = np.int32(NO_ROOM)
            for t in range(high - low):
                most = max(most, np.int32(scores[t] + room[low + t]))
            if most < best:
                continue
            for t in range(high - low):
                j = low + t
                total = np.int64(scores[t]) + room[j]
                if total < best or scores[t] < least or j == not_at:
                    continue
                if total > best or lots[j] < lots[at]:
                    best, at = total, j
            totals[level], mentors[level] = best, at


@compiled
def best_moves(movers, at, c, least, room, lots, totals, mentors):
    """For each mover (a mentee, and the mentor they are with) the best other mentor by score and room there."""
    one_total, one_mentor = np.empty(1, np.int64), np.empty(1, np.int64)
    rooms = room.reshape(1, -1)
    for n in range(len(movers)):
        best_rooms(movers[n], c, least, at[n], rooms, lots, one_total, one_mentor)
        totals[n], mentors[n] = one_total[0], one_mentor[0]
