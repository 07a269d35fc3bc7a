"""What the criteria of a round say about any two people, in plain Python: a pair made by hand has its parts as well."""

from dataclasses import dataclass

from rapport.core.months import day_in
from rapport.matching import gathering
from rapport.matching.criteria import known
from rapport.matching.engine.judging import judge


@dataclass
class Judged:
    """Two people by the criteria of a round: the score, its parts as a draft keeps them, and which rules they break."""

    score: int
    parts: list[dict]
    breaks: list[str]
    labels_broken: list[str]


def judged(kept, mentee, mentor):
    """One pair. Both with person and site."""
    return judged_all(kept, mentee, [mentor])[0]


def judged_all(kept, mentee, mentors):
    """One mentee with each of these mentors, in their order."""
    known.give([mentee, *mentors], kept.criteria, day_in(kept.made_at, kept.program.zone))
    theirs, neutral = gathering.told(mentee), kept.certificate.get("neutral", {})
    return [of_two(kept.criteria, theirs, gathering.told(one), neutral) for one in mentors]


def of_two(criteria, mentee, mentor, neutral):
    """What these criteria say of two people, as `gathering.told` has them; of who is silent, `neutral` by code."""
    found = [(one, judge(one, mentee, mentor, neutral.get(one["code"], 0))) for one in criteria]
    parts = [{"code": one["code"], "points": p.points, "known": p.known, "right": p.right} for one, p in found]
    broken = [one for one, part in found if one["is_hard"] and part.known and not part.right]
    score = sum(part["points"] for part in parts)
    return Judged(score, parts, [one["code"] for one in broken], [one["label"] for one in broken])
