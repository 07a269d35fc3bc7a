"""One run: sort, score, pair, prove, explain. The order in which people come makes no difference."""

import hashlib
import itertools
import json
import operator
import os
from collections import Counter

import numpy as np

from rapport.matching.engine import checker, columns, explaining, groups, judging_many, kernels, policy, solver, stable
from rapport.matching.engine.plain import broken, hard_codes, summed
from rapport.matching.engine.preparing import prepare, settled_of

THREADS = min(4, os.cpu_count() or 1)


def run(problem: dict, threads: int = THREADS, most_checked: int | None = checker.FULL) -> dict:
    """Pair the mentees with the mentors of a problem, and prove it.

    Problem: `seed`; `mentees` and `mentors`, each a list of dicts with `key` (names them in the answer), `lot` (says
    who it is, the same however a list was ordered), `traits` and, for mentors, `capacity`; `criteria` as in `columns`;
    `apart`, a list of [mentee key, mentor key] that may not be. It may hold `locked`, pairs that are settled and stay
    even where they break a rule; `wishes`, a list of [mentee key, mentor key, points, below 0 against]; and `floor`,
    the score below which nobody is paired. A mentor may have `least`: that many together with them, or none. `policy`:
    `maximin` (true: the weakest pair as good as can be), `bands` (scores, going up, below which as few pairs as can be
    lie), `waiting` and `needs` (steps by mentee key, added up: the most first, where not all are served) and
    `stability` (points for pairs that nobody would leave).

    Answer: `pairs` (mentee, mentor, score, parts: code, points, known, right; `locked` and `breaks`, the codes of rules
    it breaks, where it was settled), `left` (mentee, free: how many mentors there are, allowed: how many could be
    theirs, barring: how many each rule forbids, alone: how many are forbidden by that rule only), `certificate` (what
    the checker checked, and the prices by key), and where there is a policy, `policy`: `worst` score, `worst_possible`
    where that is asked for, `blocking` (who would rather have each other), `below` each band, and `choices` (code,
    served and total with the wishes up to that one, `price` in points and `price_permille` of the most points there
    are, `unmatched`: who is left without by it). Raises ValueError for bad input, checker.NotProven.
    """
    ready = prepare(problem)
    if checker.is_wished(problem):
        wished = policy.policy_of(problem, ready.mentees)
        decided, way, open_to, tried = groups.decide(problem, ready, wished, threads)
        ready = ready._replace(problem=open_to)
        answer = told(problem, ready, decided.found)
        answer["certificate"]["groups"] = {
            "open": sorted(ready.mentors[j]["key"] for j in way.open),
            "closed": sorted(ready.mentors[j]["key"] for j in way.closed),
            "tried": tried,
        }
        answer["policy"] = chosen(ready, decided, answer)
        answer["certificate"] |= proof_of(ready, decided, answer)
    else:
        answer = told(problem, ready, solver.solve(ready.problem, threads))
    looked_at = checker.check(problem, answer, most_checked, ready.heard)
    answer["certificate"] |= {"checked": True, "looked_at": looked_at}
    return answer


def told(problem, ready, found):
    """The answer in words that JSON knows."""
    settled = settled_of(problem, ready.mentees, ready.mentors)
    free = [(i, int(j)) for i, j in enumerate(found.mentor_of) if j >= 0]
    wishes = checker.wishes_of(problem)
    pairs = parted(problem, ready, free, wishes)
    i, j = sides_of(free)
    if [one["score"] for one in pairs] != kernels.scores_of(i, j, ready.problem.columns).tolist():
        raise checker.NotProven("the parts of a score do not add up to it")
    hard, apart = hard_codes(problem["criteria"]), {(a, b) for a, b in problem["apart"]}
    kept = parted(problem, ready, settled, wishes)
    pairs += [one | {"locked": True, "breaks": broken(one, hard, apart)} for one in kept]
    served = {i for i, _ in free + settled}
    rows = [i for i in range(len(ready.mentees)) if i not in served]
    left = explaining.left(problem, ready, rows, free)
    return {"pairs": pairs, "left": left, "certificate": certificate(problem, ready, found, pairs)}


def sides_of(two):
    """The mentees and the mentors of pairs of places."""
    return np.ascontiguousarray(np.array(two, dtype=np.int64).reshape(-1, 2).T)


def parted(problem, ready, two, wishes):
    """Pairs with their explained parts. `two`: their places in the orders of `ready`."""
    i, j = sides_of(two)
    parts, scores = [], np.zeros(len(two), np.int64)
    for k, one in enumerate(problem["criteria"]):
        points, known, right = judging_many.judged(one, *columns.answers_of(ready.problem.columns, k, i, j))
        points = np.where(known, points, ready.neutral[one["code"]])
        told, code = zip(points.tolist(), known.tolist(), (known & right).tolist(), strict=True), one["code"]
        parts.append([{"code": code, "points": n, "known": is_known, "right": good} for n, is_known, good in told])
        scores += points
    each = zip(*parts, strict=True) if parts else [()] * len(two)
    keys = [(ready.mentees[a]["key"], ready.mentors[b]["key"]) for a, b in two]
    return [summed(*name, *one, wishes) for name, *one in zip(keys, scores.tolist(), each, strict=True)]


