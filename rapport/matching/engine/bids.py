"""Prices to begin with: an auction over the listed pairs, and who already stands where these prices are the least.

Each row bids for its cheapest column as much as makes the second cheapest as good, and a step more (Bertsekas 1979); a
column of several places keeps its highest bids and asks the lowest of them (Bertsekas and Castanon 1989). What staying
out costs is cut for the time being, so that nobody fights for a place that is not there: where rows stay out and no
place could be freed for them, all prices rise together by what was cut. The prices are near the best ones, not yet
exact: `paths.finish` brings whoever has no cheapest column to one. Arrays as in `graphs`, signs as in `paths`.
"""

import numpy as np

from rapport.matching.engine.compiling import compiled, inner
from rapport.matching.engine.graphs import FREE, OUT, let_go, owners_of, parts_of, turned
from rapport.matching.engine.heaps import heap_in, settle
from rapport.matching.engine.paths import FAR

NEAR = 4  # edges a row looks at before all of its edges
BIDS = 200  # of a row, on the mean, before prices must do as they are
COARSE, FINER, FINE = 25, 16, 6000  # steps from the cheapest edge to the dearest, at first; how much finer each next is
ENTRIES = ("begin",)  # what is called from outside


@compiled
def begin(g, at, fine):
    """Fill `at` (all of it FREE or 0, but `v`, which may hold earlier prices) with prices, seated rows and lacks.
    Returns the parts of the graph.

    `fine`: the last step of the auction. Without earlier prices, where costs lie far apart, it is held by ever finer
    steps. Reorders the edges of each row.
    """
    wide, cut = reach_of(g)
    step = fine if go_on_from(at, cut) else max(fine, wide // COARSE)
    lower(at, 2 * step)
    some_out = hold_auction(g, at, cut, step)
    while step > fine:
        lower(at, 2 * step)
        step = max(fine, step // FINER)
        some_out = hold_auction(g, at, cut, step)
    if some_out:
        rise(g, at, cut)
    parts = parts_of(g)
    for n in range(len(parts.row_starts) - 1):
        rows = parts.rows[parts.row_starts[n] : parts.row_starts[n + 1]]
        columns = parts.columns[parts.column_starts[n] : parts.column_starts[n + 1]]
        bound_lacks(g, at, rows, columns)
        seat(g, at, rows, columns)
    return parts


@compiled
def reach_of(g):
    """From the cheapest edge to the dearest; and what can be taken from the cost of staying out."""
    low, high, out = FAR, -FAR, FAR
    for p in range(len(g.costs)):
        low, high = min(low, g.costs[p]), max(high, g.costs[p])
    for i in range(len(g.out)):
        out = min(out, g.out[i])
    wide = max(0, high - low)
    return wide, max(0, out - max(0, high) - (wide >> 4) - 1)


@compiled
def go_on_from(at, cut):
    """Take what was cut off earlier prices again. Returns whether there are any."""
    for j in range(len(at.v)):
        if at.v[j] <= -cut:
            at.v[j] += cut
    return at.v.any()


@compiled
def lower(at, less):
    """Take prices back by so much, and all bids."""
    for j in range(len(at.v)):
        at.v[j] = min(0, at.v[j] + less)
        at.load[j] = 0


@compiled
def hold_auction(g, at, cut, step):
    """Move the prices until each row has a bid that stands, or stays out. Returns whether some do."""
    rows, keys = len(g.starts) - 1, np.zeros(len(at.slots), np.int64)
    waiting, n, left, some_out = np.arange(rows)[::-1].copy(), rows, BIDS * rows, False
    bound, near = np.full(rows, -FAR), np.empty(NEAR, np.int64)
    while n > 0 and left > 0:
        n, left = n - 1, left - 1
        i = waiting[n]
        edge, more = choice(i, g, at.v, g.out[i] - cut, bound, near)
        if edge < 0:
            some_out = some_out or g.starts[i + 1] > g.starts[i]
            continue
        lost = bid(i, g.heads[edge], more + step, g, at, keys)
        if lost >= 0:
            waiting[n] = lost
            n += 1
    return some_out


@inner
def choice(i, g, v, way_out, bound, near):
    """The cheapest edge of row i (-1: to stay out), and how much more the second cheapest way costs. `bound[i]`: what
    all edges that are not near cost at least."""
    edge, least, second = cheapest(i, g, v, way_out)
    if second > bound[i]:
        bound[i] = bring_near(i, g, v, near)
        edge, least, second = cheapest(i, g, v, way_out)
    return edge, second - least


@inner
def bid(i, j, more, g, at, keys):
    """Row i offers so much more for a place of column j. Returns who loses theirs by it, or -1."""
    start, size, lost = g.first[j], g.first[j + 1] - g.first[j], -1
    own, held = keys[start : start + size], at.slots[start : start + size]
    if at.load[j] < size:
        at.load[j] = heap_in(own, held, at.load[j], more - at.v[j], i)
    else:
        lost = held[0]
        settle(own, held, size, more - at.v[j], i)
    if at.load[j] == size:
        at.v[j] = -own[0]
    return lost


@inner
def cheapest(i, g, v, way_out):
    """The cheapest near edge of row i (-1: to stay out), what it costs, and what the second cheapest way does."""
    edge, least, second = -1, way_out, way_out
    for p in range(g.starts[i], min(g.starts[i] + NEAR, g.starts[i + 1])):
        cost = g.costs[p] - v[g.heads[p]]
        if cost < least:
            second, least, edge = least, cost, p
        elif cost < second:
            second = cost
    return edge, least, second


@compiled
def bring_near(i, g, v, near):
    """Put the cheapest edges of row i first. Returns what all others cost at least, now and later: prices rise only."""
    start, stop, n, rest = g.starts[i], g.starts[i + 1], 0, FAR
    for p in range(start, stop):
        cost, head = g.costs[p], g.heads[p]
        asked = cost - v[head]
        if n == NEAR:
            if asked >= near[n - 1]:
                rest = min(rest, asked)
                continue
            rest = min(rest, near[n - 1])
            n -= 1
        g.costs[p], g.heads[p] = g.costs[start + n], g.heads[start + n]
        place = n
        while place > 0 and near[place - 1] > asked:
            near[place] = near[place - 1]
            g.costs[start + place], g.heads[start + place] = g.costs[start + place - 1], g.heads[start + place - 1]
            place -= 1
        near[place], g.costs[start + place], g.heads[start + place] = asked, cost, head
        n += 1
    return rest


@compiled
def rise(g, at, cut):
    """Where no place can be freed by moving rows on, prices rise by what was cut: some row there stays out."""
    opens = opened(g, at)
    for j in range(len(opens)):
        if not opens[j] and g.first[j + 1] > g.first[j]:
            at.v[j] -= cut


@compiled
def opened(g, at):
    """The columns of which a place can be freed: with one that costs nothing, and whose rows could go to these."""
    columns, owner, (begins, back) = len(g.first) - 1, owners_of(g, at), turned(g)
    opens, seen = np.zeros(columns, np.bool_), np.zeros(len(owner), np.bool_)
    waiting, n = np.empty(columns, np.int64), 0
    for j in range(columns):
        if at.load[j] < g.first[j + 1] - g.first[j] and at.v[j] == 0:
            opens[j], waiting[n] = True, j
            n += 1
    while n > 0:
        n -= 1
        j = waiting[n]
        for q in range(begins[j], begins[j + 1]):
            own = owner[back[q]]
            if not seen[back[q]] and own >= 0 and not opens[own]:
                opens[own], waiting[n] = True, own
                n += 1
            seen[back[q]] = True
    return opens


@compiled
def bound_lacks(g, at, rows, columns):
    """No more places than there are rows may have a price: who found no bidders for all of theirs asks nothing then."""
    asked = 0
    for j in columns:
        asked += g.first[j + 1] - g.first[j] if at.v[j] < 0 else 0
    if asked > len(rows):
        for j in columns:
            if at.load[j] < g.first[j + 1] - g.first[j]:
                at.v[j] = 0


@compiled
def seat(g, at, rows, columns):
    """Each row takes a column that is its cheapest and has a place, or its way out if that is. Places that have a
    price must be filled: no more of them are left than there are rows who found nothing."""
    free = np.int64(0)
    for j in columns:
        at.load[j] = 0
        at.lack[j] = g.first[j + 1] - g.first[j] if at.v[j] < 0 else 0
        free -= at.lack[j]
    for i in rows:
        sit(i, g, at)
        if at.match[i] >= 0 and at.lack[at.match[i]] > 0:
            at.lack[at.match[i]] -= 1
            free += 1
        free += at.match[i] == FREE
    for is_out in (True, False):
        for i in rows:
            if free < 0 and (at.match[i] == OUT if is_out else at.match[i] >= 0 and at.v[at.match[i]] == 0):
                if not is_out:
                    let_go(at.slots, g.first, at.load, at.match[i], i)
                at.match[i] = FREE
                free += 1


@compiled
def sit(i, g, at):
    """Row i takes its cheapest column that has a place, or its way out, or stays FREE."""
    at.u[i] = g.out[i]
    for p in range(g.starts[i], g.starts[i + 1]):
        at.u[i] = min(at.u[i], g.costs[p] - at.v[g.heads[p]])
    at.match[i] = OUT if at.u[i] == g.out[i] else FREE
    for p in range(g.starts[i], g.starts[i + 1]):
        j = g.heads[p]
        if at.load[j] < g.first[j + 1] - g.first[j] and g.costs[p] - at.v[j] == at.u[i]:
            at.slots[g.first[j] + at.load[j]] = i
            at.load[j] += 1
            at.match[i] = j
            return
