"""The exact solver: as many mentees as possible, then the largest total, over all pairs that may be.

It solves over a few good mentors of each mentee, lets the prices look at every pair (column generation: Dantzig and
Wolfe 1960; for assignment, Volgenant 1996), adds what they miss and solves again, until they miss nothing. Then no
pair that was never listed could make the answer better, and the prices prove it.
"""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine import pricing, standing
from rapport.matching.engine.columns import MOST, Columns
from rapport.matching.engine.listing import FAR, Listed, first_listed, kept, merged, missed


class Stage(NamedTuple):
    """What one stage makes as large as can be, over a plan: for each pair what serving the mentee is worth, so many
    times its score, less a weight for each band it lies below, and something for a pair that is liked."""

    worth: np.ndarray  # int64[M]
    scale: int = 1
    weights: tuple[int, ...] = ()  # by band
    likes: int = 0
    gain: np.ndarray | None = None  # int64[N]: what a place of the mentor being taken is worth besides


class Problem(NamedTuple):
    """What is solved: columns, the places of each mentor, what serving each mentee is worth, and the lowest score.

    `stages`, where there are any, take the place of `worth`: each looks only at the best plans of those before it.
    """

    columns: Columns
    places: np.ndarray  # int64[N]
    worth: np.ndarray  # int64[M], added to a pair's score; larger than what any other choice could bring
    least: int  # a pair below it may not be
    most: int  # no pair scores more
    stages: tuple[Stage, ...] = ()
    bands: tuple[int, ...] = ()  # a pair below one loses its weight
    liked: np.ndarray | None = None  # int64[M]: the mentor of the pair that is liked, -1 for none
    must_fill: np.ndarray | None = None  # bool[N]: whose places are filled before anything else counts


class Aims(NamedTuple):
    """The stages so far, as the kernels read them."""

    scales: np.ndarray  # int64[L]
    bands: np.ndarray  # int64[B]
    weights: np.ndarray  # int64[L, B]
    likes: np.ndarray  # int64[L]
    liked: np.ndarray  # int64[M]
    most: np.ndarray  # int64[L]: no pair is worth more, serving the mentee left out


class Solution(NamedTuple):
    """The mentor of each mentee (-1: nobody), and the prices of each stage that prove it, whole numbers.

    `mentee_prices[i] + mentor_prices[j] >= score + worth[i]` for every pair that may be, with equality in sum; of
    several stages, the same of their lists of numbers, the first that differ deciding.
    """

    mentor_of: np.ndarray
    prices: tuple  # for each stage, those of mentees and those of mentors
    rounds: int
    listed: int  # pairs looked at by the solver itself
    allowed: np.ndarray | None  # int64[M]: how many mentors could be theirs
    pairs: Listed | None = None  # those pairs, and where the paths stand, where somebody will go on from there
    state: standing.State | None = None

    @property
    def mentee_prices(self):
        return self.prices[0][0]

    @property
    def mentor_prices(self):
        return self.prices[0][1]


class Musts(NamedTuple):
    """What the stages before have settled: their prices, and who must stay served or full in every best plan."""

    enough: np.ndarray  # int64[L, M]
    asked: np.ndarray  # int64[L, N]
    mentees: np.ndarray  # bool[M]
    mentors: np.ndarray  # bool[N]


def solve(
    problem: Problem, threads: int = 1, before: Solution | None = None, *, is_near: bool = False, goes_on: bool = False
) -> Solution:
    """The best there is, proven against every pair. The same whatever the number of threads.

    `before`: a solution of a problem with the same people, whose listed pairs are a good start; where it `is_near`,
    only pairs that may not be any more are different, and its prices are a good start, too. `goes_on`: another one
    will begin from this one.
    """
    listed, allowed = begun_from(before, problem) if before else first_listed(problem, threads)
    stages = problem.stages or (Stage(problem.worth),)
    prices, rounds, musts = [], 0, nothing_settled(problem)
    for level, stage in enumerate(stages):
        one = Asked(problem, aims_of(problem, stages[: level + 1]), musts, *bonuses(problem, stage, musts))
        begun = standing.without_lost(one, listed, before.state) if before and is_near and level == 0 else None
        listed, state, more = settle(one, listed, begun, threads)
        prices.append(prices_of(one, state))
        musts = settled(one, musts, prices[-1])
        rounds += more
    mentor_of, kept_for = np.where(state.match >= 0, state.match, -1), (None, None)
    if goes_on:  # what a later stage took out may be again, whatever it scores
        kept_for = (listed if len(stages) == 1 else listed._replace(rest=None)), state
    return Solution(mentor_of, tuple(prices), rounds, len(listed.keys), allowed, *kept_for)


