"""One run: sort, score, pair, prove, explain. The order in which people come makes no difference."""

import hashlib
import json

import numpy as np

from rapport.matching.engine import checker, explaining, kernels, solver
from rapport.matching.engine.judging import Judge
from rapport.matching.engine.preparing import prepare, settled_of

APART = "apart"  # pairs that may not be, whatever the criteria say: one code for all reasons, nobody's business
WISH = "wish"  # what one of the two, or somebody for them, asked for or against


def run(problem: dict, threads: int = 1, most_checked: int | None = checker.FULL) -> dict:
    """Pair the mentees with the mentors of a problem, and prove it.

    Problem: `seed`; `mentees` and `mentors`, each a list of dicts with `key` (names them in the answer), `lot` (says
    who it is, the same however a list was ordered), `traits` and, for mentors, `capacity`; `criteria` as in `columns`;
    `apart`, a list of [mentee key, mentor key] that may not be. It may hold `locked`, pairs that are settled and stay
    even where they break a rule; `wishes`, a list of [mentee key, mentor key, points, below 0 against]; and `floor`,
    the score below which nobody is paired.

    Answer: `pairs` (mentee, mentor, score, parts: code, points, known, right; `locked` and `breaks`, the codes of rules
    it breaks, where it was settled), `left` (mentee, free: how many mentors there are, allowed: how many could be
    theirs, barring: how many each rule forbids, alone: how many are forbidden by that rule only), `certificate` (what
    the checker checked, and the prices by key). Raises ValueError for bad input, checker.NotProven.
    """
    ready = prepare(problem)
    found = solver.solve(ready.problem, threads)
    answer = told(problem, ready, found)
    looked_at = checker.check(problem, answer, most_checked)
    answer["certificate"] |= {"checked": True, "looked_at": looked_at}
    return answer


def told(problem, ready, found):
    """The answer in words that JSON knows."""
    settled = settled_of(problem, ready.mentees, ready.mentors)
    free = [(i, int(j)) for i, j in enumerate(found.mentor_of) if j >= 0]
    judges = [Judge(one, ready.neutral[one["code"]]) for one in problem["criteria"]]
    wishes = checker.wishes_of(problem)
    pairs = [pair(judges, wishes, ready.mentees[i], ready.mentors[j]) for i, j in free]
    i, j = (np.array([two[side] for two in free], dtype=np.int64) for side in (0, 1))
    if [one["score"] for one in pairs] != kernels.scores_of(i, j, ready.problem.columns).tolist():
        raise checker.NotProven("the parts of a score do not add up to it")
    kept = [pair(judges, wishes, ready.mentees[i], ready.mentors[j]) for i, j in settled]
    pairs += [one | {"locked": True, "breaks": broken(problem, one)} for one in kept]
    served = {i for i, _ in free + settled}
    left = explaining.left(problem, ready, [i for i in range(len(ready.mentees)) if i not in served])
    return {"pairs": pairs, "left": left, "certificate": certificate(problem, ready, found, pairs)}


def pair(judges, wishes, mentee, mentor):
    """One pair with its explained parts, from what both told."""
    judged = [(one, one.of(one.heard(mentee, "mentee"), one.heard(mentor, "mentor"))) for one in judges]
    parts = [part(one.criterion["code"], *judged) for one, judged in judged]
    if wish := wishes.get((mentee["key"], mentor["key"])):
        parts.append(part(WISH, wish, True, wish > 0))
    return {"mentee": mentee["key"], "mentor": mentor["key"], "score": sum(p["points"] for p in parts), "parts": parts}


def part(code, points, known, right):
    return {"code": code, "points": points, "known": known, "right": right}


def broken(problem, settled):
    """The codes of the rules a settled pair breaks."""
    hard = {one["code"] for one in problem["criteria"] if one["is_hard"]}
    codes = [part["code"] for part in settled["parts"] if part["code"] in hard and part["known"] and not part["right"]]
    return codes + [APART] * ([settled["mentee"], settled["mentor"]] in [list(two) for two in problem["apart"]])


def certificate(problem, ready, found, pairs):
    """Everything needed to check the answer again, in whole numbers."""
    free = [one for one in pairs if "locked" not in one]
    prices = [side.tolist() for side in (found.mentee_prices, found.mentor_prices)]
    worth = sum(one["score"] for one in free) + ready.bonus * len(free)
    return {
        "mentees": len(ready.mentees),
        "mentors": len(ready.mentors),
        "places": sum(person["capacity"] for person in ready.mentors),
        "served": len(pairs),
        "total": sum(one["score"] for one in pairs),
        "bonus": ready.bonus,
        "worth": worth,
        "bound": sum(prices[0])
        + sum(n * price for n, price in zip(ready.problem.places.tolist(), prices[1], strict=True)),
        "neutral": ready.neutral,
        "rounds": found.rounds,
        "listed": found.listed,
        "mentee_prices": {one["key"]: price for one, price in zip(ready.mentees, prices[0], strict=True)},
        "mentor_prices": {one["key"]: price for one, price in zip(ready.mentors, prices[1], strict=True)},
        "input": fingerprint(problem),
    }


def fingerprint(problem):
    """The same for the same people, criteria and rules, in whatever order they came."""
    names = ("mentees", "mentors", "apart", "locked", "wishes")
    sides = [sorted(json.dumps(one, sort_keys=True) for one in problem.get(name, ())) for name in names]
    rest = [problem["criteria"], problem.get("floor")]
    return hashlib.sha256(json.dumps([sides, rest], sort_keys=True).encode()).hexdigest()
