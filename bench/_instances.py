"""Made-up programs of any size, the same for the same words: Philox seeds, one version, and a hash of every array.

As a command: `python -m bench._instances FOLDER SIZE CAP SITES SEED REGIME` writes columns and prints what they are.
"""

import hashlib
import json
import sys

import numpy as np

from rapport.matching.engine.telling import trait_of

VERSION = 1
REGIMES = ("balanced", "scarce", "abundant", "ties", "popular", "chain", "infeasible", "alike")
STEPS = [str(n) for n in range(1, 12)]
HARD = {
    "site": ("same", {"trait": "site"}),
    "slots": ("overlap", {"trait": "slots"}),
    "languages": ("overlap", {"trait": "languages"}),
    "family": ("different", {"trait": "family"}),
    "accepts": ("overlap", {"mentee": "accepts", "mentor": "gender"}),
    "accepted": ("overlap", {"mentee": "gender", "mentor": "accepts"}),
    "distance": ("ordered-gap", {"trait": "zone", "order": STEPS, "least": -6, "most": 6}),
}
SOFT = {
    "interests": ("overlap", {"trait": "interests", "enough": 4}, 3000),
    "skills": ("overlap", {"trait": "skills", "enough": 3}, 3000),
    "values": ("overlap", {"trait": "values", "enough": 4}, 1500),
    "character": ("ordered-gap", {"trait": "character", "order": STEPS}, 1000),
}
RANKED = 3000, 2400, 1900, 1500, 1200  # points of the mentors a mentee names; of mentees a mentor names, two thirds