def begun_from(before, problem):
    """What an earlier solution listed, where it may still be."""
    return kept(before.pairs, before.pairs.scores >= problem.least), before.allowed


def nothing_settled(problem):
    shape = len(problem.columns.spans), len(problem.places)
    return Musts(*(np.zeros((0, n), np.int64) for n in shape), *(np.zeros(n, bool) for n in shape))


class Asked(NamedTuple):
    """One stage of a problem: what a pair gets for its mentee and for its mentor besides what `aims` give."""

    problem: Problem
    aims: Aims
    musts: Musts
    worth: np.ndarray  # int64[M]
    gain: np.ndarray  # int64[N]

    @property
    def top(self):
        return int(self.aims.most[-1] + self.gain.max(initial=0))


def first_asked(problem):
    """The first stage of a problem."""
    stages, nothing = problem.stages or (Stage(problem.worth),), nothing_settled(problem)
    return Asked(problem, aims_of(problem, stages[:1]), nothing, *bonuses(problem, stages[0], nothing))


def aims_of(problem, stages):
    """The stages so far as arrays."""
    liked = problem.liked if problem.liked is not None else np.full(len(problem.columns.spans), -1, np.int64)
    scales, likes = (np.array([one[n] for one in stages], np.int64) for n in (1, 3))
    weights = np.zeros((len(stages), len(problem.bands)), np.int64)
    for level, one in enumerate(stages):
        weights[level, : len(one.weights)] = one.weights
    return Aims(scales, np.array(problem.bands, np.int64), weights, likes, liked, scales * problem.most + likes)


def bonuses(problem, stage, musts):
    """What serving is worth: of a later stage, more than it can outweigh for whom the earlier ones need."""
    gain = own_gain(problem, stage)
    if not len(musts.enough):
        return stage.worth, gain
    must = outweighing(problem, stage)
    return stage.worth + must * musts.mentees, gain + must * musts.mentors


def own_gain(problem, stage):
    return np.zeros(len(problem.places), np.int64) if stage.gain is None else stage.gain


def outweighing(problem, stage):
    """More than two plans can differ by in what a stage looks at."""
    of_pair = stage.scale * (problem.most + MOST) + sum(stage.weights) + stage.likes + int(stage.worth.max(initial=0))
    of_pair += int(own_gain(problem, stage).max(initial=0))
    return min(len(stage.worth), int(problem.places.sum())) * of_pair + 1


def settle(asked, listed, state, threads):
    """Solve over listed pairs, list what the prices miss, until they miss nothing."""
    rounds = 0
    listed = on_face(asked, listed)
    while True:
        rounds += 1
        state = standing.solve_over(asked, listed, state)
        more = missed(asked, listed, state, threads)
        if not len(more.keys):
            return listed, state, rounds
        listed = merged(listed, more)


def prices_of(asked, state):
    """What the paths ask of a mentee and of a mentor, what settled stages added taken off again."""
    own = own_stage(asked)
    return asked.top + own.worth - state.u, -state.v - asked.gain + own_gain(asked.problem, own)


def own_stage(asked):
    """The stage that is being solved."""
    return asked.problem.stages[len(asked.musts.enough)] if asked.problem.stages else Stage(asked.worth)


def settled(asked, musts, prices):
    """The musts with one more stage. What serving is worth belongs to the mentee."""
    own = own_stage(asked)
    places = np.where(asked.problem.places > 0, prices[1] - own_gain(asked.problem, own), FAR)
    return Musts(
        np.concatenate([musts.enough, [prices[0] - own.worth]]),
        np.concatenate([musts.asked, [places]]),
        musts.mentees | (prices[0] > 0),
        musts.mentors | (prices[1] > 0),
    )


def on_face(asked, listed):
    """Of listed pairs, those that every earlier stage leaves open."""
    i, j = np.divmod(listed.keys, max(1, len(asked.problem.places)))
    for level in range(len(asked.musts.enough)):
        worths = pricing.worths_of(level, i, j, asked.aims, listed.scores)
        good = worths == asked.musts.enough[level, i] + asked.musts.asked[level, j]
        listed, i, j = kept(listed, good), i[good], j[good]
    return listed


def solve_listed(problem, listed, state):
    """A problem of one stage over listed pairs only."""
    return standing.solve_over(first_asked(problem), listed, state)
