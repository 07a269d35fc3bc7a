"""Shortest augmenting paths over a sparse graph with capacities, in whole numbers.

Rows are mentees, columns mentors. A row takes one edge at its cost, or stays out at `out[row]`. The least total cost is
found with its prices: `cost - u - v >= 0` on every edge, `u <= out`, `v <= 0`, and equality where something is taken;
`v < 0` only where a column is full. Sources: Jonker and Volgenant 1987 (row reduction, then paths), Dijkstra with
potentials (Edmonds and Karp 1972). To start from earlier prices, rows whose choice is no longer cheapest are set free;
each leaves a lack where it was, and one path per row brings it to the nearest lack, if need be through the common sink.

All arrays are int64. Edges of row i: `starts[i]` to `starts[i + 1]` of `heads` (column) and `costs`.
"""

import numpy as np

from rapport.matching.engine.compiling import compiled

FREE, OUT = -1, -2  # what a row has: nothing yet, or its own way out
FAR = np.int64(1) << 61
SINK = -9
ENTRIES = ("begin", "free_violated", "finish")  # what is called from outside


@compiled
def heap_in(keys, items, n, key, item):
    at = n
    while at > 0:
        up = (at - 1) >> 1
        if keys[up] < key or (keys[up] == key and items[up] <= item):
            break
        keys[at], items[at] = keys[up], items[up]
        at = up
    keys[at], items[at] = key, item
    return n + 1


@compiled
def heap_out(keys, items, n):
    n -= 1
    key, item, at = keys[n], items[n], 0
    while True:
        low = 2 * at + 1
        if low >= n:
            break
        if low + 1 < n and (keys[low + 1] < keys[low] or (keys[low + 1] == keys[low] and items[low + 1] < items[low])):
            low += 1
        if key < keys[low] or (key == keys[low] and item <= items[low]):
            break
        keys[at], items[at] = keys[low], items[low]
        at = low
    keys[at], items[at] = key, item
    return n


@compiled
def begin(starts, heads, costs, out, first, match, u, v, load, slots, patience):
    """Row reduction: each row bids for its cheapest column; prices rise only where a column of one place is full.

    Fills match, u, v, load and slots (`first[j]` to `first[j] + load[j]` are the rows of column j). What it cannot
    place stays FREE. At most `patience` bids a row.
    """
    rows = len(starts) - 1
    waiting, n, left = np.arange(rows)[::-1].copy(), rows, rows * patience
    while n > 0:
        n -= 1
        i = waiting[n]
        left -= 1
        best, least, second = -1, out[i], out[i]
        for p in range(starts[i], starts[i + 1]):
            asked = costs[p] - v[heads[p]]
            if asked < least:
                second, least, best = least, asked, heads[p]
            elif asked < second:
                second = asked
        u[i] = least
        if best < 0:
            match[i] = OUT
            continue
        size = first[best + 1] - first[best]
        if load[best] < size:
            slots[first[best] + load[best]] = i
            load[best] += 1
            match[i] = best
        elif size == 1 and second > least and left > 0:
            other = slots[first[best]]
            v[best] -= second - least
            u[i] = second
            slots[first[best]] = i
            match[i], match[other] = best, FREE
            waiting[n] = other
            n += 1


@compiled
def let_go(slots, first, load, column, row):
    for z in range(first[column], first[column] + load[column]):
        if slots[z] == row:
            slots[z] = slots[first[column] + load[column] - 1]
            load[column] -= 1
            return


@compiled
def free_violated(starts, heads, costs, out, first, match, u, v, load, slots, lack):
    """Set free every row whose choice is no longer its cheapest. Returns how many of them had stayed out."""
    stayed_out = 0
    for i in range(len(starts) - 1):
        least = out[i]
        for p in range(starts[i], starts[i + 1]):
            least = min(least, costs[p] - v[heads[p]])
        if least >= u[i]:
            continue
        u[i] = least
        if match[i] >= 0:
            lack[match[i]] += 1
            let_go(slots, first, load, match[i], i)
        else:
            stayed_out += 1
        match[i] = FREE
    return stayed_out


