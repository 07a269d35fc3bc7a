"""One run: sort, score, pair, prove, explain. The order in which people come makes no difference."""

import hashlib
import itertools
import json
import operator
import os
from collections import Counter

import numpy as np

from rapport.matching.engine import checker, columns, explaining, groups, kernels, pairs, policy, solver, stable
from rapport.matching.engine.preparing import prepare

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
    keys = keys_of(ready)
    i = np.flatnonzero(found.mentor_of >= 0)
    j = found.mentor_of[i]
    free = pairs.told(problem, ready, i, j, keys)
    if [one["score"] for one in free] != kernels.scores_of(i, j, ready.problem.columns).tolist():
        raise checker.NotProven("the parts of a score do not add up to it")
    places, settled = pairs.settled(problem, ready, keys)
    is_left = found.mentor_of < 0
    is_left[[row for row, _ in places]] = False
    left = explaining.left(problem, ready, np.flatnonzero(is_left).tolist(), np.stack([i, j], axis=1))
    proof = certificate(problem, ready, found, free, settled, keys)
    return {"pairs": free + settled, "left": left, "certificate": proof}


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


def certificate(problem, ready, found, free, settled, keys):
    """Everything needed to check the answer again, in whole numbers."""
    prices = [side.tolist() for side in (found.mentee_prices, found.mentor_prices)]
    total = sum(one["score"] for one in free)
    return {
        "mentees": len(ready.mentees),
        "mentors": len(ready.mentors),
        "places": sum(person["capacity"] for person in ready.mentors),
        "served": len(free) + len(settled),
        "total": total + sum(one["score"] for one in settled),
        "bonus": ready.bonus,
        "worth": total + ready.bonus * len(free),
        "bound": sum(prices[0]) + sum(map(operator.mul, ready.problem.places.tolist(), prices[1])),
        "neutral": ready.neutral,
        "rounds": found.rounds,
        "listed": found.listed,
        **priced(keys, *prices),
        "input": fingerprint(problem, ready.heard),
    }


def fingerprint(problem, heard):
    """The same for the same people, answers, criteria and rules, in whatever order they came and were written."""
    sides = [sorted(problem[name], key=operator.itemgetter("key")) for name in ("mentees", "mentors")]
    people = [[one.get(name) for side in sides for one in side] for name in ("key", "lot", "capacity", "least")]
    rows, cols = (
        np.array([of[one["key"]] for one in side], np.int64)
        for of, side in zip((heard.rows, heard.cols), sides, strict=True)
    )
    told = [people, sorted(problem.get("locked", ())), *(problem.get(name) for name in ("criteria", "floor", "policy"))]
    seen = hashlib.sha256(json.dumps([told, [one.answers for one in heard.rules]], sort_keys=True).encode())
    tables = [in_turn(table, columns.turned(rows), columns.turned(cols)) for table in (heard.apart, heard.wishes)]
    for array in [*tables, *(side for one in heard.rules for side in (one.mentee[rows], one.mentor[cols]))]:
        seen.update(f"{array.dtype} {array.shape}".encode())
        seen.update(np.ascontiguousarray(array))
    return seen.hexdigest()


def in_turn(table, at, over):
    """A table of pairs as columns, by the places of their mentees and mentors in another order."""
    i, j = at[table[:, 0]], over[table[:, 1]]
    by = np.argsort(i << 32 | j)
    return np.stack([i[by], j[by], *table[by, 2:].T])
