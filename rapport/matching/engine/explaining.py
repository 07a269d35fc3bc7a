"""Why somebody is left without: how many mentors could be theirs, which rules stand in the way, and what would help."""

import numpy as np

from rapport.matching.engine import counting, hall, reach_kernels, relaxing
from rapport.matching.engine.counting import counted
from rapport.matching.engine.plain import APART, FLOOR
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
    counts = counted(ready.problem, i, bits, has_place)
    codes = dict(enumerate([*(one["code"] for one in problem["criteria"]), APART])) | {counting.FLOOR: FLOOR}
    return {
        "mentee": ready.mentees[i]["key"],
        "free": int(has_place.sum()),
        "allowed": counts["allowed"],
        **{name: {codes[rule]: n for rule, n in counts[name].items()} for name in ("barring", "alone")},
    }


def helped(problem, plan, i, bits, known):
    """What would serve this mentee, and who competes with them."""
    reach_kernels.barred(i, plan.problem.columns, plan.hard, bits)
    relax = relaxing.relaxations(problem, plan, i, bits)
    competing = hall.told(problem, plan, i, known)
    return {"relax": relax, "hall": competing if competing and (competing["places"] or not relax) else None}
