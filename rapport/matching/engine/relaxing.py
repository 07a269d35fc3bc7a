"""The fewest rules without which a mentee would really be served, nobody else losing their place.

One pass says of each mentor which rules stand in the way, as bits. Only mentors with a place count, and those who would
get one when others move on (`reaching.Plan.opened`): then the path that serves the mentee is there, and is told.
"""

import numpy as np

from rapport.matching.engine import kernels
from rapport.matching.engine.plain import FLOOR
from rapport.matching.engine.telling import answer_of, folded

MOST = 3  # rules given up at once
TOLD = 5  # ways told of one mentee


def relaxations(problem: dict, plan, i: int, bits: np.ndarray) -> list[dict]:
    """The smallest relaxations for mentee i, those that open most mentors first.

    `bits`: as `reach_kernels.barred` fills them. Each: `rules` (codes, for this mentee alone; nothing less than these
    would do), `mentors` (how many of them would have a place then), `serves` (True), `mentor` (one of them, with the
    fewest moves), `moved` ([mentee, from, to], who would move for it) and `widen`, for an ordered gap the step that
    would be enough ({code: {"least" or "most": step}}), or the floor ({"floor": score}). An empty list: no three rules
    stand in the way alone.
    """
    criteria, moves = problem["criteria"], plan.opened[0]
    able = (bits > 0) & (bits < 1 << len(criteria)) & (moves >= 0) & (plan.problem.places > 0)
    places = np.flatnonzero(able)
    places = places[ones(bits[places]) <= MOST]
    if problem.get("floor") is not None:
        places = places[scores_without(plan, i, places, bits[places]) >= plan.problem.least]
    kinds = np.unique(bits[places]).tolist()
    found = []
    for kind in [one for one in kinds if not any(other != one and other & ~one == 0 for other in kinds)]:
        some = places[bits[places] == kind]
        found.append(told(problem, plan, i, kind, some[np.argsort(moves[some], kind="stable")]))
    if problem.get("floor") is not None:
        found += below_floor(problem, plan, i, np.flatnonzero((bits == 0) & (moves >= 0) & (plan.problem.places > 0)))
    found.sort(key=lambda one: (len(one["rules"]), -one["mentors"], one["rules"]))
    return [one for one in found if len(one["rules"]) == len(found[0]["rules"])][:TOLD]


def told(problem, plan, i, kind, some):
    """One relaxation. `some`: the mentors it opens, those for whom fewest must move first."""
    ready, rules = plan.ready, [one for k, one in enumerate(problem["criteria"]) if kind >> k & 1]
    gaps = [one for one in rules if one["kind"] == "ordered-gap"]
    if gaps:
        some = sorted(some, key=lambda j: sum(abs(beyond(one, ready.mentees[i], ready.mentors[j])) for one in gaps))
    j = int(some[0])
    widen = {one["code"]: widened(one, ready.mentees[i], ready.mentors[j]) for one in gaps}
    return row(plan, [one["code"] for one in rules], j, len(some), widen)


def below_floor(problem, plan, i, places):
    """Mentors who break no rule, with a score nobody is paired at: the best of them, and the floor it would take."""
    if not len(places):
        return []
    scores = scores_without(plan, i, places, 0 * places)
    best = int(np.argmax(scores))
    return [row(plan, [FLOOR], int(places[best]), len(places), {FLOOR: int(scores[best])})]


def row(plan, rules, j, mentors, widen):
    ready = plan.ready
    moved = [[ready.mentees[a]["key"], *(ready.mentors[k]["key"] for k in two)] for a, *two in plan.chain(j)]
    return {
        "rules": rules,
        "mentors": mentors,
        "serves": True,
        "mentor": ready.mentors[j]["key"],
        "moved": moved,
        "widen": widen,
    }


def steps(criterion, mentee, mentor):
    order = [folded(name) for name in criterion["settings"]["order"]]
    told = (folded(answer_of(one["traits"], criterion, side)) for one, side in ((mentee, "mentee"), (mentor, "mentor")))
    below, above = (order.index(name) for name in told)
    return above - below


def beyond(criterion, mentee, mentor):
    """How many steps the pair lies above what is the most (or, below 0, beneath what is the least)."""
    most, gap = len(criterion["settings"]["order"]), steps(criterion, mentee, mentor)
    least, most = criterion["settings"].get("least", -most), criterion["settings"].get("most", most)
    return max(0, gap - most) + min(0, gap - least)


def widened(criterion, mentee, mentor):
    """The setting that would be enough for the pair."""
    return {"most" if beyond(criterion, mentee, mentor) > 0 else "least": steps(criterion, mentee, mentor)}


def ones(bits):
    return np.bitwise_count(bits).astype(np.int64)


def scores_without(plan, i, places, bits):
    """What each pair scores without the rules it breaks, which give it nothing."""
    scores = kernels.scores_of(np.full(len(places), i), places, plan.problem.columns)
    return scores.astype(np.int64) - kernels.NEVER * ones(bits)
