"""Who competes for too few places: more mentees than places, and none of them can be anybody else's.

Such a set proves that somebody must be left without (Hall 1935). It is the smallest around its mentee: without any one
of them, all the others can be served.
"""

from rapport.matching.engine.judging import Judge
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
        known[key] = answers(problem["criteria"], [people[k] for k in competing[0][1:].tolist()])
    return {
        "mentees": [people[k]["key"] for k in competing[0][:TOLD].tolist()],
        "mentors": [plan.ready.mentors[j]["key"] for j in competing[1][:TOLD].tolist()],
        "mentees_n": len(competing[0]),
        "mentors_n": len(competing[1]),
        "places": int(plan.problem.places[competing[1]].sum()),
        "common": common(people[i], known[key]),
    }


def answers(criteria: list[dict], mentees: list[dict]) -> list[tuple]:
    """Of each rule that forbids and is not quiet: what all of these told, made comparable; None where nobody is."""
    rules = [
        one
        for one in criteria
        if one["is_hard"] and one["kind"] in ("same", "overlap") and not one["settings"].get("quiet")
    ]
    return [(one, shared(Judge(one), mentees)) for one in rules]


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


def shared(judge, mentees):
    names = None
    for one in mentees:
        heard = judge.heard(one, "mentee")
        heard = heard if isinstance(heard, frozenset) else frozenset([heard] if heard else [])
        names = heard if names is None else names & heard
        if not names:
            return names
    return names
