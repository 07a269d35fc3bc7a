"""A plan as a graph: who has whom, where a place is free or can be freed, and who competes for what is full."""

from functools import cached_property

import numpy as np

from rapport.matching.engine import kernels, reach_kernels
from rapport.matching.engine.columns import looks_of, only

SMALL = 8  # mentors up to which looking again is as quick as remembering


def hard_of(c) -> np.ndarray:
    """Which criteria can forbid a pair."""
    gives = [c.gives[k] if c.kinds[k] == kernels.EQUAL else looks_of(c, k) for k in range(len(c.kinds))]
    return np.array([kernels.NEVER in one for one in gives], dtype=bool)


class Plan:
    """Who has whom among those who are not settled. `pairs`: places in the orders of `ready`."""

    def __init__(self, ready, pairs: np.ndarray | list[tuple[int, int]]):
        self.ready, self.problem = ready, ready.problem
        mentees, mentors = len(ready.mentees), len(ready.mentors)
        taken, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        order = np.lexsort((taken, columns))
        self.who, self.whose = taken[order], columns[order]
        self.starts = np.searchsorted(self.whose, np.arange(mentors + 1)).astype(np.int64)
        self.is_free = np.diff(self.starts) < self.problem.places
        spans = self.problem.columns.spans
        words = (spans[:, 1] - spans[:, 0] + 63 >> 6) + (spans[:, 3] - spans[:, 2] + 63 >> 6)
        rows = np.concatenate([[0], np.cumsum(words)]).astype(np.int64)
        self.seen = rows, np.zeros(int(rows[-1]), dtype=np.uint64), np.zeros(mentees, dtype=bool)

    @cached_property
    def graph(self):
        columns, least = self.problem.columns, self.problem.least
        if least <= kernels.LOWEST:  # points of other criteria forbid nobody
            columns = only(columns, np.flatnonzero(self.hard))
        return columns, least, self.problem.places, self.starts, self.who

    @cached_property
    def opened(self):
        """Of each mentor: how many must move until there is a place (-1: there cannot be), who first, and where to."""
        mentors = len(self.is_free)
        moves = np.where(self.is_free, 0, -1)
        mover, goes_to = np.full(mentors, -1), np.full(mentors, -1)
        if self.is_free.any():
            reach_kernels.open_up(*self.graph, moves, mover, goes_to, *self.seen)
        return moves, mover, goes_to

    @cached_property
    def can_open(self):
        """Whether any mentor with places has one free, or would have if others moved."""
        return bool((self.opened[0] >= 0)[self.problem.places > 0].any())

    @cached_property
    def with_places(self):
        """How many mentors have any place."""
        return int((self.problem.places > 0).sum())

    @cached_property
    def hard(self):
        return hard_of(self.problem.columns)

    def chain(self, j: int) -> list[tuple[int, int, int]]:
        """Who moves from where to where, so that mentor j has a place: mentee, from, to."""
        moves, mover, goes_to = self.opened
        found = []
        while moves[j] > 0:
            found.append((int(mover[j]), j, int(goes_to[j])))
            j = int(goes_to[j])
        return found

    def competing(self, i: int) -> np.ndarray | None:
        """The mentors of the smallest set around mentee i that has too few places; None where there is none.

        In it are mentee i and whoever has those mentors (`with_any`). They can only be with mentors in it, all of whose
        places are taken by them, and i has none.
        """
        seen, cores = np.zeros(len(self.is_free), dtype=bool), self.cores
        closes = reach_kernels.close_over(i, *self.graph, self.is_free, *cores, seen, *self.seen)
        if not closes:
            return None
        inside = np.flatnonzero(seen)
        if (cores[0][inside] < 0).any() and len(inside) > SMALL:
            self.remember(inside)
        return inside

    @cached_property
    def cores(self):
        return np.full(len(self.is_free), -1), np.zeros(1, np.int64), np.zeros(0, np.int64)

    def remember(self, inside):
        """Many share their competitors: whoever meets the core of these reaches all of them."""
        cores, ends, kept = self.cores
        root, core = inside[cores[inside] < 0][0], np.zeros(len(cores), dtype=bool)
        seen = np.zeros(len(cores), dtype=bool)
        for b in self.with_any(np.array([root])).tolist():
            reach_kernels.close_over(b, *self.graph, self.is_free, *self.cores, seen, *self.seen)
        reached = np.flatnonzero(seen)
        reach_kernels.core_of(root, reached, core, *self.graph, *self.seen)
        cores[core] = len(ends) - 1
        self.cores = cores, np.append(ends, ends[-1] + len(reached)), np.concatenate([kept, reached])

    def with_any(self, mentors):
        """The mentees of these mentors."""
        some = np.zeros(len(self.is_free), dtype=bool)
        some[mentors] = True
        return self.who[some[self.whose]]
