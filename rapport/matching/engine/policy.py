"""How to choose among plans that serve as many: an order of wishes, each looked at only where those before tie.

Most served comes first; then whoever waits longest and needs it most; then the weakest pair as good as can be; then as
few pairs below each band as can be, the lowest band first; then the largest total, in which pairs both would have
chosen may count for more. What is proven, and how: `docs/matching.md`.
"""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine import checker, columns, kernels, solver, stable
from rapport.matching.engine.instance_rules import MOST_BANDS
from rapport.matching.engine.kernels import LOWEST
from rapport.matching.engine.weakest import Weakest, weakest

LIMIT = 1 << 57  # numbers of one stage stay below it, so that sums along a path stay below 2**62
STEPS = checker.STEPS
LADDER = ("floor", "waiting", "needs", "maximin", "bands", "stability")


class Policy(NamedTuple):
    """What is wished for. `waiting`, `needs`: steps by mentee, in order of the columns; `liking`: points for stable
    pairs. A step of either counts the same."""

    floor: int | None
    waiting: np.ndarray
    needs: np.ndarray
    maximin: bool
    bands: tuple[int, ...]
    liking: int
    steps: dict[str, int]  # of both, by key
    span: int  # no two pairs' scores lie further apart

    def has(self, code):
        """Whether this step of the ladder is wished for."""
        wished = (
            self.floor is not None, self.waiting.any(), self.needs.any(), self.maximin, self.bands, self.liking,
        )  # fmt: skip
        return bool(wished[LADDER.index(code)])

    def up_to(self, step):
        """The same with the wishes after this many steps of the ladder left out."""
        nobody = np.zeros_like(self.waiting)
        nothing = (None, nobody, nobody, False, (), 0)
        own = self[: len(nothing)]
        return Policy(*(one if n < step else nothing[n] for n, one in enumerate(own)), *self[len(nothing) :])

    @property
    def ahead(self):
        """By how many steps each mentee comes before others."""
        return self.waiting + self.needs


class Decided(NamedTuple):
    """The plan, what its prices count in, and what proves the rest."""

    policy: Policy
    found: solver.Solution
    terms: "Terms"
    least: int  # no chosen pair scores less
    liked: np.ndarray
    cover: Weakest | None  # why no plan that serves as many has a better weakest pair
    rungs: list  # (code, mentor of each mentee) with the wishes up to that one; the first with none

    def worth(self, pairs, liked):
        """What the free pairs are worth together in the prices."""
        terms, wished = self.terms, self.policy
        bands = list(zip(terms.weights, wished.bands, strict=True))
        return sum(
            terms.bonus
            + terms.step * wished.steps.get(one["mentee"], 0)
            + one["score"]
            - sum(weight for weight, band in bands if one["score"] < band)
            + terms.likes * (liked.get(one["mentee"]) == one["mentor"])
            for one in pairs
            if "locked" not in one
        )


class Terms(NamedTuple):
    """What a pair is worth in the prices: bonus + step * steps + score - the weights of bands above it + likes."""

    bonus: int
    step: int
    weights: tuple[int, ...]
    likes: int
    fill: int  # what filling a place that must be filled counts
    mentee_prices: list[int]
    mentor_prices: list[int]


def policy_of(problem: dict, mentees: list[dict]) -> Policy:
    """The policy of a problem. Raises ValueError for what none could be."""
    told = checked({} if problem.get("policy") is None else problem["policy"])
    bands, liking = told.get("bands") or [], told.get("stability") or 0
    waiting, needs = (
        np.array([(told.get(name) or {}).get(one["key"], 0) for one in mentees], dtype=np.int64) for name in STEPS
    )
    wishes = problem.get("floor"), waiting, needs, bool(told.get("maximin")), tuple(bands), liking
    steps = checker.steps_of(told)
    low, high = checker.reach_of(problem)
    return Policy(*wishes, steps, high - low)


def checked(told):
    """A policy as it was told. Raises ValueError for what none could be."""
    kinds = {"maximin": bool, "bands": list, "stability": object, "waiting": dict, "needs": dict}
    known = isinstance(told, dict) and told.keys() <= kinds.keys()
    if not known or any(not isinstance(told[name], kinds[name]) for name in ("maximin", *STEPS) if told.get(name)):
        raise ValueError("a policy says maximin (true or false), bands, stability, waiting and needs (steps by key)")
    bands, liking = told.get("bands") or [], told.get("stability") or 0
    steps = [n for name in STEPS for n in (told.get(name) or {}).values()]
    if not isinstance(bands, list) or len(bands) > MOST_BANDS or not all(is_number(n, columns.MOST) for n in bands):
        raise ValueError(f"bands are at most {MOST_BANDS} whole numbers from 0, below {columns.MOST}")
    if sorted(set(bands)) != bands:
        raise ValueError("bands go up")
    if not is_number(liking, columns.MOST) or not all(is_number(n, 1 << 20) for n in steps):
        raise ValueError(
            f"stability is a whole number from 0 below {columns.MOST}, steps of waiting and of needs below {1 << 20}"
        )
    return told


def is_number(n, most):
    return type(n) is int and 0 <= n < most


