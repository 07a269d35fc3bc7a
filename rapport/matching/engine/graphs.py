"""A plan as `bids` and `paths` work on it: a sparse graph of rows (mentees) and columns (mentors), and who is where.

All arrays are int64, but `heads` uint32: of a number with a sign Numba asks each time whether it counts from the end.
Edges of row i: `starts[i]` to `starts[i + 1]` of `heads` (column) and `costs`.
"""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine.compiling import compiled, inner

FREE, OUT = -1, -2  # what a row has: nothing yet, or its own way out
ENTRIES = ("let_go",)  # what is called from outside


class Graph(NamedTuple):
    """Rows, their edges, what staying out costs, and where the places of each column begin."""

    starts: np.ndarray  # by row: where its edges begin, and after the last where they end
    heads: np.ndarray  # by edge: its column
    costs: np.ndarray
    out: np.ndarray  # by row
    first: np.ndarray  # by column, and after the last where they end


class Stand(NamedTuple):
    """What each row has, the prices, and who holds the places of each column; `lack`: places to be filled again."""

    match: np.ndarray  # by row: its column, FREE or OUT
    u: np.ndarray  # by row
    v: np.ndarray  # by column
    load: np.ndarray  # by column: how many of its places are taken
    slots: np.ndarray  # by place: its row, those taken first
    lack: np.ndarray  # by column


class Parts(NamedTuple):
    """Rows and columns by part: no edge leads from one part to another. Part n begins at the nth start."""

    rows: np.ndarray
    row_starts: np.ndarray
    columns: np.ndarray
    column_starts: np.ndarray


def whole(g: Graph) -> Parts:
    """The graph as one part."""
    rows, columns = len(g.starts) - 1, len(g.first) - 1
    ends = np.array([0, rows]), np.array([0, columns])
    return Parts(np.arange(rows), ends[0], np.arange(columns), ends[1])


@compiled
def parts_of(g):
    """The parts of the graph: sets that edges join, each named by its lowest member, rows before columns."""
    rows, columns = len(g.starts) - 1, len(g.first) - 1
    up = np.arange(rows + columns)
    for i in range(rows):
        for p in range(g.starts[i], g.starts[i + 1]):
            a, b = top_of(up, i), top_of(up, rows + g.heads[p])
            up[max(a, b)] = min(a, b)
    number, n = np.empty(rows + columns, np.int64), 0
    for one in range(rows + columns):
        number[one] = n if up[one] == one else number[top_of(up, one)]
        n += up[one] == one
    by_row, by_column = np.argsort(number[:rows], kind="mergesort"), np.argsort(number[rows:], kind="mergesort")
    starts = np.searchsorted(number[:rows][by_row], np.arange(n + 1))
    return Parts(by_row, starts, by_column, np.searchsorted(number[rows:][by_column], np.arange(n + 1)))


@inner
def top_of(up, one):
    """The lowest member of a set; the way there is halved for who comes later (Tarjan 1975)."""
    while up[one] != one:
        up[one] = up[up[one]]
        one = up[one]
    return one


@compiled
def turned(g):
    """The edges by column: where those of each begin, and their rows."""
    rows, columns = len(g.starts) - 1, len(g.first) - 1
    begins, back = np.zeros(columns + 2, np.int64), np.empty(len(g.heads), np.int32)
    for p in range(len(g.heads)):
        begins[g.heads[p] + 2] += 1
    for j in range(columns):
        begins[j + 2] += begins[j + 1]
    for i in range(rows):
        for p in range(g.starts[i], g.starts[i + 1]):
            back[begins[g.heads[p] + 1]] = i
            begins[g.heads[p] + 1] += 1
    return begins[: columns + 1], back


@compiled
def owners_of(g, at):
    """The column of which each row holds a place, -1 for none."""
    owner = np.full(len(g.starts) - 1, -1, np.int64)
    for j in range(len(g.first) - 1):
        for z in range(g.first[j], g.first[j] + at.load[j]):
            owner[at.slots[z]] = j
    return owner


@inner
def dearer(g, at):
    """How many rows have an edge that is cheaper than what they have."""
    many = 0
    for i in range(len(g.starts) - 1):
        p = g.starts[i]
        while p < g.starts[i + 1] and g.costs[p] - at.v[g.heads[p]] >= at.u[i]:
            p += 1
        many += p < g.starts[i + 1]
    return many


@inner
def free_violated(g, at):
    """Set free every row whose choice is no longer its cheapest; each leaves a lack where it was."""
    for i in range(len(g.starts) - 1):
        least = g.out[i]
        for p in range(g.starts[i], g.starts[i + 1]):
            least = min(least, g.costs[p] - at.v[g.heads[p]])
        if least >= at.u[i]:
            continue
        at.u[i] = least
        if at.match[i] >= 0:
            at.lack[at.match[i]] += 1
            let_go(at.slots, g.first, at.load, at.match[i], i)
        at.match[i] = FREE


@inner
def let_go(slots, first, load, column, row):
    for z in range(first[column], first[column] + load[column]):
        if slots[z] == row:
            slots[z] = slots[first[column] + load[column] - 1]
            load[column] -= 1
            return
