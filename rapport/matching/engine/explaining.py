"""Why somebody is left without: how many mentors could be theirs, and which rules stand in the way of the others."""

import numpy as np

from rapport.matching.engine import kernels


def left(problem, ready, rows):
    """For each mentee of `rows`: who could be theirs, and what stands in the way of the others. See `running.run`."""
    bits = np.zeros(len(ready.mentors), dtype=np.int64)
    has_place = ready.problem.places > 0
    return [of_one(problem, ready, i, bits, has_place) for i in rows]


def of_one(problem, ready, i, bits, has_place):
    kernels.refusals(i, ready.problem.columns, bits)
    kinds, counts = np.unique(bits[has_place], return_counts=True)
    times = dict(zip(kinds.tolist(), counts.tolist(), strict=True))
    codes = [*(one["code"] for one in problem["criteria"]), "apart"]
    barring = {code: sum(n for bit, n in times.items() if bit >> k & 1) for k, code in enumerate(codes)}
    alone = {code: times.get(1 << k, 0) for k, code in enumerate(codes[:-1])}
    return {
        "mentee": ready.mentees[i]["key"],
        "free": int(has_place.sum()),
        "allowed": times.get(0, 0),
        "barring": {code: n for code, n in barring.items() if n},
        "alone": {code: n for code, n in alone.items() if n},
    }
