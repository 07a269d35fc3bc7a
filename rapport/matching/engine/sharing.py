"""What two people share, and what is lacking: the answers behind the parts of a score, in the words they were told."""

from rapport.matching.engine.telling import answer_of, folded

EMPTY: frozenset = frozenset()
ALONE = {"same", "overlap"}  # kinds of which the answers themselves can be in common


def shared_and_lacks(criteria: list[dict], people: tuple[dict, dict], heard: list[tuple], parts: list) -> tuple:
    """`shared`: {code: the answers both gave, as the mentor told them}, of criteria where there are any. `lacks`: where
    the pair gets less than the whole weight: code, points lacking, `known`, and `of`, what only the mentee told.

    `people`: the mentee and the mentor; `heard` and `parts`, of each criterion: what both told, made comparable, and
    what it says of them. Quiet criteria tell no words.
    """
    shared, lacks = {}, []
    for one, (theirs, ours), part in zip(criteria, heard, parts, strict=True):
        speaks = part.known and one["kind"] in ALONE and not one["settings"].get("quiet")
        both, rest = apart(theirs, ours) if speaks else (EMPTY, EMPTY)
        if both:
            shared[one["code"]] = words_of(one, people[1], "mentor", both)
        if part.points < one["weight"] or (part.known and not part.right):
            of = words_of(one, people[0], "mentee", rest) if rest else []
            lacks.append({"code": one["code"], "points": one["weight"] - part.points, "known": part.known, "of": of})
    return shared, lacks


def apart(theirs, ours) -> tuple[frozenset, frozenset]:
    """What both told, and what only the mentee told."""
    if isinstance(theirs, frozenset):
        return theirs & ours, theirs - ours
    one = frozenset([theirs])
    return (one, EMPTY) if theirs == ours else (EMPTY, one)


def words_of(criterion, person, side, names) -> list[str]:
    """What a person told, each answer once, where it is one of these."""
    told = answer_of(person["traits"], criterion, side)
    words = told if isinstance(told, list) and criterion["kind"] == "overlap" else [told]
    found: dict[str, str] = {}
    for word in words:
        name = folded(word)
        if name in names and name not in found:
            found[name] = str(word)
    return list(found.values())
