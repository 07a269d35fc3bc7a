"""What other criteria would change: who would be served, and whom some mentees would get the most points with."""

import heapq

from rapport.matching.engine.plain import People


def preview(problem: dict, changed: dict, mentees: list[str], most: int) -> dict:
    """The same people by the problem as it is, and with what `changed` replaces of it: `criteria`, `policy`, `floor`.

    Answer: `now` and `then`, each with `served` (pairs [mentee key, mentor key] of a whole run) and `best` ({key of
    each of `mentees`: [[mentor key, points], ...] of those with a free place that may be theirs, the best `most`
    first}). Raises ValueError for bad input, checker.NotProven.
    """
    return {"now": looked_at(problem, mentees, most), "then": looked_at(problem | changed, mentees, most)}


def positions(problem: dict, points: list[int]) -> list[dict]:
    """The same problem with each of so many `points` for pairs that nobody would leave, the first of them 0.

    Answer, for each: `points`, `served`, `total`, `price_permille` of the total without such points, `worst` score and
    `blocking` (who would rather have each other). Raises ValueError for bad input, checker.NotProven.
    """
    from rapport.matching.engine.running import run

    rows: list[dict] = []
    for n in points:
        answer = run(problem | {"policy": {**(problem.get("policy") or {}), "stability": n}})
        free = [one["score"] for one in answer["pairs"] if "locked" not in one]
        best = rows[0]["total"] if rows else sum(free)
        permille = (best - sum(free)) * 1000 // best if best > 0 else 0
        told = {name: answer["policy"][name] for name in ("worst", "blocking")}
        rows.append({"points": n, "served": len(free), "total": sum(free), "price_permille": permille, **told})
    return rows


def looked_at(problem, mentees, most):
    from rapport.matching.engine.running import run

    pairs = [[one["mentee"], one["mentor"]] for one in run(problem)["pairs"]]
    return {"served": pairs, "best": best_of(People(problem), mentees, most)}


def best_of(people, mentees, most):
    """Whom each of these mentees gets the most points with: {key: [[mentor key, points]]}. Equals by lottery."""
    found = {}
    for key in mentees:
        row = people.row(people.mentee(key)).items()
        best = heapq.nsmallest(most, [(-score, j) for j, score in row if people.places[j]])
        found[key] = [[people.mentors[j]["key"], -score] for score, j in best]
    return found
