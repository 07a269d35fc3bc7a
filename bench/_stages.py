"""One stage of matching, measured once in this process: `python -m bench._stages STAGE FOLDER [THREADS]` prints JSON.

Importing and compiling are timed apart (`import_s`, `ready_s`): a tiny instance goes through the same stage first.
"""

import json
import sys
import time

begun = time.perf_counter()

import numpy as np  # noqa: E402

from bench import _instances  # noqa: E402
from rapport.matching.engine import array_checker, arrays, column_files, kernels, listing, running, solver  # noqa: E402
from rapport.matching.engine.compiling import compiled  # noqa: E402

IMPORTED = time.perf_counter() - begun
EDGES, ASKED = 50, 200  # mentors of each mentee in the sparse case; single questions asked
PAIRS = 200_000_000  # scored at most for a time per pair
TASTE = 250, 500, 1000  # points for pairs of deferred acceptance


def clocked(ask):
    begun = time.perf_counter()
    answer = ask()
    return answer, time.perf_counter() - begun


def spread(asks):
    """Seconds of single questions, as milliseconds: the middle, and the slowest but one in a hundred."""
    seconds = np.sort([clocked(ask)[1] for ask in asks]) * 1000
    return {
        "p50_ms": float(np.percentile(seconds, 50)),
        "p99_ms": float(np.percentile(seconds, 99)),
        "asked": len(seconds),
    }


@compiled
def all_scores(rows, c):
    """Every pair of these mentees scored and forgotten. Returns how many pairs that is."""
    scores, shared, pairs = np.empty(kernels.STRETCH, np.int32), np.empty(kernels.STRETCH, np.int32), 0
    for i in rows:
        for z in range(kernels.stretches(i, c)):
            low, high = kernels.look(i, z, c, scores, shared)
            pairs += high - low
    return pairs


