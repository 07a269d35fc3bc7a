"""Why one mentee is not with one mentor in a plan: rules that fail, or who needs the mentor more, with the proof."""

from rapport.matching.engine.plain import FULL, People


def why_not(problem: dict, answer: dict, mentee_key: str, mentor_key: str) -> dict:
    """What would be if these two were with each other, against the plan of `answer` (as `running.run` gives it).

    `breaks`: codes of rules the two break ("apart", "floor", and "full" where settled pairs take all places); then the
    rest is not worked out. `settled`: the mentee is where somebody put them. `now`: the mentee's mentor, or None.
    `score`: what the two get. `better_by`: points more for the mentee than now (than nothing: all of them).
    `needed_by`: points the others lose together. `loses` and `gains`: who then loses a place, and who gets one instead.
    `path`: [mentee, from, to] of everybody who would move, this mentee first; None where somebody has nobody. Without
    policies `needed_by` is never below `better_by` unless somebody loses a place: the plan is the best of all, worked
    out again with these two settled. Raises ValueError where nobody has that key.
    """
    people = People(problem)
    mentee = people.mentee(mentee_key)
    if mentor_key not in people.place_of:
        raise ValueError("nobody has that key")
    j = people.place_of[mentor_key]
    pair = people.pair(mentee, people.mentors[j])
    now = {one["mentee"]: one for one in answer["pairs"]}
    mine = now.get(mentee_key)
    found = {
        "breaks": pair["breaks"] + [FULL] * (not people.places[j] and (mine and mine["mentor"]) != mentor_key),
        "settled": bool(mine and mine.get("locked")),
        "now": mine and mine["mentor"],
        "score": pair["score"],
        "better_by": pair["score"] - (mine["score"] if mine else 0),
        "needed_by": None,
        "loses": [],
        "gains": [],
        "path": [],
    }
    if found["breaks"] or found["settled"] or found["now"] == mentor_key:
        return found
    return found | against(now, worked_out(problem, mentee_key, mentor_key), mentee_key)


def worked_out(problem, mentee_key, mentor_key):
    """The best plan in which these two are with each other."""
    from rapport.matching.engine.running import run

    locked = [*problem.get("locked", ()), [mentee_key, mentor_key]]
    return {one["mentee"]: one for one in run(problem | {"locked": locked})["pairs"]}


def against(now, then, mentee_key):
    """What changes from one plan to the other around this mentee."""
    moved = moves(now, then, mentee_key)
    others = [a for a, _, _ in moved[1:]]
    lost = sum(now[a]["score"] for a in others if a in now) - sum(then[a]["score"] for a in others if a in then)
    loses = [a for a in others if a not in then]
    return {"needed_by": lost, "loses": loses, "gains": [a for a in others if a not in now], "path": moved}


def moves(now, then, mentee_key):
    """[mentee, from, to] of everybody whose move goes with this mentee's, in the order in which one makes another."""
    change = {
        a: (now[a]["mentor"] if a in now else None, then[a]["mentor"] if a in then else None)
        for a in sorted({*now, *then})
    }
    change = {a: two for a, two in change.items() if two[0] != two[1]}
    at: dict = {}
    for a, two in change.items():
        for b in two:
            at.setdefault(b, []).append(a)
    found, waiting = {mentee_key: None}, [mentee_key]
    while waiting:
        a = waiting.pop(0)
        for b in reversed(change[a]):
            for other in at.get(b, ()) if b is not None else ():
                if other not in found:
                    found[other] = None
                    waiting.append(other)
    return [[a, *change[a]] for a in found]
