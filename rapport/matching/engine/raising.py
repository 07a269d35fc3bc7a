"""As high as the weakest pair of a plan can be over listed pairs, while as many are served.

Pairs below a bar are let go, and as many are served again by paths along which each moves on (Berge 1957); then the bar
is just above the weakest pair that is left. Where there is no path, what the search reached says why: some rows and
columns, with as many places as are served, cover all pairs (König 1931). A search begins on the side where fewer are
free, with those just let go.
"""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine.compiling import compiled
from rapport.matching.engine.graphs import let_go
from rapport.matching.engine.listing import by_mentee

FREE, SOURCE = -1, -2  # nobody and not reached; where a search began
ENTRIES = ("edges_of", "stay", "climb")  # what is called from outside


class Pairs(NamedTuple):
    """Listed pairs from both sides, without those whose column has no place, and where its places begin."""

    starts: np.ndarray  # by row: where its pairs begin
    heads: np.ndarray  # their columns
    scores: np.ndarray
    begins: np.ndarray  # by column: where its pairs begin
    back: np.ndarray  # their rows
    back_scores: np.ndarray
    first: np.ndarray


class Plan(NamedTuple):
    """Who has whom at which score, the places taken, and what the last search went through.

    `row_came`, `column_came`: where it reached one from; FREE where it did not, SOURCE where it began there.
    """

    match: np.ndarray
    scores: np.ndarray
    load: np.ndarray
    slots: np.ndarray
    row_came: np.ndarray
    column_came: np.ndarray
    queue: np.ndarray


@compiled
def edges_of(keys, scores, first, rows):
    """Pairs in order of row and column, laid out from both sides."""
    starts, heads, own = by_mentee(keys, scores, first, rows)
    columns = len(first) - 1
    begins, back = np.zeros(columns + 2, np.int64), np.empty(len(heads), np.int32)
    back_scores = np.empty(len(heads), np.int64)
    for j in heads:
        begins[j + 2] += 1
    for j in range(columns):
        begins[j + 2] += begins[j + 1]
    for i in range(rows):
        for p in range(starts[i], starts[i + 1]):
            q = begins[heads[p] + 1]
            back[q], back_scores[q] = i, own[p]
            begins[heads[p] + 1] += 1
    return Pairs(starts, heads, own, begins, back, back_scores, first)


@compiled
def stay(g, at, least):
    """Find what covers all pairs, of a plan that serves as many as can be. Returns `least`, and whether the search
    began with rows."""
    return least, search(g, at, least, np.empty(0, np.int64), at.match)[1]


@compiled
def climb(g, at, least):
    """Raise the bar from `least` on until fewer could be served. Returns the bar that is too high, and whether the
    last search, which found no path, began with rows. The plan is the last one that held."""
    lost = np.empty(len(at.match), np.int64)
    while True:
        match, scores, load, slots = at.match.copy(), at.scores.copy(), at.load.copy(), at.slots.copy()
        n = fall(g, at, least, lost)
        for z in range(n):
            is_found, began = search(g, at, least, lost[z:n], match)
            if not is_found:
                at.match[:], at.scores[:], at.load[:], at.slots[:] = match, scores, load, slots
                return least, began
        if n == 0:
            return stay(g, at, least)
        least = weakest_of(at) + 1


@compiled
def weakest_of(at):
    least = np.int64(1) << 60
    for i in range(len(at.match)):
        if at.match[i] >= 0:
            least = min(least, at.scores[i])
    return least


@compiled
def fall(g, at, least, lost):
    """Let go of every pair below the bar. Returns how many rows that are."""
    n = 0
    for i in range(len(at.match)):
        if at.match[i] >= 0 and at.scores[i] < least:
            let_go(at.slots, g.first, at.load, at.match[i], i)
            at.match[i], lost[n] = FREE, i
            n += 1
    return n


@compiled
def is_from_rows(g, at):
    """Whether fewer rows are free than places."""
    rows = places = np.int64(0)
    for i in range(len(at.match)):
        rows += at.match[i] < 0
    for j in range(len(at.load)):
        places += g.first[j + 1] - g.first[j] - at.load[j]
    return rows < places


