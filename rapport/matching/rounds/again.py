"""A round as the engine may be asked about it once more: the same people, or it is not asked."""

from rapport.matching import gathering
from rapport.matching.models import LeftWithout


def problem_of(kept, at):
    """The problem of a draft nobody changed by hand, if all it looked at are there as they were; else nothing."""
    if not kept.is_draft or not kept.is_proven:
        return None
    everybody = gathering.gather(kept.program, at, [gathering.Plain(one) for one in kept.criteria])
    there = [{str(one.pk) for one in side} for side in (everybody.mentees, everybody.mentors)]
    if there != [set(kept.certificate.get(f"{side}_prices", ())) for side in ("mentee", "mentor")]:
        return None
    everybody.locked = list(kept.drafts.locked().values_list("mentee", "mentor"))
    return everybody.problem()


def answer_of(kept):
    """What the engine found, as it is told about its own answer: pairs, who is left, the prices of mentors."""
    pairs = kept.drafts.values_list("mentee", "mentor", "score", "locked_at").order_by("pk")
    told = [
        {"mentee": str(mentee), "mentor": str(mentor), "score": score} | ({"locked": True} if locked else {})
        for mentee, mentor, score, locked in pairs
    ]
    left = kept.left_without.exclude(kind=LeftWithout.Kind.NOT_READY).order_by("pk").values_list("mentee", flat=True)
    return {"pairs": told, "left": [{"mentee": str(one)} for one in left], "certificate": kept.certificate}
