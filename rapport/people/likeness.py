"""People who may be one: found among those of an address, a birth date or a name, never by comparing all with all."""

import unicodedata
from collections import defaultdict
from difflib import SequenceMatcher

from django.db.models import Q

from rapport.people.models import ContactPoint, Guardianship, Likeness, Person

NEAR = 0.8  # of the letters of two names; what a slip of the pen leaves
CROWD = 20  # people of one address, one birth date or one name: a school's number tells nothing
Why = Likeness.Why


def folded(text):
    """A name without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    signs = (sign if sign.isalpha() else " " for sign in plain if not unicodedata.combining(sign))
    return " ".join("".join(signs).split())


def are_near(one, other):
    """Whether two names are spelled nearly alike, in whatever order their words stand."""
    first, second = (" ".join(sorted(folded(person.full_name).split())) for person in (one, other))
    return first == second or SequenceMatcher(None, first, second, autojunk=False).ratio() >= NEAR


def alike(people):
    """{(earlier, later): why} of these people and anybody of the organization, in a handful of queries.

    Those who stand for one another are two, and so are people of one address with names that are not alike.
    """
    found = {}
    for why, blocks in ((Why.WAY, by_way(people)), (Why.BORN, by_birth(people)), (Why.NAME, by_name(people))):
        for one, other in pairs_of(people, blocks):
            key = tuple(sorted((one, other), key=lambda person: person.pk))
            if key not in found and is_likely(why, one, other):
                found[key] = why
    families = {frozenset(pair) for pair in standing_between(found)}
    return {key: why for key, why in found.items() if frozenset(one.pk for one in key) not in families}


def pairs_of(people, blocks):
    """Each of these people with each other one of their blocks."""
    mine = {person.pk for person in people}
    for block in blocks.values():
        if 1 < len(block) <= CROWD:
            for one in block.values():
                if one.pk in mine:
                    yield from ((one, other) for other in block.values() if other.pk != one.pk)


def is_likely(why, one, other):
    """Whether two of one block may be one person: another birth date speaks against a name alone."""
    if why == Why.NAME:
        return not (one.born_on and other.born_on) and folded(one.full_name) == folded(other.full_name)
    return are_near(one, other)


def by_way(people):
    """People by address and number."""
    mine = ContactPoint.objects.filter(person__in=people, kind__in=["email", "text", "phone"])
    values = set(mine.values_list("value", flat=True))
    points = ContactPoint.objects.filter(value__in=values, person__organization__in={p.organization_id for p in people})
    return blocks_of((point.value.casefold(), point.person) for point in points.select_related("person"))


def by_birth(people):
    """People by their birth date and the first letter of each of their names."""
    days = {person.born_on for person in people if person.born_on}
    rows = of(people).filter(born_on__in=days)
    return blocks_of(((one.born_on, word[0]), one) for one in rows for word in folded(one.full_name).split())


def by_name(people):
    families, firsts = ({getattr(one, name) for one in people} for name in ("family_name", "given_name"))
    rows = of(people).filter(Q(family_name__in=families, given_name__in=firsts))
    return blocks_of((folded(one.full_name), one) for one in rows)


def of(people):
    return Person.objects.filter(organization__in={one.organization_id for one in people})


def blocks_of(keyed):
    blocks = defaultdict(dict)
    for key, person in keyed:
        blocks[key][person.pk] = person
    return blocks


def standing_between(pairs):
    keys = {person.pk for pair in pairs for person in pair}
    if not keys:
        return []
    return Guardianship.objects.filter(adult__in=keys, child__in=keys).values_list("adult", "child")