def chosen(ready, decided, answer):
    """What the policy came to: the weakest pair, who would rather have each other, what each choice cost."""
    scores = [one["score"] for one in answer["pairs"] if "locked" not in one]
    return {
        "worst": min(scores, default=None),
        "worst_possible": decided.cover.lowest if decided.cover and scores else None,
        "blocking": stable.blocking(ready.problem, decided.found.mentor_of),
        "below": [sum(score < band for score in scores) for band in decided.policy.bands],
        "choices": choices(ready, decided.rungs),
    }


def choices(ready, rungs):
    """What each choice gives up against the plan without it and those after it, and whom it leaves without."""
    told, best = [], figures(ready, rungs[0][1])
    for (_, before), (code, now) in itertools.pairwise(rungs):
        (_, had), (served, total) = figures(ready, before), figures(ready, now)
        lost = [ready.mentees[i]["key"] for i in np.flatnonzero((before >= 0) & (now < 0)).tolist()]
        permille = (had - total) * 1000 // best[1] if best[1] > 0 else 0
        price = {"price": had - total, "price_permille": permille}
        told.append({"code": code, "served": served, "total": total, **price, "unmatched": lost})
    return told


def figures(ready, mentor_of):
    i = np.flatnonzero(mentor_of >= 0)
    return len(i), int(kernels.scores_of(i, mentor_of[i], ready.problem.columns).sum(dtype=np.int64))


def proof_of(ready, decided, answer):
    """What the certificate says besides, where there is a policy. See `docs/matching.md`."""
    terms, cover = decided.terms, decided.cover
    keys = keys_of(ready)
    served, total = figures(ready, decided.rungs[0][1])
    liked = {keys[0][i]: keys[1][j] for i, j in enumerate(decided.liked.tolist()) if j >= 0}
    return {
        "bonus": terms.bonus,
        "step": terms.step,
        "weights": list(terms.weights),
        "likes": terms.likes,
        "liked": liked,
        **priced(keys, terms.mentee_prices, terms.mentor_prices),
        "worth": decided.worth(answer["pairs"], liked),
        "bound": bound_of(ready, terms, answer),
        "serves": cover and covered(keys, ready, cover.serves, answer),
        "better": cover and covered(keys, ready, cover.better, answer) | {"least": cover.better.least},
        "most": {"served": served, "total": total},
        "choices": checker.digest([served, total, *answer["policy"]["choices"]]),
    }


def bound_of(ready, prices, answer):
    """What all prices come to; of an open group whose price is below zero, only for the places that must be filled."""
    settled = Counter(one["mentor"] for one in answer["pairs"] if "locked" in one)
    is_open = set(answer["certificate"]["groups"]["open"])
    total = sum(prices.mentee_prices)
    for one, n, price in zip(ready.mentors, ready.problem.places.tolist(), prices.mentor_prices, strict=True):
        must = max(0, one["least"] - settled[one["key"]]) if one["key"] in is_open else 0
        total += price * (n if price >= 0 else must)
    return total


def covered(keys, ready, cover, answer):
    own = {"bonus": cover.bonus, "bound": bound_of(ready, cover, answer)}
    return own | priced(keys, cover.mentee_prices, cover.mentor_prices)


def keys_of(ready):
    return [one["key"] for one in ready.mentees], [one["key"] for one in ready.mentors]


def priced(keys, mentees, mentors):
    named = [dict(zip(side, prices, strict=True)) for side, prices in zip(keys, (mentees, mentors), strict=True)]
    return {"mentee_prices": named[0], "mentor_prices": named[1]}


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
        **priced(keys_of(ready), *prices),
        "input": fingerprint(problem, ready.heard),
    }


def fingerprint(problem, heard):
    """The same for the same people, answers, criteria and rules, in whatever order they came and were written."""
    sides = [sorted(problem[name], key=operator.itemgetter("key")) for name in ("mentees", "mentors")]
    people = [[one.get(name) for side in sides for one in side] for name in ("key", "lot", "capacity", "least")]
    rows, cols = ([of[one["key"]] for one in side] for of, side in zip((heard.rows, heard.cols), sides, strict=True))
    told = [people, sorted(problem.get("locked", ())), *(problem.get(name) for name in ("criteria", "floor", "policy"))]
    seen = hashlib.sha256(json.dumps([told, [one.answers for one in heard.rules]], sort_keys=True).encode())
    at, over = columns.turned(rows), columns.turned(cols)
    pairs = [np.stack([at[one[:, 0]], over[one[:, 1]], *one.T[2:]]) for one in (heard.apart, heard.wishes)]
    pairs = [one[:, np.lexsort(one[1::-1])] for one in pairs]
    for array in [*pairs, *(side for one in heard.rules for side in (one.mentee[rows], one.mentor[cols]))]:
        seen.update(f"{array.dtype} {array.shape}".encode() + np.ascontiguousarray(array).tobytes())
    return seen.hexdigest()
