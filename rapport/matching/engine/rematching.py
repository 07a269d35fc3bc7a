"""Where one mentee can go now: to a free place, or to one that others would make by moving. Nobody active is moved."""

from collections import Counter
from typing import NamedTuple

from rapport.matching.engine import lots
from rapport.matching.engine.plain import People

MOST = 2  # moves: every chain of that length is looked at
MOST_PLAIN = 1_000_000  # pairs of movers and mentors up to which plain Python is quicker than compiling columns


class Standing(NamedTuple):
    """Who is where. `free`: places nobody has; `movers`: of each mentor, the mentees who may move and their points."""

    free: list[int]
    movers: list[list[tuple[str, int]]]


def rematch(problem: dict, standing: list[dict], mentee_key: str, most_moves: int = MOST) -> list[dict]:
    """The best way to place one mentee by 0, 1 and 2 moves of others (at most `most_moves`), where there is one.

    `standing`: {mentee, mentor, movable} of every pair that takes one of its mentor's `capacity` places; only drafts
    and unanswered proposals are movable. A move takes one mentee to another mentor who has a place for them, or who
    gets one by the next move; nobody loses a place. Settled pairs (`locked`) never move.

    Each answer: `moves`, `gain` (points of all together against now), `served` (1; 0 where the mentee already stands
    and is moved), `pairs` (every new pair, the mentee's first) and `moved` ([mentee, from, to]). Equals by lottery.
    Raises ValueError for bad input, and where the mentee stands with somebody and may not be moved.
    """
    if most_moves not in range(MOST + 1):
        raise ValueError(f"moves are 0 to {MOST}")
    movers = sum(one["movable"] for one in standing) if most_moves else 0
    if movers * len(problem["mentors"]) > MOST_PLAIN:
        from rapport.matching.engine.boards import Board

        return Board(problem).rematch(standing, mentee_key, most_moves)
    people = People(problem)
    mentee = people.mentee(mentee_key)
    stands, now = standing_of(people, standing, mentee_key)
    start = people.row(mentee)
    was = 0
    if now is not None and (at := people.place_of.get(now["mentor"])) is not None:
        start.pop(at, None)
        was = people.pair(mentee, people.mentors[at])["score"]
    found = [best_chain(start, level) for level in levels(people, stands, most_moves)]
    return [answer(people, chain, mentee_key, n, was, now) for n, chain in enumerate(found) if chain]


def standing_of(people, standing, mentee_key):
    """Who is where without the mentee who is to be placed, and where that one stood."""
    own = own_of(people, standing, mentee_key)
    locked = {(a, b) for a, b in people.problem.get("locked", ())}
    pairs = {(one["mentee"], one["mentor"]): one["movable"] for one in standing if one["mentee"] != mentee_key}
    pairs |= dict.fromkeys(locked, False)
    free, movers = [one["capacity"] for one in people.mentors], [[] for _ in people.mentors]
    times = Counter(a for a, _ in pairs)
    for (a, b), movable in pairs.items():
        if b in people.place_of:
            free[people.place_of[b]] -= 1
            if movable and times[a] == 1 and a in people.mentees:  # with several mentors at once nobody is moved
                movers[people.place_of[b]].append(people.mentees[a])
    return Standing(free, [scored(people, j, some) for j, some in enumerate(movers)]), own


def own_of(people, standing, mentee_key):
    """Where the mentee who is to be placed stands now, if anywhere."""
    own = [one for one in standing if one["mentee"] == mentee_key]
    is_locked = any(a == mentee_key for a, _ in people.problem.get("locked", ()))
    if is_locked or not all(one["movable"] for one in own) or len(own) > 1:
        raise ValueError("the mentee stands with somebody and may not be moved")
    return own[0] if own else None


def scored(people, j, mentees):
    """Mentees by lot, each with what the pair with mentor j scores."""
    ordered = lots.in_order(mentees, people.problem["seed"]) if len(mentees) > 1 else mentees
    return [(one["key"], people.pair(one, people.mentors[j])["score"]) for one in ordered]


class Chain(NamedTuple):
    """What making room at a mentor brings in points, and by whom moving where: (mentee key, from, to), first first."""

    gain: int
    moves: tuple


def levels(people, stands, most_moves):
    """For 0, 1, 2 moves: {place of a mentor: the best Chain that makes room there}."""
    level = {j: Chain(0, ()) for j, n in enumerate(stands.free) if n > 0}
    full = [j for j, n in enumerate(stands.free) if n == 0 and stands.movers[j]]
    rows = {a: people.row(people.mentees[a]) for j in full for a, _ in stands.movers[j]} if most_moves else {}
    yield level
    for _ in range(most_moves):
        found = {j: room(stands, rows, level, j) for j in full}
        level = {j: chain for j, chain in found.items() if chain}
        yield level


def room(stands, rows, level, j):
    """The best way to make room at mentor j: one who is there moves to where there is room by `level`."""
    best = None
    for a, now in stands.movers[j]:
        for to, score in rows[a].items():
            if to in level and to != j and (best is None or score - now + level[to].gain > best.gain):
                best = Chain(score - now + level[to].gain, ((a, j, to), *level[to].moves))
    return best


def best_chain(start, level):
    """The best place for the mentee among those where there is room."""
    best = None
    for j, score in start.items():
        if j in level and (best is None or score + level[j].gain > best[0]):
            best = (score + level[j].gain, j, level[j].moves)
    return best


def answer(people, chain, mentee_key, moves, was, now):
    gain, j, moved = chain
    keys = [one["key"] for one in people.mentors]
    return {
        "moves": moves,
        "gain": gain - was,
        "served": int(now is None),
        "pairs": [[mentee_key, keys[j]], *([a, keys[to]] for a, _, to in moved)],
        "moved": [[a, keys[at], keys[to]] for a, at, to in moved],
    }
