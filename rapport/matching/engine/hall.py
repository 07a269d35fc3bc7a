"""Who competes for too few places: more mentees than places, and none of them can be anybody else's.

Such a set proves that somebody must be left without (Hall 1935). It is the smallest around its mentee: without any one
of them, all the others can be served.
"""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine.hearing import Hearing
from rapport.matching.engine.telling import answer_of, folded, many

TOLD = 60  # keys told of one side


class Others(NamedTuple):
    """What is the same for all who compete with the same others."""

    mentees: list[str]  # the first keys
    mentors: list[str]
    mentees_n: int
    mentors_n: int
    places: int
    answers: list[tuple]  # see `answers`


def told(problem: dict, plan, i: int, known: dict | None = None) -> dict | None:
    """`mentees` and `mentors` (keys, the first 60), `mentees_n` and `mentors_n` (how many there are), `places`, fewer
    than the mentees, and `common`; None where a place is free for mentee i after all.

    `known`: what was found out of the same others before, for whoever asks about many.
    """
    inside = plan.competing(i)
    if inside is None:
        return None
    mentee, known = plan.ready.mentees[i], {} if known is None else known
    key = inside.tobytes()
    if key not in known:
        known[key] = others_of(problem, plan, inside)
    others = known[key]
    return {
        "mentees": [mentee["key"], *others.mentees],
        "mentors": list(others.mentors),
        "mentees_n": 1 + others.mentees_n,
        "mentors_n": others.mentors_n,
        "places": others.places,
        "common": common(mentee, others.answers),
    }


def others_of(problem, plan, inside):
    """Whoever has these mentors, and what all of them told."""
    mentees = [plan.ready.mentees[k]["key"] for k in plan.with_any(inside).tolist()]
    mentors = [plan.ready.mentors[j]["key"] for j in inside[:TOLD].tolist()]
    sizes = len(mentees), len(inside), int(plan.problem.places[inside].sum())
    return Others(mentees[: TOLD - 1], mentors, *sizes, answers(problem["criteria"], plan.ready.heard, mentees))


def answers(criteria: list[dict], heard: Hearing, mentees: list[str]) -> list[tuple]:
    """Of each rule that forbids and is not quiet: what all of these mentees told, made comparable; None where nobody
    is asked. Rules to which they told nothing in common are left out."""
    rows = np.array([heard.rows[key] for key in mentees], np.int64)
    each = [
        (one, shared(told.mentee[rows], told.answers) if len(rows) else None)
        for one, told in zip(criteria, heard.rules, strict=True)
        if one["is_hard"] and one["kind"] in ("same", "overlap") and not one["settings"].get("quiet")
    ]
    return [(one, theirs) for one, theirs in each if theirs is None or theirs]


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
