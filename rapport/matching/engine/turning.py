"""People as dicts turned into arrays: what `instances.read` gives becomes what `column_files.write` writes."""

from typing import Any

import numpy as np

from rapport.matching.engine.arrays import Arrays
from rapport.matching.engine.column_files import WIDTHS
from rapport.matching.engine.telling import folded, many, trait_of


def of_problem(problem) -> Arrays:
    """A problem with people as dicts (`running.run`) as arrays. A `lot` is told by the key alone.

    Raises ValueError where a mentor asks for a group of a least size: arrays have no place for it.
    """
    mentees, mentors = problem["mentees"], problem["mentors"]
    if any(one.get("least") for one in mentors):
        raise ValueError("columns hold no groups of a least size")
    has_many = {name for one in problem["criteria"] if one["kind"] == "overlap" for name in traits(one)[:2]}
    answers = vocabularies(problem, has_many)
    columns: list[dict] = [{}, {}]
    for one in problem["criteria"]:
        names = traits(one)
        for name, side, people in zip(names, (0, 1, 0), (mentees, mentors, mentees), strict=False):
            given = [person["traits"].get(name) for person in people]
            columns[side][name] = (bits if name in has_many else numbers)(given, answers[name])
    keys = [np.array([one["key"] for one in side], dtype=str) for side in (mentees, mentors)]
    capacity = np.array([min(one["capacity"], len(mentees)) for one in mentors], dtype=np.int64)
    lists = lists_of(problem, keys)
    return Arrays(
        problem["seed"], problem["criteria"], keys[0], keys[1], capacity, columns[0], columns[1], answers,
        problem.get("floor"), **lists,
    )  # fmt: skip


def traits(criterion) -> list[str]:
    """The mentee's trait, the mentor's, and what the mentee must have said yes to, if anything."""
    settings, both = criterion["settings"], [trait_of(criterion, side) for side in ("mentee", "mentor")]
    return both + ([settings["only_if"]] if "only_if" in settings else [])


def vocabularies(problem, has_many) -> dict[str, list[str]]:
    """{trait: its answers}, the same list for traits that are held against each other."""
    alike: dict[str, set[str]] = {}
    for one in problem["criteria"]:
        names = traits(one)
        together = set(names[:2]).union(*(alike.get(name, set()) for name in names[:2]))
        alike |= dict.fromkeys(together, together)
        alike |= {name: {name} for name in names[2:] if name not in alike}
    people = [one["traits"] for side in ("mentees", "mentors") for one in problem[side]]
    return {name: sorted(answers_to(group, people, has_many) - {""}) for name, group in alike.items()}


def answers_to(group, people, has_many):
    told = [(name, one.get(name)) for one in people for name in group]
    return {folded(part) for name, given in told for part in (many(given) if name in has_many else [given])}


def lists_of(problem, keys) -> dict[str, Any]:
    """Pairs by rows."""
    places = [{key: n for n, key in enumerate(side.tolist())} for side in keys]
    names = [name for name in WIDTHS if name != "pairs" or "pairs" in problem]
    rows = {name: [[places[0][a], places[1][b], *n] for a, b, *n in problem.get(name, ())] for name in names}
    return {name: np.array(told, dtype=np.int64).reshape(-1, WIDTHS[name]) for name, told in rows.items()}


def numbers(given, known):
    at = {name: n + 1 for n, name in enumerate(known)}
    return np.array([at.get(folded(one), 0) for one in given], dtype=np.int32)


def bits(given, known):
    at = {name: n for n, name in enumerate(known)}
    column = np.zeros((len(given), max(1, (len(known) + 63) // 64)), dtype=np.uint64)
    for person, told in enumerate(given):
        for one in many(told):
            column[person, at[folded(one)] >> 6] |= np.uint64(1 << (at[folded(one)] & 63))
    return column
