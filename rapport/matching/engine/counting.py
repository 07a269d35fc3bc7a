"""How many mentors could be a mentee's, and how many each rule keeps from them."""

import numpy as np

from rapport.matching.engine import kernels

FLOOR = -1  # stands for the lowest score among the rules that forbid


def counted(problem, i: int, bits: np.ndarray, has_place: np.ndarray) -> dict:
    """Of the mentors with a place: `allowed`, how many could be theirs; `barring`, how many each rule forbids, and
    `alone`, it only. Rules by number, that after all criteria for those kept apart, FLOOR for whom no rule forbids and
    who score below it.

    `bits`: which rules stand in the way of each mentor, as `reach_kernels.barred` fills them.
    """
    kinds, times = np.unique(bits[has_place], return_counts=True)
    criteria = len(problem.columns.kinds)
    by_rule = (times @ (kinds[:, None] >> np.arange(criteria + 1) & 1)).tolist()
    each = zip(kinds.tolist(), times.tolist(), strict=True)
    only = {kind.bit_length() - 1: n for kind, n in each if kind.bit_count() == 1}
    low, open_to = below_floor(problem, i, has_place & (bits == 0))
    barring = {k: n for k, n in enumerate(by_rule) if n} | ({FLOOR: low} if low else {})
    return {"allowed": open_to - low, "barring": barring, "alone": {k: n for k, n in only.items() if k < criteria}}


def below_floor(problem, i, able):
    """With how many of these mentors mentee i scores less than anybody may, and how many they are."""
    mentors = np.flatnonzero(able)
    if problem.least <= kernels.LOWEST:
        return 0, len(mentors)
    scores = kernels.scores_of(np.full(len(mentors), i), mentors, problem.columns)
    return int((scores < problem.least).sum()), len(mentors)
