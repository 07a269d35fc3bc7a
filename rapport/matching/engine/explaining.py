"""Why somebody is left without: how many mentors could be theirs, which rules stand in the way, and what would help."""

import numpy as np

from rapport.matching.engine import hall, kernels, reach_kernels, relaxing
from rapport.matching.engine.plain import FLOOR
from rapport.matching.engine.reaching import Plan


def left(problem, ready, rows, pairs):
    """For each mentee of `rows`: who could be theirs, and what stands in the way of the others. See `running.run`.
    In `barring` "apart" are those kept apart, and "floor" those whom no rule forbids and who score below it.

    `pairs`: who has whom apart from the settled, as places in the orders of `ready`. Besides, `relax`: see
    `relaxing.relaxations`; and `hall`, where somebody could be theirs or nothing would help: see `hall.told`.
    """
    bits = np.zeros(len(ready.mentors), dtype=np.int64)
    has_place, plan, known = ready.problem.places > 0, Plan(ready, pairs), {}
    return [helped(problem, plan, i, bits, known) | of_one(problem, ready, i, bits, has_place) for i in rows]


def of_one(problem, ready, i, bits, has_place):
    kinds, counts = np.unique(bits[has_place], return_counts=True)
    times = dict(zip(kinds.tolist(), counts.tolist(), strict=True))
    codes = [*(one["code"] for one in problem["criteria"]), "apart"]
    barring = {code: sum(n for bit, n in times.items() if bit >> k & 1) for k, code in enumerate(codes)}
    alone = {code: times.get(1 << k, 0) for k, code in enumerate(codes[:-1])}
    barring[FLOOR] = below_floor(ready.problem, i, np.flatnonzero(has_place & (bits == 0)))
    return {
        "mentee": ready.mentees[i]["key"],
        "free": int(has_place.sum()),
        "allowed": times.get(0, 0) - barring[FLOOR],
        "barring": {code: n for code, n in barring.items() if n},
        "alone": {code: n for code, n in alone.items() if n},
    }


def below_floor(asked, i, mentors):
    """With how many of these, whom no rule forbids, mentee i scores less than anybody may."""
    if asked.least <= kernels.LOWEST:
        return 0
    return int((kernels.scores_of(np.full(len(mentors), i), mentors, asked.columns) < asked.least).sum())


def helped(problem, plan, i, bits, known):
    """What would serve this mentee, and who competes with them."""
    reach_kernels.barred(i, plan.problem.columns, plan.hard, bits)
    relax = relaxing.relaxations(problem, plan, i, bits)
    competing = hall.told(problem, plan, i, known)
    return {"relax": relax, "hall": competing if competing and (competing["places"] or not relax) else None}
