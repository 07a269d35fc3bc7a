"""One run: sort, score, pair, prove, explain. The order in which people come makes no difference."""

import hashlib
import json

import numpy as np

from rapport.matching.engine import checker, scoring
from rapport.matching.engine.solver import solve

APART = (
    "apart"  # pairs that may not be, whatever the criteria say: one code for all reasons, which are nobody's business
)


def run(problem):
    """Pair the mentees with the mentors of a problem, and prove it.

    Problem: `seed`; `mentees` and `mentors`, each a list of dicts with `key` (names them in the answer), `lot` (says
    who it is, the same however a list was ordered), `traits` and, for mentors, `capacity`; `criteria` as in `scoring`;
    `apart`, a list of [mentee key, mentor key] that may not be.

    Answer: `pairs` (mentee, mentor, score, parts: code, points, known, right), `left` (mentee, free: how many mentors
    there are, allowed: how many could be theirs, barring: how many each rule forbids, alone: how many are forbidden by
    that rule only), `certificate` (what the checker checked, and the prices by key).
    """
    mentees, mentors = in_order(problem["mentees"], problem["seed"]), in_order(problem["mentors"], problem["seed"])
    judged = {c["code"]: scoring.judge(c, mentees, mentors) for c in problem["criteria"]}
    barred = bars(problem, judged, mentees, mentors)
    shape = (len(mentees), len(mentors))
    scores = sum((one.points for one in judged.values()), np.zeros(shape, dtype=np.int64))
    allowed = ~np.any(list(barred.values()), axis=0) if barred else np.ones(shape, dtype=bool)
    capacities = [person["capacity"] for person in mentors]
    answer = solve(scores, allowed, capacities)
    proof = checker.check(scores.tolist(), allowed.tolist(), capacities, *answer)
    paired = {i for i, _ in answer.pairs}
    return {
        "pairs": [pair(i, j, mentees, mentors, scores, judged) for i, j in answer.pairs],
        "left": [left(i, mentees, allowed, barred) for i in range(len(mentees)) if i not in paired],
        "certificate": certificate(problem, proof, answer, mentees, mentors),
    }


def in_order(people, seed):
    """By a lottery drawn from the seed and who they are: fair among equals, and the same in every run."""
    return sorted(people, key=lambda p: (hashlib.sha256(f"{seed}|{p['lot']}".encode()).hexdigest(), p["key"]))


def bars(problem, judged, mentees, mentors):
    """Which pairs each hard rule forbids, by its code."""
    barred = {
        c["code"]: judged[c["code"]].is_known & ~judged[c["code"]].is_right for c in problem["criteria"] if c["is_hard"]
    }
    rows, columns = ({person["key"]: n for n, person in enumerate(side)} for side in (mentees, mentors))
    apart = np.zeros((len(mentees), len(mentors)), dtype=bool)
    for mentee, mentor in problem["apart"]:
        if mentee in rows and mentor in columns:
            apart[rows[mentee], columns[mentor]] = True
    return {**barred, APART: apart}


def pair(i, j, mentees, mentors, scores, judged):
    parts = [part(code, one.points[i, j], one.is_known[i, j], one.is_right[i, j]) for code, one in judged.items()]
    return {"mentee": mentees[i]["key"], "mentor": mentors[j]["key"], "score": int(scores[i, j]), "parts": parts}


def part(code, points, is_known, is_right):
    return {"code": code, "points": int(points), "known": bool(is_known), "right": bool(is_right)}


def left(i, mentees, allowed, barred):
    """Why this mentee has nobody: who could be theirs, and what stands in the way of the others."""
    times = sum(bars[i].astype(int) for bars in barred.values())
    alone = {code: int((bars[i] & (times == 1)).sum()) for code, bars in barred.items() if code != APART}
    barring = {code: int(bars[i].sum()) for code, bars in barred.items()}
    return {
        "mentee": mentees[i]["key"],
        "free": int(allowed.shape[1]),
        "allowed": int(allowed[i].sum()),
        "barring": {code: n for code, n in barring.items() if n},
        "alone": {code: n for code, n in alone.items() if n},
    }


def certificate(problem, proof, answer, mentees, mentors):
    """Everything needed to check the answer again, in whole numbers."""
    return {
        "mentees": len(mentees),
        "mentors": len(mentors),
        "places": sum(person["capacity"] for person in mentors),
        **proof,
        "checked": True,
        "mentee_prices": {p["key"]: price for p, price in zip(mentees, answer.row_prices, strict=True)},
        "mentor_prices": {p["key"]: price for p, price in zip(mentors, answer.column_prices, strict=True)},
        "input": fingerprint(problem),
    }


def fingerprint(problem):
    """The same for the same people, criteria and rules, in whatever order they came."""
    sides = [
        sorted(json.dumps(one, sort_keys=True) for one in problem[name]) for name in ("mentees", "mentors", "apart")
    ]
    return hashlib.sha256(json.dumps([sides, problem["criteria"]], sort_keys=True).encode()).hexdigest()
