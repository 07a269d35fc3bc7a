"""Criteria as arrays: what each gives each pair in whole numbers, and which pairs a hard one forbids.

A criterion is a dict: code, kind, weight, is_hard, settings. People are dicts with their traits. `settings.trait` names
the trait of both sides; `mentee` and `mentor` name them apart. A missing answer is neutral: such a pair gets the mean
of the pairs that can be judged, and no hard rule bites it.
"""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine.telling import answer_of, folded, many


class Judged(NamedTuple):
    """One criterion over all pairs: points (whole numbers), whether the pair could be judged, whether it is right."""

    points: np.ndarray
    is_known: np.ndarray
    is_right: np.ndarray


def judge(criterion, mentees, mentors):
    """What one criterion says about every pair, rows being mentees. Raises ValueError for a kind it does not know."""
    left = [answer_of(person["traits"], criterion, "mentee") for person in mentees]
    right = [answer_of(person["traits"], criterion, "mentor") for person in mentors]
    if criterion["kind"] not in KINDS:
        raise ValueError(f"there is no kind of criterion {criterion['kind']!r}")
    share, is_known, is_right = KINDS[criterion["kind"]](left, right, criterion["settings"])
    points = criterion["weight"] * share // 100
    known = points[is_known]
    neutral = int(known.sum() // known.size) if known.size else criterion["weight"] // 2
    return Judged(np.where(is_known, points, neutral).astype(np.int64), is_known, is_known & is_right)


def ordered_gap(left, right, settings):
    """How many steps the mentor stands above the mentee in `order`; `points` says per cent by steps."""
    place = {folded(name): n for n, name in enumerate(settings["order"])}
    a, b = (np.array([place.get(folded(told), -1) for told in side], dtype=np.int64) for side in (left, right))
    known, gap = (a[:, None] >= 0) & (b >= 0), b - a[:, None]
    share = np.zeros_like(gap)
    for steps, percent in settings["points"].items():
        share[gap == int(steps)] = percent
    return share, known, (gap >= settings.get("least", -len(place))) & (gap <= settings.get("most", len(place)))


def same(left, right, settings):
    names: dict[str, int] = {}
    a, b = (np.array([number(told, names) for told in side], dtype=np.int64) for side in (left, right))
    is_right = a[:, None] == b
    return is_right * 100, (a[:, None] >= 0) & (b >= 0), is_right


def different(left, right, settings):
    _, known, is_same = same(left, right, settings)
    return ~is_same * 100, known, ~is_same


def overlap(left, right, settings):
    """How many of several answers both gave; `enough` of them (1) give the whole weight."""
    names: dict[str, int] = {}
    lists = [[[number(one, names) for one in many(told)] for told in side] for side in (left, right)]
    a, b = (hot(side, len(names)) for side in lists)
    shared, enough = a @ b.T, settings.get("enough", 1)
    known = (a.sum(axis=1) > 0)[:, None] & (b.sum(axis=1) > 0)
    return np.minimum(shared, enough) * 100 // enough, known, shared > 0


def hot(side, width):
    table = np.zeros((len(side), width), dtype=np.int64)
    for row, told in enumerate(side):
        table[row, told] = 1
    return table


def number(told, names):
    """The number of this answer among those met so far; -1 for none."""
    return names.setdefault(folded(told), len(names)) if folded(told) else -1


KINDS = {"ordered-gap": ordered_gap, "same": same, "different": different, "overlap": overlap}
