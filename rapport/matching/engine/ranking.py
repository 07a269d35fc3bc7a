"""The best mentors for one mentee, of all there are, and why: for a page that waits."""

import heapq

from rapport.matching.engine import sharing
from rapport.matching.engine.plain import FULL, MANY, People


def top(problem: dict, mentee_key: str, n: int = 20, everybody: bool = False) -> list[dict]:
    """The `n` mentors with a free place this mentee gets the most points with, the best first.

    With `everybody`, also those who may not be theirs, after those who may, the fewest broken rules first. Equals come
    in the order of the lottery. Each: `mentor` (key), `score`, `parts` (code, points, known, right), `may_be`, `breaks`
    (codes of hard rules; "apart", "floor", and "full" without a free place), `shared` and `lacks` (see `sharing`).
    Raises ValueError where nobody has that key.
    """
    if not everybody and max(len(problem["mentees"]), len(problem["mentors"])) > MANY:
        from rapport.matching.engine.boards import Board

        return Board(problem).top(mentee_key, n)
    people = People(problem)
    mentee = people.mentee(mentee_key)
    if everybody:
        return best_of_everybody(people, mentee, n)
    found = [(-score, j) for j, score in people.row(mentee).items() if people.places[j]]
    return told(people, mentee, [people.mentors[j] for _, j in heapq.nsmallest(n, found)])


def best_of_everybody(people, mentee, n):
    pairs = [(one, people.pair(mentee, one)) for one in people.mentors]
    found = [(len(pair["breaks"]) + (not people.places[j]), -pair["score"], j) for j, (_, pair) in enumerate(pairs)]
    return told(people, mentee, [people.mentors[j] for *_, j in heapq.nsmallest(n, found)])


def told(people, mentee, mentors, alike=None):
    """The rows of the answer: one criterion after the other is asked about all of them. `alike`: of each criterion as
    `sharing.said_of_each` takes it."""
    keys = alike or [None] * len(people.judges)
    said = [sharing.said_of_each(one, mentee, mentors, some) for one, some in zip(people.judges, keys, strict=True)]
    return [row(people, mentee, mentor, [one[n] for one in said]) for n, mentor in enumerate(mentors)]


def row(people, mentee, mentor, said):
    pair = people.told(mentee, mentor, [one.part for one in said])
    breaks = pair["breaks"] + [FULL] * (not people.places[people.place_of[mentor["key"]]])
    shared, lacks = sharing.shared_and_lacks(people.criteria, said)
    found = {"mentor": mentor["key"], "score": pair["score"], "parts": pair["parts"], "may_be": not breaks}
    return found | {"breaks": breaks, "shared": shared, "lacks": lacks}
