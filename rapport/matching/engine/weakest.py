"""The best weakest pair of all plans that serve as many, and as many steps: proven from both sides.

Where all count alike, `counted` finds it. Else pairs below a threshold are taken out, the best of the listed ones
first, until fewer could be served; then the prices of serving alone look at every pair above, and name what was not
listed or prove that nothing is missing. All of it only counts who is served, so few mentees have a price that must be
looked at.
"""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine import counted, graphs, kernels, solver, standing

FEW = 24  # mentees who look for another place before it is asked whether somebody was left out


class Cover(NamedTuple):
    """Prices in which serving mentee i is worth `bonus` + their steps: no plan of pairs from `least` on is
    worth more than they cost together."""

    least: int
    bonus: int
    fill: int  # what filling a place that must be filled counts
    mentee_prices: list[int]
    mentor_prices: list[int]


class Weakest(NamedTuple):
    """What the weakest pair can score at best, and the proof: nobody serves more; from one more on, all serve fewer."""

    lowest: int
    serves: Cover
    better: Cover
    listed: solver.Listed


def weakest(problem: solver.Problem, found: solver.Solution, steps: np.ndarray, threads: int = 1) -> Weakest:
    """From a solution that serves as many as can be, the most steps first. Of a plan without pairs: `least`."""
    bonus, must = 1 + int(steps.sum()), problem.must_fill
    if must is None and bonus == 1 and found.pairs and found.state:
        return of_counted(problem, counted.raised(problem, found.pairs, found.state, threads))
    fill = 0 if must is None else 1 + len(steps) * (bonus + int(steps.max(initial=0)))
    gain = None if must is None else fill * must.astype(np.int64)
    count = problem._replace(stages=(solver.Stage(bonus + steps, 0, gain=gain),), bands=(), liked=None)
    listed, state = served_only(count, found, threads)
    serves, need = cover(count, bonus, fill, state), worth(count, state)
    lowest = int(scores_of(count, state).min()) if need else count.least
    while True:
        lowest, state = highest_listed(count, listed, state, need, lowest)
        higher = count._replace(least=max(count.least, lowest + 1))
        asked, above = solver.first_asked(higher), solver.kept(listed, listed.scores >= higher.least)
        begun = standing.without_lost(asked, above, state)
        above, tried, _ = solver.settle(asked, above, begun, threads)
        if worth(count, tried) < need or not need:
            return Weakest(lowest, serves, cover(higher, bonus, fill, tried), solver.merged(listed, above))
        listed, state = solver.merged(listed, above), tried
        lowest = int(scores_of(count, state).min())


def of_counted(problem, raised):
    """What is proven by who is in a cover, as prices: one for each of them."""
    covers = [
        Cover(least, 1, 0, (~bare.mentees).astype(int).tolist(), (~bare.mentors).astype(int).tolist())
        for least, bare in ((problem.least, raised.serves), (raised.lowest + 1, raised.better))
    ]
    return Weakest(raised.lowest, *covers, raised.listed)


def served_only(count, found, threads):
    """The same plan, with prices that count only who is served."""
    state = standing.State(*(one.copy() for one in found.state))
    state.match[state.match < 0] = graphs.FREE
    asked, listed = solver.first_asked(count), solver.kept(found.pairs, found.pairs.scores >= count.least)
    state.u[:], state.v[:] = asked.top, -asked.gain  # who must be filled is full
    lack = np.zeros(len(count.places), np.int64)
    state = standing.finished(standing.graph_of(asked, listed), graphs.Stand(*state, lack))
    listed, state, _ = solver.settle(asked, listed, state, threads)
    return listed, state


def highest_listed(count, listed, state, need, lowest):
    """As high as the threshold can be over the listed pairs while all that need is served.

    Where it is too high, the prices say why: no plan does without one of the pairs they miss, so it can be no higher
    than the best of those. That is tried next, and where it is too high again, what lies halfway."""
    paths_of = Thresholds(count, listed)
    scores = np.unique(listed.scores[listed.scores > lowest])
    low, high, step = -1, over_all(count, listed, scores.tolist(), state), 1
    while high - low > 1:
        middle = min(low + step, (low + high) // 2)
        tried, best_missed = paths_of.at(int(scores[middle]), state, need)
        if tried is None:
            high = min(middle, int(np.searchsorted(scores, best_missed)) + 1)
            continue
        state, step = tried, 2 * step
        lowest = int(scores_of(count, state).min())
        low = int(np.searchsorted(scores, lowest))
    return lowest, state


class Thresholds:
    """Listed pairs laid out once, to be tried from one score on or another."""

    def __init__(self, count, listed):
        columns = max(1, len(count.places))
        self.count, self.graph = count, standing.graph_of(solver.first_asked(count), listed)
        self.scores = listed.scores[count.places[listed.keys % columns] > 0]
        self.rows = np.repeat(np.arange(len(count.worth)), np.diff(self.graph.starts))

    def at(self, least, state, need):
        """The best over pairs from `least` on, from where the paths stood, or None where not all that need is served;
        and then the best of the others that the prices miss (-1: none)."""
        good = self.scores >= least
        starts = np.concatenate([[0], np.cumsum(good)])[self.graph.starts]
        graph = self.graph._replace(starts=starts, heads=self.graph.heads[good], costs=self.graph.costs[good])
        i = np.flatnonzero(state.match >= 0)
        lost = i[kernels.scores_of(i, state.match[i], self.count.columns) < least]
        for low in range(0, len(lost), FEW):  # whoever is left out once is not served again by looking at more
            state = standing.brought_back(graph, state, lost[low : low + FEW])
            if worth(self.count, state) < need:
                missed = self.graph.costs - state.v[self.graph.heads] < state.u[self.rows]
                return None, int(self.scores[missed].max(initial=-1))
        return state, -1


def over_all(count, listed, scores, state):
    """The place of a score that is too high in any case: fewer mentees have a listed pair from there on."""
    best = np.full(len(count.worth), -1, np.int64)
    np.maximum.at(best, listed.keys // max(1, len(count.places)), np.searchsorted(scores, listed.scores))
    served = int((state.match >= 0).sum())
    return min(len(scores), int(np.sort(best)[::-1][served - 1]) + 1) if served else 0


def worth(count, state):
    gain = solver.own_gain(count, count.stages[0])
    return int(count.stages[0].worth[state.match >= 0].sum() + gain[state.match[state.match >= 0]].sum())


def scores_of(count, state):
    i = np.flatnonzero(state.match >= 0)
    return kernels.scores_of(i, state.match[i], count.columns)


def cover(count, bonus, fill, state):
    prices = solver.prices_of(solver.first_asked(count), state)
    return Cover(count.least, bonus, fill, prices[0].tolist(), prices[1].tolist())
