"""What other criteria would change: who would be served, and whom some mentees would get the most points with."""

from rapport.matching.engine.judging import Judge, neutral_of


def preview(problem: dict, changed: dict, mentees: list[str], most: int) -> dict:
    """The same people by the problem as it is, and with what `changed` replaces of it: `criteria`, `policy`, `floor`.

    Answer: `now` and `then`, each with `served` (pairs [mentee key, mentor key] of a whole run; those of `mentees`
    first) and `best` ({key of each of `mentees`: [[mentor key, points], ...] of those that may be theirs, the best
    `most` first}). Raises ValueError for bad input.
    """
    return {"now": looked_at(problem, mentees, most), "then": looked_at(problem | changed, mentees, most)}


def looked_at(problem, mentees, most):
    from rapport.matching.engine.running import run

    pairs = [[one["mentee"], one["mentor"]] for one in run(problem)["pairs"]]
    return {"served": pairs, "best": best_of(problem, mentees, most)}


def best_of(problem: dict, mentees: list[str], most: int) -> dict:
    """Whom each of these mentees gets the most points with, of those with a free place: {key: [[mentor key, points]]}."""
    judges = [Judge(one, neutral_of(one, problem["mentees"], problem["mentors"])) for one in problem["criteria"]]
    apart = {tuple(two) for two in problem["apart"]}
    mentors = [one for one in problem["mentors"] if one["capacity"] > 0]
    heard = [[one.heard(mentor, "mentor") for one in judges] for mentor in mentors]
    found = {}
    for mentee in (one for one in problem["mentees"] if one["key"] in set(mentees)):
        told = [one.heard(mentee, "mentee") for one in judges]
        rows = [
            (points, mentor["key"])
            for mentor, other in zip(mentors, heard, strict=True)
            if (mentee["key"], mentor["key"]) not in apart and (points := points_of(judges, told, other)) is not None
        ]
        rows.sort(key=lambda row: (-row[0], row[1]))
        found[mentee["key"]] = [[key, points] for points, key in rows[:most]]
    return found


def points_of(judges, told, other):
    """What one pair gets; nothing where it may not be."""
    parts = [judge.of(a, b) for judge, a, b in zip(judges, told, other, strict=True)]
    if any(one.criterion["is_hard"] and part.known and not part.right for one, part in zip(judges, parts, strict=True)):
        return None
    return sum(part.points for part in parts)
