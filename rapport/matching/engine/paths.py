"""Shortest augmenting paths over a sparse graph with capacities, in whole numbers.

Rows are mentees, columns mentors. A row takes one edge at its cost, or stays out at `out[row]`. The least total cost is
found with its prices: `cost - u - v >= 0` on every edge, `u <= out`, `v <= 0`, and equality where something is taken;
`v < 0` only where a column is full. Sources: Jonker and Volgenant 1987 (prices first, here by `bids`, then paths),
Dijkstra with potentials (Edmonds and Karp 1972). To start from earlier prices, rows whose choice is no longer cheapest
are set free; each leaves a lack where it was, and one path per row brings it to the nearest lack, if need be through
the common sink. Arrays: see `graphs`.
"""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine.compiling import compiled, inner
from rapport.matching.engine.graphs import FREE, OUT, dearer, free_violated, let_go
from rapport.matching.engine.heaps import heap_in, heap_out

FAR = np.int64(1) << 61
SINK = -9
ENTRIES = ("finish",)  # what is called from outside


class Walk(NamedTuple):
    """What one search remembers. `n`: how many there are of each and where the sink lies, by the names below."""

    dist: np.ndarray
    came: np.ndarray
    done: np.ndarray
    touched: np.ndarray
    popped: np.ndarray
    keys: np.ndarray
    items: np.ndarray
    queue: np.ndarray
    stay: np.ndarray
    n: np.ndarray
    rows: np.ndarray  # those looked at past the sink
    columns: np.ndarray


HEAP, TOUCHED, POPPED, QUEUE, STAY = range(5)
SINK_AT, SINK_ROW, SINK_COLUMN, IS_SUNK, TOP = range(5, 10)  # TOP: the price of the sink
AT_SINK, END = 10, 11  # rows that may end anywhere; an end is known that is no farther


@compiled
def finish(g, at, parts, most):
    """Bring every row that is FREE, or whose choice is no longer its cheapest, to a lack or out by a cheapest path, and
    keep the prices true. In each part there are at least as many such rows as lacks; those beyond may end anywhere.
    Returns whether it did: not where more than `most` would rather have something else, who are left as they are.
    """
    if dearer(g, at) > most:
        return False
    free_violated(g, at)
    w = walk_over(len(g.starts) - 1, len(g.first) - 1, g.starts[-1])
    for n in range(len(parts.row_starts) - 1):
        rows = parts.rows[parts.row_starts[n] : parts.row_starts[n + 1]]
        columns = parts.columns[parts.column_starts[n] : parts.column_starts[n + 1]]
        finish_part(g, at, w, rows, columns)
    return True


@inner
def finish_part(g, at, w, rows, columns):
    """`finish` among some rows and columns that have no edges to others."""
    w = Walk(w.dist, w.came, w.done, w.touched, w.popped, w.keys, w.items, w.queue, w.stay, w.n, rows, columns)
    w.n[AT_SINK], w.n[TOP] = 0, 0
    for row in rows:
        w.n[AT_SINK] += at.match[row] == FREE
    for column in columns:
        w.n[AT_SINK] -= at.lack[column]
    for row in rows:
        if at.match[row] == FREE:
            bring(row, g, at, w)
    for row in rows:
        at.u[row] += w.n[TOP]
    for column in columns:
        at.v[column] = min(at.v[column] - w.n[TOP], 0)


@compiled
def walk_over(rows, columns, edges):
    """Room for searches; each leaves it as it was."""
    size = edges + 2 * columns + 16
    return Walk(
        np.full(columns, FAR), np.full(columns, FREE), np.zeros(columns, np.uint8),
        np.empty(columns, np.int64), np.empty(columns, np.int64), np.empty(size, np.int64), np.empty(size, np.int64),
        np.empty(rows + 1, np.int64), np.empty(rows, np.int64), np.zeros(12, np.int64), np.arange(rows),
        np.arange(columns),
    )  # fmt: skip


@inner
def bring(row, g, at, w):
    """One FREE row to its place: search, move the prices, go the path back, forget the search."""
    w.n[HEAP], w.n[TOUCHED], w.n[POPPED], w.n[STAY], w.n[QUEUE] = 0, 0, 0, 0, 1
    w.n[SINK_AT], w.n[SINK_ROW], w.n[SINK_COLUMN], w.n[IS_SUNK], w.n[END] = FAR, -1, -1, 0, FAR
    w.queue[0] = row
    least = g.out[row] - w.n[TOP]
    for p in range(np.uint64(g.starts[row]), np.uint64(g.starts[row + 1])):
        least = min(least, g.costs[p] - at.v[g.heads[p]])
    at.u[row] = least
    end, reached = search(g, at, w)
    move_prices(row, reached, g, at, w)
    if end >= 0:
        at.lack[end] -= 1
        go_back(row, end, w.came[end] == SINK, g, at, w)
    else:
        w.n[AT_SINK] -= 1
        go_back(row, -1, True, g, at, w)
    for q in range(w.n[TOUCHED]):
        w.dist[w.touched[q]], w.done[w.touched[q]] = FAR, 0


