"""The best plan over listed pairs, for one stage: laid out as a graph, from where the paths stood or from nothing."""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine import bids, graphs, paths, pricing
from rapport.matching.engine.compiling import compiled
from rapport.matching.engine.listing import by_mentee

WARM = 0.1  # the share of rows set free up to which earlier prices are a good start


class State(NamedTuple):
    """Where the paths stand: the arrays of `paths`, rows being mentees."""

    match: np.ndarray
    u: np.ndarray
    v: np.ndarray
    load: np.ndarray
    slots: np.ndarray


def graph_of(asked, listed):
    """Listed pairs as `paths` takes them, without those whose mentor has no place."""
    first = np.concatenate([[0], np.cumsum(asked.problem.places)])
    starts, heads, scores = by_mentee(listed.keys, listed.scores, first, len(asked.worth))
    costs_of(len(asked.musts.enough), asked.aims, asked.top, asked.gain, starts, heads, scores)
    return graphs.Graph(starts, heads, scores, asked.top + asked.worth, first)


@compiled
def costs_of(level, aims, top, gain, starts, heads, scores):
    """Scores become costs."""
    for i in range(len(starts) - 1):
        for p in range(starts[i], starts[i + 1]):
            scores[p] = top - pricing.worth_of(level, i, heads[p], scores[p], aims) - gain[heads[p]]


def without_lost(asked, listed, state):
    """The best over listed pairs, from where the paths stood when there were more of them. Leaves `state` as it was."""
    i, heads = np.divmod(listed.keys, max(1, len(asked.gain)))
    there = np.zeros(len(asked.worth), bool)
    there[i[state.match[i] == heads]] = True
    return brought_back(graph_of(asked, listed), state, np.flatnonzero(~there & (state.match >= 0)))


def brought_back(graph, state, lost):
    """The best plan in a graph without the pairs of some rows, from where the paths stood. Leaves `state` as it was."""
    state, lack = State(*(one.copy() for one in state)), np.zeros(len(state.v), np.int64)
    for row in lost.tolist():
        column = int(state.match[row])
        lack[column] += 1
        graphs.let_go(state.slots, graph.first, state.load, column, row)
        state.match[row] = graphs.FREE
    return finished(graph, graphs.Stand(*state, lack))


def finished(graph, stand):
    """Where all stand when everybody who must move on has."""
    paths.finish(graph, stand, graphs.whole(graph), len(stand.u))
    return State(*stand[:-1])


def solve_over(asked, listed, state):
    """Solve over the listed pairs, from earlier prices where only few rows change."""
    graph = graph_of(asked, listed)
    rows, columns = len(asked.worth), len(asked.gain)
    lack = np.zeros(columns, np.int64)
    if state is not None and paths.finish(graph, graphs.Stand(*state, lack), graphs.whole(graph), int(WARM * rows)):
        return state
    state = State(
        np.full(rows, graphs.FREE), np.zeros(rows, np.int64), np.zeros(columns, np.int64) if state is None else state.v,
        np.zeros(columns, np.int64), np.full(graph.first[-1], -1, np.int64),
    )  # fmt: skip
    fine = 1 + int(asked.aims.scales[-1]) * asked.problem.most // bids.FINE
    parts = bids.begin(graph, graphs.Stand(*state, lack), fine)
    paths.finish(graph, graphs.Stand(*state, lack), parts, rows)
    return state
