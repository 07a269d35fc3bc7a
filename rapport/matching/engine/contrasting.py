"""Why one mentee is not with one mentor in a plan: rules that fail, or who needs the mentor more, with the proof."""

from collections import Counter

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
    then = worked_out(problem, mentee_key, mentor_key)
    places = {one["key"]: one["capacity"] for one in problem["mentors"]}
    path = shortest(now, then, mentee_key, places)
    if path is None or not as_good(problem.get("policy") or {}, now, then, path):
        path = moves(now, then, mentee_key)
    return found | against(now, then, path)


def worked_out(problem, mentee_key, mentor_key):
    """The best plan in which these two are with each other."""
    from rapport.matching.engine.running import run

    locked = [*problem.get("locked", ()), [mentee_key, mentor_key]]
    return {one["mentee"]: one for one in run(problem | {"locked": locked})["pairs"]}


def against(now, then, moved):
    """What changes from one plan to the other by these moves, the first of them the mentee's own."""
    others = [a for a, _, _ in moved[1:]]
    lost = sum(now[a]["score"] for a in others if a in now) - sum(then[a]["score"] for a in others if a in then)
    loses = [a for a in others if a not in then]
    return {"needed_by": lost, "loses": loses, "gains": [a for a in others if a not in now], "path": moved}


def shortest(now, then, mentee_key, places):
    """The fewest moves from one plan towards the other that make room for this mentee."""
    mine, start = now[mentee_key]["mentor"] if mentee_key in now else None, then[mentee_key]["mentor"]
    there = Counter(one["mentor"] for one in now.values())
    leaving: dict[str, list[str]] = {}
    for a in sorted(now):
        if a != mentee_key and (a not in then or then[a]["mentor"] != now[a]["mentor"]):
            leaving.setdefault(now[a]["mentor"], []).append(a)
    came: dict = {start: [[mentee_key, mine, start]]}
    waiting = [start]
    while waiting:
        b = waiting.pop(0)
        if b is None or b == mine or there[b] < places[b]:
            return came[b]
        for a in leaving.get(b, ()):
            to = then[a]["mentor"] if a in then else None
            if to not in came:
                came[to] = [*came[b], [a, b, to]]
                waiting.append(to)
    return None


def as_good(policy, now, then, path):
    """Whether the plan after these moves alone is as good as the other, whatever the round chooses by: both are the
    best of their kind, so without policies whatever else differs brings nothing and costs nothing."""
    plan = now | {a: then[a] for a, _, to in path if to is not None}
    plan = {a: one for a, one in plan.items() if [a, now.get(a, {}).get("mentor"), None] not in path}
    mine, other = ([one["score"] for one in two.values()] for two in (plan, then))
    if plan.keys() != then.keys() or sum(mine) != sum(other) or min(mine) < min(other):
        return False
    return all(sum(n < band for n in mine) <= sum(n < band for n in other) for band in policy.get("bands", ()))


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
