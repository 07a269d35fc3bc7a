"""What two people share, and what is lacking: the answers behind the parts of a score, in the words they were told."""

from rapport.matching.engine.telling import answer_of, folded

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
        if speaks and (words := words_of(one, people[1], "mentor", lambda name, told=theirs: said(name, told))):
            shared[one["code"]] = words
        if part.points < one["weight"] or (part.known and not part.right):
            of = words_of(one, people[0], "mentee", lambda name, told=ours: not said(name, told)) if speaks else []
            short = one["weight"] - part.points
            lacks.append({"code": one["code"], "points": short, "known": part.known, "of": of})
    return shared, lacks


def said(name, heard):
    """Whether this is what somebody told, or among it."""
    return name in heard if isinstance(heard, frozenset) else name == heard


def words_of(criterion, person, side, wanted) -> list[str]:
    """What a person told, each answer once, where it is wanted."""
    told = answer_of(person["traits"], criterion, side)
    words = told if isinstance(told, list) and criterion["kind"] == "overlap" else [told]
    found: dict[str, str] = {}
    for word in words:
        name = folded(word)
        if name and name not in found and wanted(name):
            found[name] = str(word)
    return list(found.values())