def decide(plain: solver.Problem, policy: Policy, threads: int = 1) -> Decided | None:
    """Climb the ladder: solve with one wish more at a time, so that what each costs is known.

    Nothing where a place that must be filled cannot be.
    """
    liked = stable.accepted(plain) if policy.liking else np.full(len(plain.worth), -1, np.int64)
    (now, units), cover = staged(plain, policy.up_to(0), liked), None
    found = solver.solve(now, threads, goes_on=True)
    rungs = [("most", found.mentor_of)]
    for n, code in enumerate(LADDER):
        if not is_filled(plain, found.mentor_of):
            return None
        if not policy.has(code):
            continue
        asked, is_near = policy.up_to(n + 1), code in {"floor", "maximin"} and len(now.stages) == 1
        if code == "maximin":
            cover = weakest(now, found, asked.ahead, threads)
            found = found._replace(pairs=cover.listed)
        now, units = staged(plain, asked, liked)
        now = now._replace(least=cover.lowest) if cover else now
        found = solver.solve(now, threads, found, is_near=is_near, goes_on=True)
        rungs.append((code, found.mentor_of))
    if not is_filled(plain, found.mentor_of):
        return None
    return Decided(policy, found, terms_of(now, units, found, policy.ahead), now.least, liked, cover, rungs)


def is_filled(plain, mentor_of):
    """Whether every place that must be filled is."""
    loads = np.bincount(mentor_of[mentor_of >= 0], minlength=len(plain.places))
    return plain.must_fill is None or bool((loads >= plain.places)[plain.must_fill].all())


def merits(plain, policy, mentor_of):
    """How good a plan is, in the order of wishes; liked pairs left out."""
    i = np.flatnonzero(mentor_of >= 0)
    scores = kernels.scores_of(i, mentor_of[i], plain.columns).astype(np.int64)
    worst = int(scores.min(initial=plain.most)) if policy.maximin else 0
    below = [-int((scores < band).sum()) for band in policy.bands]
    return len(i), int(policy.ahead[i].sum()), worst, *below, int(scores.sum())


def staged(plain, asked, liked):
    """The problem with its wishes as stages, as few as hold them in numbers below LIMIT; and the units of each."""
    served = min(len(plain.worth), int(plain.places.sum()))
    least = LOWEST if asked.floor is None else max(LOWEST, asked.floor)
    span = max(plain.most - columns.least_points(plain.columns), asked.span) + asked.liking
    parts = parts_of(served, span, asked)
    if plain.must_fill is not None:
        parts.append(("fill", 1, int(plain.places[plain.must_fill].sum())))
    per_pair, _ = added_up(parts)
    groups = [parts] if per_pair < LIMIT else grouped(parts)
    units = [units_of(group) for group in reversed(groups)]
    stages = tuple(stage_of(one, asked, plain.must_fill) for one in units)
    return plain._replace(least=least, stages=stages, bands=asked.bands, liked=liked), units


def parts_of(served, span, asked):
    """What is looked at, the least important first: (name, most of a pair, most of a plan)."""
    bands = [(n, 1, served) for n in reversed(range(len(asked.bands)))]
    most = int(asked.ahead.max(initial=0))
    steps = [("step", most, int(np.sort(asked.ahead)[::-1][:served].sum()))] if most else []
    return [("score", span, span * served), *bands, *steps, ("bonus", 1, served)]


def added_up(parts):
    """The most a pair and a plan can bring if each part outweighs all before it."""
    per_pair = over_plan = 0
    for _, of_pair, of_plan in parts:
        unit = over_plan + 1
        per_pair, over_plan = per_pair + unit * of_pair, over_plan + unit * of_plan
    return per_pair, over_plan


def grouped(parts):
    """Parts in as few groups as hold them; of a later stage twice what outweighs a plan must fit, too."""
    groups = [parts[:1]]
    for part in parts[1:]:
        _, over_plan = added_up([*groups[-1], part])
        if 4 * over_plan < LIMIT:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def units_of(group):
    """What one of each part counts, so that each outweighs all before it."""
    units, size = {}, 0
    for name, _, of_plan in group:
        units[name] = size + 1
        size += units[name] * of_plan
    return units


def stage_of(units, asked, must_fill):
    """Some parts as one stage of the solver."""
    worth = units.get("bonus", 0) + units.get("step", 0) * asked.ahead
    weights = tuple(units.get(n, 0) for n in range(len(asked.bands)))
    is_last = "score" in units
    gain = units["fill"] * must_fill.astype(np.int64) if "fill" in units else None
    return solver.Stage(worth.astype(np.int64), int(is_last), weights, asked.liking * is_last, gain)


def terms_of(problem, units, found, ahead):
    """All stages as one, in numbers as large as they need be: an earlier stage outweighs whatever a later one asks."""
    total, size = dict.fromkeys(["fill", "bonus", "step", *range(len(problem.bands))], 0), 0
    u, v = [0] * len(problem.worth), [0] * len(problem.places)
    for own, prices in zip(reversed(units), reversed(found.prices), strict=True):
        base = 2 * size + 1
        total = {name: old + base * own.get(name, 0) for name, old in total.items()}
        u, v = (
            [old + base * new for old, new in zip(side, more.tolist(), strict=True)]
            for side, more in zip((u, v), prices, strict=True)
        )
        worst = sum(total.values()) * (1 + int(ahead.max(initial=0))) + problem.most + columns.MOST
        worst += problem.stages[-1].likes
        size = max(map(abs, [*u, 0])) + max(map(abs, [*v, 0])) + worst * (1 + len(u))
    weights = tuple(total[n] for n in range(len(problem.bands)))
    return Terms(total["bonus"], total["step"], weights, problem.stages[-1].likes, total["fill"], u, v)