@inner
def search(g, at, w):
    """The nearest lack, or the sink, from the rows of the queue. Returns the column, -1 for the sink, and how far."""
    base = np.int64(0)
    while True:
        look_around(base, g, at, w)
        while w.n[HEAP] > 0 and (w.done[w.items[0]] or w.keys[0] > w.dist[w.items[0]]):
            w.n[HEAP] = heap_out(w.keys, w.items, w.n[HEAP])
        if not w.n[IS_SUNK] and (w.n[HEAP] == 0 or w.keys[0] >= w.n[SINK_AT]):
            if w.n[AT_SINK] > 0:
                return -1, w.n[SINK_AT]
            base = w.n[SINK_AT]
            go_through_sink(g, at, w)
            continue
        column = w.items[0]
        w.n[HEAP] = heap_out(w.keys, w.items, w.n[HEAP])
        base = w.dist[column]
        if at.lack[column] > 0:
            return column, base
        take_column(column, base, g, at, w)


@inner
def look_around(base, g, at, w):
    """The columns near the rows of the queue, which lie at `base`, and their own ways out."""
    for q in range(w.n[QUEUE]):
        i = w.queue[q]
        here = base - at.u[i]
        if here + g.out[i] - w.n[TOP] < w.n[SINK_AT]:
            w.n[SINK_AT], w.n[SINK_ROW], w.n[SINK_COLUMN] = here + g.out[i] - w.n[TOP], i, -1
            if w.n[AT_SINK] != 0:
                w.n[END] = min(w.n[END], w.n[SINK_AT])
        for p in range(np.uint64(g.starts[i]), np.uint64(g.starts[i + 1])):
            far = here + g.costs[p] - at.v[g.heads[p]]
            if far < w.n[END] and far < w.dist[g.heads[p]]:
                reach(g.heads[p], far, i, g, at, w)
    w.n[QUEUE] = 0


@inner
def reach(column, far, came, g, at, w):
    """A column lies no farther than `far`; beyond the nearest end nothing is looked for."""
    if w.done[column]:
        return
    if w.dist[column] == FAR:
        w.touched[w.n[TOUCHED]] = column
        w.n[TOUCHED] += 1
    w.dist[column], w.came[column] = far, came
    w.n[HEAP] = heap_in(w.keys, w.items, w.n[HEAP], far, column)
    if at.lack[column] > 0:
        w.n[END] = min(w.n[END], far)
    elif w.n[AT_SINK] != 0 and at.load[column] < g.first[column + 1] - g.first[column]:
        w.n[END] = min(w.n[END], far + at.v[column] - w.n[TOP] + 1)


@inner
def go_through_sink(g, at, w):
    """Past the sink lie the columns that have a place or a lack, and the rows that stayed out."""
    w.n[IS_SUNK] = 1
    for j in w.columns:
        far = w.n[SINK_AT] + w.n[TOP] - at.v[j]
        if at.load[j] + at.lack[j] > 0 and far < w.n[END] and far < w.dist[j]:
            reach(j, far, SINK, g, at, w)
    for i in w.rows:
        if at.match[i] == OUT:
            w.queue[w.n[QUEUE]], w.stay[w.n[STAY]] = i, i
            w.n[QUEUE] += 1
            w.n[STAY] += 1


@inner
def take_column(column, base, g, at, w):
    """A column is reached: its rows are next, and if it has a place, so is the sink."""
    w.done[column] = 1
    w.popped[w.n[POPPED]] = column
    w.n[POPPED] += 1
    sink = base + at.v[column] - w.n[TOP]
    if at.load[column] < g.first[column + 1] - g.first[column] and sink < w.n[SINK_AT]:
        w.n[SINK_AT], w.n[SINK_ROW], w.n[SINK_COLUMN] = sink, -1, column
    for z in range(g.first[column], g.first[column] + at.load[column]):
        w.queue[w.n[QUEUE]] = at.slots[z]
        w.n[QUEUE] += 1


@inner
def move_prices(row, reached, g, at, w):
    """Whatever lies nearer than the end moves with it."""
    for q in range(w.n[POPPED]):
        j = w.popped[q]
        more = reached - w.dist[j]
        at.v[j] -= more
        for z in range(g.first[j], g.first[j] + at.load[j]):
            at.u[at.slots[z]] += more
    at.u[row] += reached
    if w.n[IS_SUNK]:
        for q in range(w.n[STAY]):
            at.u[w.stay[q]] += reached - w.n[SINK_AT]
        w.n[TOP] -= reached - w.n[SINK_AT]


@inner
def go_back(start, column, through, g, at, w):
    """Along the path from its end to the row it began with: each row takes what it was reached from."""
    while True:
        if through and w.n[SINK_COLUMN] >= 0:
            column, through = w.n[SINK_COLUMN], False
        if not through and w.came[column] == SINK:
            through = True
            continue
        row = w.n[SINK_ROW] if through else w.came[column]
        old = at.match[row]
        if row != start and old >= 0:
            let_go(at.slots, g.first, at.load, old, row)
        if through:
            at.match[row] = OUT
        else:
            at.match[row] = column
            at.slots[g.first[column] + at.load[column]] = row
            at.load[column] += 1
        if row == start:
            return
        column, through = old, old == OUT
