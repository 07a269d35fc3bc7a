"""Mentors who take a group of at least so many, or none: every way to open or close them that could be the best.

A group that comes out too small is tried closed, and open with its first places as a mentor of their own, who must be
filled before anything else counts. What a way could reach without the groups it left open bounds what comes after it
(branch and bound: Land and Doig 1960). The certificate proves the plan for the way taken; that no other way is better
rests on having solved each of them, or what bounds it, the same way. In general this is hard, so few groups may ask.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np

from rapport.matching.engine import policy
from rapport.matching.engine.preparing import settled_of

MOST_GROUPS, MOST_WAYS = 12, 400


class Group(NamedTuple):
    """A mentor, by place in the order of the columns, and how many more their group needs at least, or none."""

    mentor: int
    needs: int


def groups_of(problem: dict, ready) -> list[Group]:
    """The groups that are not settled yet. Raises ValueError for what could not be worked out."""
    settled = Counter(ready.mentors[j]["key"] for _, j in settled_of(problem, ready.mentees, ready.mentors))
    told = [(n, one["key"], one.get("least", 0)) for n, one in enumerate(ready.mentors)]
    if any(type(least) is not int or not 0 <= least < 1 << 20 for _, _, least in told):
        raise ValueError("the least of a group is a whole number, none below 0")
    found = [Group(n, least - settled[key]) for n, key, least in told if least - settled[key] > 1]
    found += [Group(n, 1) for n, key, least in told if settled[key] and least - settled[key] == 1]
    if len(found) > MOST_GROUPS:
        raise ValueError(f"at most {MOST_GROUPS} mentors can ask for a group of a least size; {len(found)} do")
    return found


class Way(NamedTuple):
    """Which groups are open and which closed, by place of the mentor."""

    open: frozenset
    closed: frozenset


def decide(problem: dict, ready, wished: policy.Policy, threads: int = 1):
    """(what was decided, the way taken, the problem with what is closed taken out), all in the order of `ready`.

    Raises ValueError where there are too many ways, or a settled group cannot become large enough.
    """
    groups = {one.mentor: one.needs for one in groups_of(problem, ready)}
    if groups and wished.liking:
        raise ValueError("stability cannot be asked for together with groups of a least size")
    held = {j for _, j in settled_of(problem, ready.mentees, ready.mentors)} & groups.keys()
    waiting, tried, best = [Way(frozenset(held), frozenset())], 0, None
    while waiting:
        way, tried = waiting.pop(), tried + 1
        if tried > MOST_WAYS:
            raise ValueError(f"more than {MOST_WAYS} ways to open and close groups would have to be tried")
        found = of_way(ready.problem, groups, way, wished, threads)
        if found is None or (best is not None and found[0] <= best[0]):
            continue
        loads = np.bincount(found[1].found.mentor_of[found[1].found.mentor_of >= 0], minlength=len(ready.mentors))
        small = [j for j, needs in groups.items() if 0 < loads[j] < needs]
        if not small:
            best = (found[0], found[1], way, found[2])
            continue
        j = min(small)
        waiting += [way._replace(closed=way.closed | {j}), way._replace(open=way.open | {j})]
    if best is None:
        raise ValueError("a group that is settled cannot become large enough")
    return best[1], best[2], best[3], tried


def of_way(plain, groups, way, wished, threads):
    """(how good it is, what was decided, the problem of it), or nothing where an open group cannot be filled."""
    places = plain.places.copy()
    places[sorted(way.closed)] = 0
    shut = plain._replace(places=places)
    needs = np.zeros(len(places), np.int64)
    needs[sorted(way.open)] = [groups[j] for j in sorted(way.open)]
    if (needs > places).any():
        return None
    if not way.open:
        found = policy.decide(shut, wished, threads)
        return policy.merits(shut, wished, found.found.mentor_of), found, shut
    parted, old = split(shut, needs)
    found = policy.decide(parted, wished, threads)
    if found is None:
        return None
    found = joined(found, parted, old)
    return policy.merits(shut, wished, found.found.mentor_of), found, shut


def split(plain, needs):
    """The problem with each open group as two mentors, the first with the places to be filled; and who is who."""
    copies = 1 + (needs > 0)
    old, start = np.repeat(np.arange(len(needs)), copies), np.concatenate([[0], np.cumsum(copies)])
    is_first = np.zeros(len(old), bool)
    is_first[start[:-1][needs > 0]] = True
    places = np.where(is_first, needs[old], plain.places[old] - np.where(needs[old] > 0, needs[old], 0))
    c = plain.columns
    rows = np.repeat(np.arange(len(c.spans)), np.diff(c.own_starts))
    times = copies[c.own_mentors]
    own = np.repeat(np.arange(len(rows)), times)
    nth = np.arange(len(own)) - np.repeat(np.cumsum(times) - times, times)
    turned = c._replace(
        mentor_codes=np.ascontiguousarray(c.mentor_codes[:, old]),
        mentor_bits=np.ascontiguousarray(c.mentor_bits[:, old]),
        own_starts=np.searchsorted(rows[own], np.arange(len(c.spans) + 1)).astype(np.int64),
        own_mentors=(start[c.own_mentors[own]] + nth).astype(np.int64),
        own_points=c.own_points[own],
        spans=np.ascontiguousarray(start[c.spans]),
    )
    return plain._replace(columns=turned, places=places, must_fill=is_first), old


def joined(decided, parted, old):
    """What was decided, with both halves of a mentor as one again. The price of an open group may be below zero."""
    mentor_of = np.where(decided.found.mentor_of >= 0, old[decided.found.mentor_of], -1)
    terms = decided.terms._replace(mentor_prices=prices_joined(decided.terms, parted, old))
    cover = decided.cover
    if cover:
        sides = [one._replace(mentor_prices=prices_joined(one, parted, old)) for one in (cover.serves, cover.better)]
        cover = cover._replace(serves=sides[0], better=sides[1])
    rungs = [(code, np.where(of >= 0, old[of], -1)) for code, of in decided.rungs]
    prices = tuple(np.array(side, dtype=object) for side in (terms.mentee_prices, terms.mentor_prices))
    found = decided.found._replace(mentor_of=mentor_of, prices=(prices,), pairs=None, state=None)
    liked = np.full(len(decided.liked), -1, np.int64)
    return decided._replace(found=found, terms=terms, cover=cover, rungs=rungs, liked=liked)


def prices_joined(prices, parted, old):
    """What a place asks, less what filling it counts; the first half of a mentor speaks for both."""
    joined = {}
    for j, price, is_first in zip(old.tolist(), prices.mentor_prices, parted.must_fill.tolist(), strict=True):
        joined.setdefault(j, price - prices.fill * is_first)
    return [joined[j] for j in sorted(joined)]