def make(size, cap=1, sites=1, seed=1, regime="balanced"):
    """`arrays.Arrays` with seven hard rules, five soft ones with preferences, and pairs that may not be."""
    from rapport.matching.engine.arrays import Arrays

    dice = np.random.Generator(np.random.Philox(seed))
    mentors, capacity = places(dice, size, cap, regime)
    keys = np.arange(size), np.arange(mentors)
    if regime == "chain":
        return Arrays(f"bench {seed}", [], *keys, capacity, {}, {}, {}, pairs=chain(size, mentors))
    mentee, mentor = (people(dice, n, sites, side) for n, side in ((size, 0), (mentors, 1)))
    capacity = np.where(dice.random(mentors) < 0.93, capacity, 0)  # not cleared: no place
    if regime == "infeasible":
        mentee["languages"][::7], mentor["languages"][::5] = np.uint64(1) << 40, np.uint64(1) << 41
    if regime == "alike":
        mentee, mentor = (
            {name: column[: max(1, len(column) // 10)] for name, column in side.items()} for side in (mentee, mentor)
        )
        rows = dice.integers(0, max(1, size // 10), size), dice.integers(0, max(1, mentors // 10), mentors)
        mentee, mentor = ({n: c[r] for n, c in side.items()} for side, r in zip((mentee, mentor), rows, strict=True))
    few = max(1, size // 20)
    apart = np.unique(np.stack([dice.integers(0, size, few), dice.integers(0, mentors, few)], 1), axis=0)
    wishes = wished(dice, size, mentors, regime == "popular") if regime != "ties" else np.zeros((0, 3), np.int64)
    return Arrays(
        f"bench {seed}", criteria(regime), *keys, capacity.astype(np.int64), mentee, mentor, {}, None, apart,
        wishes=wishes,
    )  # fmt: skip


def places(dice, size, cap, regime):
    """How many mentors, and the places of each."""
    total = {"scarce": 0.7, "abundant": 2.0}.get(regime, 1.02)
    mentors = max(1, int(size * total) if cap == 1 else int(size * total / 2))
    return mentors, dice.integers(1, cap + 1, mentors)


def chain(size, mentors):
    """Mentee i may be with mentor i and the next one, and would rather have the next: long paths."""
    rows = np.arange(size)
    pairs = np.concatenate([np.stack([rows, rows, 0 * rows], 1), np.stack([rows, rows + 1, 0 * rows + 1], 1)])
    return np.unique(pairs[pairs[:, 1] < min(mentors, size)], axis=0)


def criteria(regime):
    points = {str(n): max(0, 100 - 10 * abs(n)) for n in range(-10, 11)}
    told = [one(code, kind, settings, 0, True) for code, (kind, settings) in HARD.items()]
    told += [one(code, kind, settings, weight, False) for code, (kind, settings, weight) in SOFT.items()]
    told += [one("nearness", "ordered-gap", {"trait": "zone", "order": STEPS}, 1500, False)]
    for criterion in told:
        if criterion["kind"] == "ordered-gap":
            criterion["settings"]["points"] = points
        if regime == "ties" and not criterion["is_hard"]:
            criterion["weight"] = int(criterion["code"] == "interests")
            criterion["settings"] |= {"enough": 1} if criterion["code"] == "interests" else {}
    return told


def one(code, kind, settings, weight, is_hard):
    return {"code": code, "kind": kind, "weight": weight, "is_hard": is_hard, "settings": {**settings}}


def people(dice, n, sites, side):
    """Columns of one side: numbers from 1, or bits."""
    gender = dice.choice(3, n, p=[0.48, 0.48, 0.04]).astype(np.uint64)
    accepts, picky = np.full(n, 7, np.uint64), dice.random(n) < (0.05 if side else 0.25)
    accepts[picky] = np.uint64(1) << gender[picky]
    languages = some(dice, n, 24, 0, 2, 1.0) | np.where(dice.random(n) < 0.9, np.uint64(1), np.uint64(2))[:, None]
    return {
        "site": dice.integers(1, sites + 1, n).astype(np.int32),
        "slots": some(dice, n, 28, 4, 9),
        "languages": languages,
        "family": dice.integers(1, 4 * n + 1, n).astype(np.int32),
        "gender": (np.uint64(1) << gender)[:, None],
        "accepts": accepts[:, None],
        "zone": dice.integers(1, 12, n).astype(np.int32),
        "interests": some(dice, n, 128, 5, 12, 0.8),
        "skills": some(dice, n, 64, 5 if side else 2, 12 if side else 5, 0.7),
        "values": some(dice, n, 64, 4, 8, 0.3),
        "character": dice.integers(1, 12, n).astype(np.int32),
    }


def some(dice, n, of, low, high, zipf=0.0):
    """Rows of bits, low to high of them drawn, those that come first being more popular."""
    bits = np.zeros((n, (of + 63) // 64), np.uint64)
    share = 1.0 / np.arange(1, of + 1) ** zipf
    sums, many = np.cumsum(share / share.sum()), dice.integers(low, high + 1, n)
    for draw in range(high):
        pick = np.searchsorted(sums, dice.random(n)).clip(0, of - 1)
        set_to = np.where(draw < many, np.uint64(1) << (pick & 63).astype(np.uint64), np.uint64(0))
        bits[np.arange(n), pick >> 6] |= set_to
    return bits


def wished(dice, size, mentors, everybody=False):
    """Three in five mentees name five mentors, most of them the same popular few; two in five mentors five mentees."""
    share = dice.pareto(1.05 if everybody else 1.5, mentors) + 1
    sums = np.cumsum(share / share.sum())
    rows, cols = (
        np.flatnonzero(dice.random(size) < (1.0 if everybody else 0.6)),
        np.flatnonzero(dice.random(mentors) < 0.4),
    )
    named = [np.searchsorted(sums, dice.random(len(rows))).clip(0, mentors - 1) for _ in RANKED]
    told = [np.stack([rows, head, 0 * rows + points], 1) for head, points in zip(named, RANKED, strict=True)]
    back = [np.stack([dice.integers(0, size, len(cols)), cols, 0 * cols + n * 2 // 3], 1) for n in RANKED]
    return np.concatenate([*told, *back]).astype(np.int64)


def hashed(problem) -> str:
    """One number for the whole instance: every array, its name and its shape, and the criteria."""
    told = hashlib.sha256(json.dumps([VERSION, problem.seed, problem.criteria], sort_keys=True).encode())
    sides = {f"mentee.{n}": c for n, c in problem.mentee.items()} | {
        f"mentor.{n}": c for n, c in problem.mentor.items()
    }
    rest = {name: getattr(problem, name) for name in ("capacity", "apart", "locked", "wishes", "pairs")}
    for name, column in sorted((sides | rest).items()):
        if column is not None:
            told.update(f"{name}{column.shape}{column.dtype}".encode())
            told.update(np.ascontiguousarray(column).tobytes())
    return told.hexdigest()


def as_people(problem):
    """The same problem with people as dicts, as a program asks it."""
    problem_criteria = [{**one, "settings": {**one["settings"]}} for one in problem.criteria]
    overlaps = [one for one in problem.criteria if one["kind"] == "overlap"]
    many = {trait_of(one, side) for one in overlaps for side in ("mentee", "mentor")}
    sides = [
        [{"key": f"{letter}{n}", "lot": f"{letter}{n}", "traits": {}} for n in range(len(keys))]
        for letter, keys in (("m", problem.mentee_keys), ("t", problem.mentor_keys))
    ]
    for side, columns in zip(sides, (problem.mentee, problem.mentor), strict=True):
        for name, column in columns.items():
            for person, told in zip(side, column.tolist(), strict=True):
                person["traits"][name] = popped(told) if name in many else str(told)
    for person, n in zip(sides[1], problem.capacity.tolist(), strict=True):
        person["capacity"] = n
    apart, locked = ([[f"m{a}", f"t{b}"] for a, b in rows.tolist()] for rows in (problem.apart, problem.locked))
    wishes = [[f"m{a}", f"t{b}", n] for a, b, n in problem.wishes.tolist()]
    told = {"seed": problem.seed, "mentees": sides[0], "mentors": sides[1], "criteria": problem_criteria}
    return {**told, "apart": apart, "locked": locked, "wishes": wishes, "floor": problem.floor}


def popped(words):
    return [f"{w}-{bit}" for w, word in enumerate(words) for bit in range(64) if word >> bit & 1]


def main():
    from rapport.matching.engine import column_files

    folder, size, cap, sites, seed, regime = sys.argv[1:]
    problem = make(int(size), int(cap), int(sites), int(seed), regime)
    column_files.write(problem, folder)
    figures = {"mentees": len(problem.mentee_keys), "mentors": len(problem.mentor_keys)}
    print(json.dumps({**figures, "places": int(problem.capacity.sum()), "version": VERSION, "hash": hashed(problem)}))


if __name__ == "__main__":
    main()