@compiled
def finish(starts, heads, costs, out, first, match, u, v, load, slots, lack, at_sink):
    """Bring every FREE row to a lack by a cheapest path, and keep the prices true. Returns the steps taken.

    `lack[j]`: places of column j that must be filled again; `at_sink`: rows that may end anywhere.
    """
    rows, columns = len(starts) - 1, len(first) - 1
    dist, came, done = np.full(columns, FAR), np.full(columns, FREE), np.zeros(columns, np.uint8)
    touched, popped = np.empty(columns, np.int64), np.empty(columns, np.int64)
    keys, items = (
        np.empty(starts[rows] + 2 * columns + 16, np.int64),
        np.empty(starts[rows] + 2 * columns + 16, np.int64),
    )
    queue, stay = np.empty(rows + 1, np.int64), np.empty(rows, np.int64)
    top, steps = np.int64(0), 0
    for s in range(rows):
        if match[s] != FREE:
            continue
        least = out[s] - top
        for p in range(starts[s], starts[s + 1]):
            least = min(least, costs[p] - v[heads[p]])
        u[s] = least
        n_heap, n_touched, n_popped, n_stay = 0, 0, 0, 0
        sink, sink_row, sink_column, sink_done = FAR, -1, -1, False
        queue[0], n_queue, base = s, 1, np.int64(0)
        end, reached = -1, FAR
        while True:
            for q in range(n_queue):  # rows reached at `base`
                i = queue[q]
                if base + out[i] - u[i] - top < sink:
                    sink, sink_row, sink_column = base + out[i] - u[i] - top, i, -1
                for p in range(starts[i], starts[i + 1]):
                    j = heads[p]
                    far = base + costs[p] - u[i] - v[j]
                    if far < dist[j] and not done[j] and (at_sink == 0 or far < sink):
                        if dist[j] == FAR:
                            touched[n_touched] = j
                            n_touched += 1
                        dist[j], came[j] = far, i
                        n_heap = heap_in(keys, items, n_heap, far, j)
            n_queue = 0
            while n_heap > 0 and (done[items[0]] or keys[0] > dist[items[0]]):
                n_heap = heap_out(keys, items, n_heap)
            if not sink_done and (n_heap == 0 or keys[0] >= sink):
                if at_sink > 0:
                    reached = sink
                    break
                sink_done, base = True, sink
                for j in range(columns):
                    far = sink + top - v[j]
                    if load[j] + lack[j] > 0 and far < dist[j] and not done[j]:
                        if dist[j] == FAR:
                            touched[n_touched] = j
                            n_touched += 1
                        dist[j], came[j] = far, SINK
                        n_heap = heap_in(keys, items, n_heap, far, j)
                for i in range(rows):
                    if match[i] == OUT:
                        queue[n_queue] = i
                        stay[n_stay] = i
                        n_queue += 1
                        n_stay += 1
                continue
            j = items[0]
            n_heap = heap_out(keys, items, n_heap)
            steps += 1
            base = dist[j]
            if lack[j] > 0:
                end, reached = j, base
                break
            done[j] = 1
            popped[n_popped] = j
            n_popped += 1
            if load[j] < first[j + 1] - first[j] and base + v[j] - top < sink:
                sink, sink_row, sink_column = base + v[j] - top, -1, j
            for z in range(first[j], first[j] + load[j]):
                queue[n_queue] = slots[z]
                n_queue += 1
        # prices: whatever lies nearer than the end moves with it
        for q in range(n_popped):
            j = popped[q]
            more = reached - dist[j]
            v[j] -= more
            for z in range(first[j], first[j] + load[j]):
                u[slots[z]] += more
        u[s] += reached
        if sink_done:
            for q in range(n_stay):
                u[stay[q]] += reached - sink
            top -= reached - sink
        # the path, from its end back to s
        if end >= 0:
            lack[end] -= 1
            column, through = end, came[end] == SINK
        else:
            at_sink -= 1
            column, through = -1, True
        while True:
            if through:
                if sink_column >= 0:
                    column, through = sink_column, False
                    continue
                row = sink_row
                old, match[row] = match[row], OUT
            else:
                row = came[column]
                if row == SINK:
                    through = True
                    continue
                old, match[row] = match[row], column
                if row != s and old >= 0:
                    let_go(slots, first, load, old, row)
                slots[first[column] + load[column]] = row
                load[column] += 1
                if row == s:
                    break
                if old == OUT:
                    through = True
                else:
                    column = old
                continue
            if row == s:
                break
            let_go(slots, first, load, old, row)
            column, through = old, False
        for q in range(n_touched):
            dist[touched[q]], done[touched[q]] = FAR, 0
    for i in range(rows):
        u[i] += top
    for j in range(columns):
        v[j] = min(v[j] - top, 0)
    return steps