def score(problem, _threads):
    """Every pair scored by all criteria and forgotten."""
    c = arrays.prepare(problem).problem.columns
    mentees, mentors = c.mentee_codes.shape[1], c.mentor_codes.shape[1]
    rows = np.arange(max(1, min(mentees, PAIRS // max(1, mentors))))
    pairs, seconds = clocked(lambda: all_scores(rows, c))
    return {"seconds": seconds, "pairs": pairs, "ns_per_pair": seconds / max(1, pairs) * 1e9}


def cand(problem, threads):
    """The best mentors of everybody, and of single mentees among all mentors."""
    ready = arrays.prepare(problem).problem
    (_, allowed), seconds = clocked(lambda: solver.first_listed(ready, threads))
    c, found = ready.columns, [np.zeros((1, 20), np.int64), np.zeros((1, 20), np.int64), *np.zeros((2, 1), np.int64)]
    rows = np.random.Generator(np.random.Philox(3)).integers(0, c.mentee_codes.shape[1], ASKED)
    one = spread([lambda i=i: kernels.best(np.array([i]), c, ready.least, 20, *found) for i in rows])
    pairs = int((c.spans[:, 1] - c.spans[:, 0] + c.spans[:, 3] - c.spans[:, 2]).sum())
    return {"seconds": seconds, "ns_per_pair": seconds / max(1, pairs) * 1e9, "may_be": int(allowed.sum()), **one}


def edges_of(problem):
    """Fifty best pairs of each mentee, as the solver takes them: (problem, listed)."""
    ready = arrays.prepare(problem).problem
    first, listing.FIRST = listing.FIRST, EDGES
    try:
        listed, _ = solver.first_listed(ready, 1)
    finally:
        listing.FIRST = first
    return ready, listed


def edges(problem, _threads):
    """The sparse case written down for whoever else solves it: rows, columns, scores, places."""
    ready, listed = edges_of(problem)
    i, j = np.divmod(listed.keys, max(1, len(ready.places)))
    kept = {"rows": i.astype(np.int32), "cols": j.astype(np.int32), "scores": listed.scores.astype(np.int64)}
    for name, column in {**kept, "places": ready.places, "bonus": ready.worth[:1]}.items():
        np.save(f"{sys.argv[2]}/edge.{name}.npy", column)
    return {"edges": len(i)}


def solve(problem, _threads):
    """The exact solve of the sparse case alone."""
    ready, listed = edges_of(problem)
    state, seconds = clocked(lambda: solver.solve_listed(ready, listed, None))
    got = np.flatnonzero(state.match >= 0)
    keys = got * len(ready.places) + state.match[got]
    total = int(listed.scores[np.searchsorted(listed.keys, keys)].sum())
    return {"seconds": seconds, "edges": len(listed.keys), "served": len(got), "total": total}


def certify(problem, threads):
    """From columns to pairs and prices over all pairs that may be, and the checker apart."""
    found, seconds = clocked(lambda: arrays.solve(problem, threads))
    proven, checking = clocked(lambda: array_checker.check(problem, found))
    figures = {name: proven[name] for name in ("served", "total", "looked_at")}
    return {"seconds": seconds + checking, "solve_s": seconds, "check_s": checking, "rounds": found.rounds, **figures}


def people(problem, threads):
    """What a program asks: people as dicts in; pairs, proof and every reason out."""
    asked = _instances.as_people(problem)
    answer, seconds = clocked(lambda: running.run(asked, threads))
    return {"seconds": seconds, "served": len(answer["pairs"]), "total": answer["certificate"]["total"]}


def policy_of(ready, **wishes):
    from rapport.matching.engine import columns, policy

    span = columns.most_points(ready.columns) - columns.least_points(ready.columns)
    told = {
        "floor": None,
        "waiting": np.zeros(len(ready.worth), np.int64),
        "needs": np.zeros(len(ready.worth), np.int64),
        "maximin": False,
        "bands": (),
        "liking": 0,
    }
    return policy.Policy(**(told | wishes), steps={}, span=span)


def decided(ready, threads, **wishes):
    from rapport.matching.engine import policy

    answer, seconds = clocked(lambda: policy.decide(ready, policy_of(ready, **wishes), threads))
    i = np.flatnonzero(answer.found.mentor_of >= 0)
    scores = kernels.scores_of(i, answer.found.mentor_of[i], ready.columns)
    return (
        answer,
        seconds,
        {"served": len(i), "total": int(scores.sum(dtype=np.int64)), "worst": int(scores.min()) if len(i) else 0},
    )


def fair(problem, threads):
    """The plan with the best weakest pair beside the one with the most points."""
    ready = arrays.prepare(problem).problem
    _, plain, most = decided(ready, threads)
    _, seconds, best = decided(ready, threads, maximin=True)
    price = (most["total"] - best["total"]) * 1000 / max(1, most["total"])
    worst = {"worst": best["worst"], "worst_of_most": most["worst"], "price_permille": price}
    return {"seconds": seconds, "plain_s": plain, "times": seconds / plain, "served": best["served"], **worst}


def stable(problem, threads):
    """Pairs who would rather have each other, and how many fewer there are for a price."""
    from rapport.matching.engine import stable

    ready = arrays.prepare(problem).problem
    answer, _, most = decided(ready, threads)
    before, seconds = clocked(lambda: stable.blocking(ready, answer.found.mentor_of))
    alone = stable.blocking(ready, stable.accepted(ready))
    best = {"removed_percent": 0.0, "price_percent": 0.0, "points": 0}
    for points in TASTE:
        answer, _, figures = decided(ready, threads, liking=points)
        removed = (before - stable.blocking(ready, answer.found.mentor_of)) * 100 / max(1, before)
        price = (most["total"] - figures["total"]) * 100 / max(1, most["total"])
        if price <= 2 and removed > best["removed_percent"]:
            best = {"removed_percent": removed, "price_percent": price, "points": points}
    return {"seconds": seconds, "blocking": before, "blocking_of_deferred_acceptance": alone, **best}


def board_of(problem):
    from rapport.matching.engine.boards import Board

    return Board(_instances.as_people(problem))


def top(problem, _threads):
    """The twenty best mentors of one mentee with every explanation, from a board that stands."""
    board, seconds = clocked(lambda: board_of(problem))
    keys = np.random.Generator(np.random.Philox(4)).integers(0, len(problem.mentee_keys), ASKED)
    return {"board_s": seconds, **spread([lambda i=i: board.top(f"m{i}") for i in keys])}


def rematch(problem, _threads):
    """One mentee who is with nobody, placed by 0, 1 and 2 moves of the rest, who all may move."""
    found = arrays.solve(problem)
    board = board_of(problem)
    rows = np.flatnonzero(found.mentor_of >= 0)
    standing = [{"mentee": f"m{i}", "mentor": f"t{found.mentor_of[i]}", "movable": True} for i in rows.tolist()]
    stand, seconds = clocked(lambda: board.stand(standing))
    left = np.flatnonzero(found.mentor_of < 0)[:ASKED].tolist()
    if not left:
        return {"stand_s": seconds, "asked": 0}
    return {"stand_s": seconds, **spread([lambda i=i: stand.rematch(f"m{i}") for i in left])}


def explain(problem, _threads):
    """Why each is left without, with what would help: how long one takes, and how many have a reason that was tried."""
    from rapport.matching.engine import explaining
    from rapport.matching.engine.preparing import prepare

    asked = _instances.as_people(problem)
    ready = prepare(asked)
    found = solver.solve(ready.problem)
    free = [(i, int(j)) for i, j in enumerate(found.mentor_of) if j >= 0]
    rows = np.flatnonzero(found.mentor_of < 0).tolist()[:2000]
    told, seconds = clocked(lambda: explaining.left(asked, ready, rows, free))
    with_reason = sum(bool(one["relax"] or one["hall"]) for one in told)
    each = seconds * 1000 / max(1, len(rows))
    return {"seconds": seconds, "left": len(rows), "with_reason": with_reason, "ms_each": each}


def civil_service():
    """A civil service's lists by its own criteria, rows shuffled three times: how many are served, and one plan."""
    from bench._peers import LISTS, asked_of

    plans = []
    for seed in (1, 2, 3):
        answer = running.run(asked_of(LISTS, seed))
        plans.append(sorted((one["mentee"], one["mentor"], one["score"]) for one in answer["pairs"]))
    return {"served": [len(plan) for plan in plans], "same": plans[0] == plans[1] == plans[2]}


def calibrate(_problem, _threads):
    """What this machine takes to count the bits of fifty megabytes: the floor others are told against."""
    words = np.random.Generator(np.random.Philox(1)).integers(0, 1 << 63, 50 * (1 << 20) // 8).astype(np.uint64)
    _, seconds = clocked(lambda: np.bitwise_count(words).sum())
    return {"seconds": seconds}


STAGES = {
    stage.__name__: stage
    for stage in (calibrate, score, cand, edges, solve, certify, people, fair, stable, top, rematch, explain)
}


def main():
    if sys.argv[1] == "civil-service":
        print(json.dumps(civil_service()))
        return
    stage, folder, threads = STAGES[sys.argv[1]], sys.argv[2], int((sys.argv[3:] or ["1"])[0])
    problem = column_files.read(folder)
    begun = time.perf_counter()
    if stage is not edges:
        stage(_instances.make(60, 1, 1, 5), threads)
    ready = time.perf_counter() - begun
    print(json.dumps({"import_s": IMPORTED, "ready_s": ready, **stage(problem, threads)}))


if __name__ == "__main__":
    main()
