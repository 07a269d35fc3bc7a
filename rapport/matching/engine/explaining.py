"""Why somebody is left without: how many mentors could be theirs, which rules stand in the way, and what would help."""

import numpy as np

from rapport.matching.engine import counting, hall, kernels, reach_kernels, relaxing
from rapport.matching.engine.plain import APART, FLOOR
from rapport.matching.engine.reaching import Plan


def left(problem, ready, rows, pairs):
    """For each mentee of `rows`: who could be theirs, and what stands in the way of the others. See `running.run`.
    In `barring` "apart" are those kept apart, and "floor" those whom no rule forbids and who score below it.

    `pairs`: who has whom apart from the settled, as places in the orders of `ready`. Besides, `relax`: see
    `relaxing.relaxations`; and `hall`, where somebody could be theirs or nothing would help: see `hall.told`.
    """
    bits = np.zeros(len(ready.mentors), dtype=np.int64)
    plan, known = Plan(ready, pairs), {}
    codes = dict(enumerate([*(one["code"] for one in problem["criteria"]), APART])) | {counting.FLOOR: FLOOR}
    each = zip(rows, counted(plan, rows, bits), strict=True)
    return [helped(problem, plan, i, bits, known) | of_one(plan, i, counts, codes) for i, counts in each]


def counted(plan, rows, bits):
    """What `counting` says of each of these mentees."""
    problem, has_place = plan.problem, plan.problem.places > 0
    if problem.least <= kernels.LOWEST:
        return counting.counted_each(problem, np.array(rows, np.int64), plan.hard, has_place)
    return [counting.counted(problem, i, barred(plan, i, bits), has_place) for i in rows]


def barred(plan, i, bits):
    """Which rules keep mentee i from each mentor."""
    reach_kernels.barred(i, plan.problem.columns, plan.hard, bits)
    return bits


def of_one(plan, i, counts, codes):
    return {
        "mentee": plan.ready.mentees[i]["key"],
        "free": plan.with_places,
        "allowed": counts["allowed"],
        **{name: {codes[rule]: n for rule, n in counts[name].items()} for name in ("barring", "alone")},
    }


def helped(problem, plan, i, bits, known):
    """What would serve this mentee, and who competes with them."""
    relax = relaxing.relaxations(problem, plan, i, barred(plan, i, bits)) if plan.can_open else []
    competing = hall.told(problem, plan, i, known)
    return {"relax": relax, "hall": competing if competing and (competing["places"] or not relax) else None}
