"""How many mentors could be a mentee's, and how many each rule keeps from them."""

import numpy as np

from rapport.matching.engine import kernels, reach_kernels

FLOOR = -1  # stands for the lowest score among the rules that forbid


def counted(problem, i: int, bits: np.ndarray, has_place: np.ndarray) -> dict:
    """Of the mentors with a place: `allowed`, how many could be theirs; `barring`, how many each rule forbids, and
    `alone`, it only. Rules by number, that after all criteria for those kept apart, FLOOR for whom no rule forbids and
    who score below it.

    `bits`: which rules stand in the way of each mentor, as `reach_kernels.barred` fills them.
    """
    criteria = len(problem.columns.kinds)
    by_rule, only = np.zeros(criteria + 1, np.int64), np.zeros(criteria + 1, np.int64)
    open_to = reach_kernels.tally(bits, has_place, by_rule, only)
    low = below_floor(problem, i, has_place & (bits == 0)) if problem.least > kernels.LOWEST else 0
    return told(by_rule.tolist(), only.tolist(), open_to, low)


def counted_each(problem, rows: np.ndarray, hard: np.ndarray, has_place: np.ndarray) -> list[dict]:
    """The same of many mentees, as long as nobody is left out for a low score. `hard`: which criteria can forbid."""
    by_rule, only = np.zeros((2, len(rows), len(hard) + 1), np.int64)
    open_to = np.zeros(len(rows), np.int64)
    reach_kernels.tally_each(rows, problem.columns, hard, has_place, by_rule, only, open_to)
    return list(map(told, by_rule.tolist(), only.tolist(), open_to.tolist()))


def told(by_rule, only, open_to, low=0):
    barring = {k: n for k, n in enumerate(by_rule) if n} | ({FLOOR: low} if low else {})
    alone = {k: n for k, n in enumerate(only[:-1]) if n}
    return {"allowed": open_to - low, "barring": barring, "alone": alone}


def below_floor(problem, i, able):
    """With how many of these mentors mentee i scores less than anybody may."""
    mentors = np.flatnonzero(able)
    scores = kernels.scores_of(np.full(len(mentors), i), mentors, problem.columns)
    return int((scores < problem.least).sum())
