"""Who competes for too few places: more mentees than places, and none of them can be anybody else's.

Such a set proves that somebody must be left without (Hall 1935). It is the smallest around its mentee: without any one
of them, all the others can be served.
"""

import numpy as np

from rapport.matching.engine.hearing import Hearing
from rapport.matching.engine.telling import answer_of, folded, many

TOLD = 60  # keys told of one side


def told(problem: dict, plan, i: int, known: dict | None = None) -> dict | None:
    """`mentees` and `mentors` (keys, the first 60), `mentees_n` and `mentors_n` (how many there are), `places`, fewer
    than the mentees, and `common`; None where a place is free for mentee i after all.

    `known`: what was found out of the same others before, for whoever asks about many.
    """
    competing = plan.competing(i)
    if competing is None:
        return None
    people, known = plan.ready.mentees, {} if known is None else known
    key = competing[1].tobytes()
    if key not in known:
        others = [people[k]["key"] for k in competing[0][1:].tolist()]
        known[key] = answers(problem["criteria"], plan.ready.heard, others)
    return {
        "mentees": [people[k]["key"] for k in competing[0][:TOLD].tolist()],
        "mentors": [plan.ready.mentors[j]["key"] for j in competing[1][:TOLD].tolist()],
        "mentees_n": len(competing[0]),
        "mentors_n": len(competing[1]),
        "places": int(plan.problem.places[competing[1]].sum()),
        "common": common(people[i], known[key]),
    }


def answers(criteria: list[dict], heard: Hearing, mentees: list[str]) -> list[tuple]:
    """Of each rule that forbids and is not quiet: what all of these mentees told, made comparable."""
    rows = [heard.rows[key] for key in mentees]
    return [
        (one, shared(told.mentee[rows], told.answers) if rows else None)
        for one, told in zip(criteria, heard.rules, strict=True)
        if one["is_hard"] and one["kind"] in ("same", "overlap") and not one["settings"].get("quiet")
    ]


def shared(told, names):
    """The names of what all of these told, numbers or bits."""
    if told.ndim == 1:
        return {names[told[0] - 1]} if told[0] and (told == told[0]).all() else set()
    bits = np.unpackbits(np.bitwise_and.reduce(told).view(np.uint8), bitorder="little")
    return {names[n] for n in np.flatnonzero(bits).tolist()}


def common(mentee: dict, others: list[tuple]) -> list[dict]:
    """What all of them told to a rule that forbids: `code` and `of`, in this mentee's words. Quiet ones tell none."""
    found = []
    for one, theirs in others:
        told = answer_of(mentee["traits"], one, "mentee")
        words = {
            folded(word): str(word) for word in (many(told) if one["kind"] == "overlap" else [told]) if folded(word)
        }
        of = [word for name, word in words.items() if theirs is None or name in theirs]
        found += [{"code": one["code"], "of": of}] if of else []
    return found