@compiled
def search(g, at, least, lost, before):
    """Serve one more over pairs from `least` on. `lost`: rows let go, who had a column `before`. Returns whether there
    was a path, and whether it was looked for from the rows."""
    at.row_came[:], at.column_came[:] = FREE, FREE
    if is_from_rows(g, at):
        return search_from_rows(g, at, least, lost), True
    return search_from_columns(g, at, least, lost, before), False


@compiled
def search_from_columns(g, at, least, lost, before):
    n = done = 0
    for i in lost:
        n = begin_at(g, at, before[i], n)
    for is_wide in (False, True):
        for j in range(len(at.load) if is_wide else 0):
            n = begin_at(g, at, j, n)
        while done < n:
            n, i = ask_rows(g, at, at.queue[done], least, n)
            if i >= 0:
                move_up(g, at, i)
                return True
            done += 1
    return False


@compiled
def ask_rows(g, at, j, least, n):
    """Who could take column j, and the columns they would leave for it: n wait now. And a free row, or -1."""
    for q in range(g.begins[j], g.begins[j + 1]):
        i = g.back[q]
        if g.back_scores[q] < least or at.row_came[i] != FREE:
            continue
        at.row_came[i], own = j, at.match[i]
        if own < 0:
            return n, i
        if at.column_came[own] == FREE:
            at.column_came[own], at.queue[n] = i, own
            n += 1
    return n, -1


@compiled
def begin_at(g, at, j, n):
    if at.column_came[j] == FREE and at.load[j] < g.first[j + 1] - g.first[j]:
        at.column_came[j], at.queue[n] = SOURCE, j
        n += 1
    return n


@compiled
def move_up(g, at, i):
    """Row i takes the column it was reached from; whoever that column was reached from moves on, to the first."""
    while True:
        j = at.row_came[i]
        after = at.column_came[j]
        if after >= 0:
            let_go(at.slots, g.first, at.load, j, after)
        take(g, at, i, j)
        if after < 0:
            return
        i = after


@compiled
def take(g, at, i, j):
    at.slots[g.first[j] + at.load[j]] = i
    at.load[j] += 1
    at.match[i] = j
    for p in range(g.starts[i], g.starts[i + 1]):
        if g.heads[p] == j:
            at.scores[i] = g.scores[p]


@compiled
def search_from_rows(g, at, least, lost):
    n = done = 0
    for i in lost:
        n = begin_with(at, i, n)
    for is_wide in (False, True):
        for i in range(len(at.match) if is_wide else 0):
            n = begin_with(at, i, n)
        while done < n:
            n, j = ask_columns(g, at, at.queue[done], least, n)
            if j >= 0:
                move_down(g, at, j)
                return True
            done += 1
    return False


@compiled
def ask_columns(g, at, i, least, n):
    """Which columns row i could take, and the rows that have them: n wait now. And a column with a place, or -1."""
    for p in range(g.starts[i], g.starts[i + 1]):
        j = g.heads[p]
        if g.scores[p] < least or at.column_came[j] != FREE:
            continue
        at.column_came[j] = i
        if at.load[j] < g.first[j + 1] - g.first[j]:
            return n, j
        for z in range(g.first[j], g.first[j] + at.load[j]):
            at.row_came[at.slots[z]], at.queue[n] = j, at.slots[z]
            n += 1
    return n, -1


@compiled
def begin_with(at, i, n):
    if at.row_came[i] == FREE and at.match[i] < 0:
        at.row_came[i], at.queue[n] = SOURCE, i
        n += 1
    return n


@compiled
def move_down(g, at, j):
    """Column j takes the row it was reached from, whose own column takes the row it was reached from, to the first."""
    while True:
        i = at.column_came[j]
        own = at.match[i]
        if own >= 0:
            let_go(at.slots, g.first, at.load, own, i)
        take(g, at, i, j)
        if own < 0:
            return
        j = own
