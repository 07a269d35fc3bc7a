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
