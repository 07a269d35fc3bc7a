"""A problem as the solver takes it: people in the order of a lottery, criteria as columns, settled pairs taken out."""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine import columns, kernels, solver
from rapport.matching.engine.hearing import Hearing, hear, summed
from rapport.matching.engine.lots import order_of

MOST_PLACES = 100_000_000  # a list of that length is kept


class Ready(NamedTuple):
    """A problem as the solver takes it: people in the order of its columns, and what a missing answer gives."""

    mentees: list[dict]
    mentors: list[dict]
    problem: solver.Problem
    neutral: dict[str, int]
    bonus: int
    heard: Hearing


def prepare(problem: dict) -> Ready:
    """People in order, criteria as columns, settled pairs taken out. Raises ValueError for bad input."""
    check_input(problem)
    heard, sides = hear(problem), (problem["mentees"], problem["mentors"])
    parts = [columns.compiled(one, told) for one, told in zip(problem["criteria"], heard.rules, strict=True)]
    rows, cols = (np.array(order_of(people, problem["seed"]), dtype=np.int64) for people in sides)
    block = block_of(problem["criteria"], parts)
    if block is not None:
        told = parts[block].mentee, parts[block].mentor
        rows, cols = (by_block(order, side) for order, side in zip((rows, cols), told, strict=True))
    parts = in_turn(parts, rows, cols)
    mentees, mentors = ([people[n] for n in order.tolist()] for people, order in zip(sides, (rows, cols), strict=True))
    own = said_of_pairs(heard, rows, cols)
    compiled = columns.together(parts, own, spans(block, parts, len(mentees), len(mentors)), len(mentees), len(mentors))
    settled = settled_of(problem, mentees, mentors)
    compiled.spans[[i for i, _ in settled]] = 0
    places = np.array([one["capacity"] for one in mentors], dtype=np.int64)
    np.subtract.at(places, [j for _, j in settled], 1)
    asked, bonus = with_bonus(compiled, np.maximum(places, 0), problem.get("floor"))
    return Ready(mentees, mentors, asked, neutral_of(problem["criteria"], parts), bonus, heard)


def with_bonus(compiled, places, floor):
    """The problem, and what serving one more is worth in it: more than better pairs could ever bring."""
    least = kernels.LOWEST if floor is None else max(kernels.LOWEST, floor)
    mentees, most = len(compiled.spans), columns.most_points(compiled)
    bonus = 1 + min(mentees, int(places.sum())) * (most - columns.least_points(compiled))
    return solver.Problem(compiled, places, np.full(mentees, bonus, dtype=np.int64), least, most), bonus


def neutral_of(criteria, parts):
    """What a missing answer gives, by code."""
    return {one["code"]: int(part.gives[2]) for one, part in zip(criteria, parts, strict=True)}


def check_input(problem):
    """Refuse what no engine could work with, before anything is worked out."""
    for side in ("mentees", "mentors"):
        if len({one["key"] for one in problem[side]}) < len(problem[side]):
            raise ValueError(f"two {side} have one key")
    numbers = [one["capacity"] for one in problem["mentors"]] + [one["weight"] for one in problem["criteria"]]
    if any(type(n) is not int or n < 0 for n in numbers):
        raise ValueError("capacities and weights must be whole numbers, none below 0")
    if sum(one["capacity"] for one in problem["mentors"]) > MOST_PLACES:
        raise ValueError(f"capacities together stay below {MOST_PLACES}")
    floor = problem.get("floor")
    if floor is not None and (type(floor) is not int or abs(floor) >= 2 * columns.MOST):
        raise ValueError(f"the floor is a whole number, or none, below {2 * columns.MOST}")
    wishes = [points for _, _, points in problem.get("wishes", ())]
    if not {*map(type, wishes)} <= {int} or max(map(abs, wishes), default=0) >= columns.MOST:
        raise ValueError(f"points of a wish are whole numbers below {columns.MOST}")
    locked = problem.get("locked", ())
    if len({a for a, _ in locked}) < len(locked):
        raise ValueError("a mentee is settled twice")


def block_of(criteria, parts):
    """The hard rule "same" that tells most mentors apart: outside their block nobody may be theirs."""
    able = [n for n, one in enumerate(criteria) if one["kind"] == "same" and one["is_hard"]]
    return max(able, key=lambda n: len(np.unique(parts[n].mentor)), default=None)


def by_block(order, told):
    """People of an order by their block, within it in that order."""
    return order[np.argsort(told[order], kind="stable")]


def in_turn(parts, rows, cols):
    """The parts with mentees and mentors in these orders."""
    return [
        one._replace(
            mentee=one.mentee[rows],
            mentor=one.mentor[cols],
            mentee_bits=np.ascontiguousarray(one.mentee_bits[:, rows]),
            mentor_bits=np.ascontiguousarray(one.mentor_bits[:, cols]),
        )
        for one in parts
    ]


def spans(block, parts, mentees, mentors):
    """Where in the order of mentors each mentee's may be: those who said no block, and those of the same."""
    around = np.tile(np.array([0, mentors, 0, 0], dtype=np.int64), (mentees, 1))
    if block is None:
        return around
    told, other = parts[block].mentee, parts[block].mentor
    none = np.searchsorted(other, 1)
    start, stop = (np.searchsorted(other, told, side=side) for side in ("left", "right"))
    return np.where((told > 0)[:, None], np.stack([0 * told, 0 * told + none, start, stop], axis=1), around)


def said_of_pairs(told, rows, cols):
    """What is said of single pairs, as `said` tells it. `told`: anything with `wishes` and `apart` by places, of which
    the orders say which come first."""
    at, over = columns.turned(rows), columns.turned(cols)
    wished = np.stack([at[told.wishes[:, 0]], over[told.wishes[:, 1]], told.wishes[:, 2]], axis=1)
    apart = np.stack([at[told.apart[:, 0]], over[told.apart[:, 1]]], axis=1)
    return said(wished, apart, len(rows), len(cols))


def said(wished, apart, mentees, mentors):
    """Starts, mentors and points of what is said of single pairs: wishes added up, NEVER for those kept apart."""
    size = max(1, mentors)
    keys, never = wished[:, 0] * size + wished[:, 1], apart[:, 0] * size + apart[:, 1]
    keys, points = summed(np.concatenate([keys, never]), np.concatenate([wished[:, 2], 0 * never]))
    points[np.searchsorted(keys, never)] = kernels.NEVER
    i, heads = np.divmod(keys, size)
    starts = np.searchsorted(i, np.arange(mentees + 1)).astype(np.int64)
    return starts, heads, points.astype(np.int32)


def settled_of(problem, mentees, mentors):
    """The settled pairs, as places in the two orders."""
    if not problem.get("locked"):
        return []
    rows, cols = ({one["key"]: n for n, one in enumerate(side)} for side in (mentees, mentors))
    return [(rows[a], cols[b]) for a, b in problem["locked"] if a in rows and b in cols]
