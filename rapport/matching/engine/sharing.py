"""What two people share, and what is lacking: the answers behind the parts of a score, in the words they were told."""

from rapport.matching.engine.telling import answer_of, folded, many

ALONE = ("same", "overlap")  # kinds of which the answers themselves can be in common


def shared(criteria: list[dict], mentee: dict, mentor: dict) -> dict[str, list[str]]:
    """{code: the answers both gave, as the mentor told them}, of criteria where there are any. Quiet ones tell none."""
    found = {}
    for one in criteria:
        if one["kind"] in ALONE and not one["settings"].get("quiet"):
            theirs, ours = answers(one, mentee, "mentee"), answers(one, mentor, "mentor")
            found[one["code"]] = [word for name, word in ours.items() if name in theirs]
    return {code: words for code, words in found.items() if words}


def lacks(criteria: list[dict], parts: list[dict], mentee: dict, mentor: dict) -> list[dict]:
    """Where a pair gets less than the whole weight: code, points that are lacking, `known`, and `of`, what the mentee
    told that the mentor did not."""
    found = []
    for one, part in zip(criteria, parts, strict=False):
        if part["points"] < one["weight"] or (part["known"] and not part["right"]):
            short = {"code": one["code"], "points": one["weight"] - part["points"], "known": part["known"]}
            found.append(short | {"of": lacking(one, mentee, mentor) if part["known"] else []})
    return found


def lacking(criterion, mentee, mentor):
    if criterion["kind"] not in ALONE or criterion["settings"].get("quiet"):
        return []
    ours = answers(criterion, mentor, "mentor")
    return [word for name, word in answers(criterion, mentee, "mentee").items() if name not in ours]


def answers(criterion, person, side) -> dict[str, str]:
    """What a person told, each once, by what makes it comparable."""
    told = answer_of(person["traits"], criterion, side)
    return {folded(one): str(one) for one in (many(told) if criterion["kind"] == "overlap" else [told]) if folded(one)}
