"""What two people share, and what is lacking: the answers behind the parts of a score, in the words they were told."""

from typing import NamedTuple

from rapport.matching.engine.judging import Judge, Part
from rapport.matching.engine.telling import all_folded, answer_of, folded, trait_of

ALONE = {"same", "overlap"}  # kinds of which the answers themselves can be in common


class Said(NamedTuple):
    """Of one pair and criterion: what it gives, the answers both gave by name, and those of the mentee alone."""

    part: Part
    both: dict[str, str]
    alone: list[str]


def said_of_each(judge: Judge, mentee: dict, mentors: list[dict], alike: list | None = None) -> list[Said]:
    """What one criterion says of a mentee with each of some mentors. Answers in common are told as the mentor told
    them; quiet criteria tell no words. `alike`: mentors of one such key told the same, or share the same."""
    one = judge.criterion
    theirs, name = judge.heard(mentee, "mentee"), trait_of(one, "mentor")
    speaks = theirs is not None and one["kind"] in ALONE and not one["settings"].get("quiet")
    words = by_name(listed(one["kind"], answer_of(mentee["traits"], one, "mentee"))) if speaks else {}
    if alike is None:
        return [said_of(judge, theirs, words, mentor["traits"].get(name)) for mentor in mentors]
    first: dict = {}
    found = []
    for mentor, key in zip(mentors, alike, strict=True):
        if (said := first.get(key)) is None:
            said = first[key] = said_of(judge, theirs, words, mentor["traits"].get(name))
        elif said.both:
            said = Said(said.part, in_common(words, one["kind"], mentor["traits"].get(name)), said.alone)
        found.append(said)
    return found


def said_of(judge, theirs, words, told):
    """The same of one mentor. `words`: those of the mentee that may be told, by what makes them comparable."""
    part = judge.of(theirs, judge.hear(told, judge.order))
    if not words or not part.known:
        return Said(part, {}, [])
    both = in_common(words, judge.criterion["kind"], told)
    return Said(part, both, [str(word) for name, word in words.items() if name not in both])


def in_common(words, kind, told) -> dict[str, str]:
    """Those of some answers that are among `words`, each once, by what makes them comparable."""
    if kind == "same":
        return {name: str(told) for name in words if name == folded(told)}
    found: dict[str, str] = {}
    told = listed(kind, told)
    for name, word in zip(all_folded(told), told, strict=True):
        if name in words and name not in found:
            found[name] = str(word)
    return found


def by_name(told) -> dict[str, object]:
    """Some answers, each once, by what makes them comparable."""
    found: dict[str, object] = {}
    for name, word in zip(all_folded(told), told, strict=True):
        if name:
            found.setdefault(name, word)
    return found


def listed(kind, told) -> list:
    return told if kind == "overlap" and isinstance(told, list) else [told]


def shared_and_lacks(criteria: list[dict], of_each: list[Said]) -> tuple[dict, list]:
    """`shared`: {code: the answers both gave}, of criteria where there are any. `lacks`: where the pair gets less than
    the whole weight: code, points lacking, `known`, and `of`, what only the mentee told."""
    shared, lacks = {}, []
    for one, (part, both, alone) in zip(criteria, of_each, strict=True):
        points, known, right = part
        if both:
            shared[one["code"]] = list(both.values())
        if points < one["weight"] or (known and not right):
            lacks.append({"code": one["code"], "points": one["weight"] - points, "known": known, "of": alone.copy()})
    return shared, lacks
