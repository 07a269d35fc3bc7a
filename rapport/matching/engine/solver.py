"""The exact solver: a linear program whose corners are whole numbers, solved by HiGHS through SciPy."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from rapport.matching.engine import checker


class Solution(NamedTuple):
    """Pairs (row, column) in order of rows, what they score together, and the prices that prove it."""

    pairs: list[tuple[int, int]]
    total: int
    row_prices: list[int]
    column_prices: list[int]


def solve(scores, allowed, capacities):
    """See `engine.solve`."""
    scores, allowed, capacities = cleaned(scores, allowed, capacities)
    plain = scores.tolist(), allowed.tolist(), capacities.tolist()
    rows, columns = np.nonzero(allowed & (capacities > 0))
    extra = checker.bonus(plain[0], plain[2])
    chosen, row_prices, column_prices = program(scores[rows, columns] + extra, rows, columns, capacities, len(scores))
    pairs = [(int(i), int(j)) for i, j in zip(rows[chosen], columns[chosen], strict=True)]
    row_prices, column_prices = closed(row_prices, column_prices, scores + extra, allowed, capacities)
    answer = Solution(pairs, sum(plain[0][i][j] for i, j in pairs), row_prices, column_prices)
    checker.check(*plain, *answer)
    return answer


def cleaned(scores, allowed, capacities):
    """The three as arrays of whole numbers and truths; ValueError where they are not."""
    capacities = whole(capacities, "capacities").reshape(-1)
    shape = (len(scores), len(capacities))
    scores = whole(scores, "scores").reshape(shape) if shape[0] else np.zeros(shape, dtype=np.int64)
    allowed = np.asarray(allowed, dtype=bool).reshape(shape)
    return scores, allowed, capacities


def whole(values, name):
    array = np.asarray(values)
    if array.size and (array.dtype.kind not in "iu" or array.min() < 0):
        raise ValueError(f"{name} must be whole numbers, none below 0")
    return array.astype(np.int64)


def program(worth, rows, columns, capacities, how_many):
    """The linear program: which of the listed pairs to take, and the price of each row and of each column's place."""
    if not len(worth):
        return np.zeros(0, dtype=bool), np.zeros(how_many, dtype=np.int64), np.zeros(len(capacities), dtype=np.int64)
    pairs = np.arange(len(worth))
    limits = csr_matrix(
        (np.ones(2 * len(pairs)), (np.concatenate([rows, how_many + columns]), np.tile(pairs, 2))),
        shape=(how_many + len(capacities), len(pairs)),
    )
    most = np.concatenate([np.ones(how_many), capacities])
    found = linprog(-worth.astype(float), A_ub=limits, b_ub=most, bounds=(0, None), method="highs-ds")
    if found.status != 0:
        raise checker.NotProven(f"HiGHS did not finish: {found.message}")
    prices = np.rint(-found.ineqlin.marginals).astype(np.int64)  # the matrix is totally unimodular: they are whole
    return found.x > 0.5, prices[:how_many], prices[how_many:]


def closed(row_prices, column_prices, worth, allowed, capacities):
    """The prices as plain numbers. A column without a place costs nothing in the bound, so its price covers all."""
    needed = np.where(allowed, worth - row_prices[:, None], 0).max(axis=0, initial=0)
    return row_prices.tolist(), np.where(capacities > 0, column_prices, needed).tolist()
