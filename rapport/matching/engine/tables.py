"""A table of pairs as a problem of its own: for whoever has scores already."""

import numpy as np

from rapport.matching.engine import kernels
from rapport.matching.engine.columns import MOST, together
from rapport.matching.engine.solver import Problem, solve


def solve_table(scores, allowed, capacities) -> tuple[list, int, list, list]:
    """See `engine.solve`: a table of pairs, none of it scored by criteria."""
    capacities = whole(capacities, "capacities").reshape(-1)
    rows, shape = len(scores), (len(scores), len(capacities))
    scores = whole(scores, "scores").reshape(shape) if rows else np.zeros(shape, dtype=np.int64)
    allowed = np.asarray(allowed, dtype=bool).reshape(shape)
    points = np.where(allowed, scores, kernels.NEVER).astype(np.int32).ravel()
    own = np.arange(rows + 1) * shape[1], np.tile(np.arange(shape[1]), rows), points
    around = np.tile(np.array([0, shape[1], 0, 0], dtype=np.int64), (rows, 1))
    most = int(scores.max(initial=0))
    worth = np.full(rows, 1 + min(rows, int(capacities.sum())) * most, dtype=np.int64)
    found = solve(Problem(together([], own, around, *shape), capacities, worth, kernels.LOWEST, most))
    pairs = [(i, int(j)) for i, j in enumerate(found.mentor_of) if j >= 0]
    return pairs, sum(int(scores[i, j]) for i, j in pairs), found.mentee_prices.tolist(), found.mentor_prices.tolist()


def whole(values, name):
    array = np.asarray(values)
    if array.size and (array.dtype.kind not in "iu" or array.min() < 0 or array.max() >= MOST):
        raise ValueError(f"{name} must be whole numbers from 0, below {MOST}")
    return array.astype(np.int64)
