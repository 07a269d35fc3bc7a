"""Whom rows of a list that has not come in yet may be: found by the rules of `likeness`, before anybody new is made."""

from collections import defaultdict

from rapport.people.likeness import (
    CROWD,
    WAYS,
    Why,
    are_spelled_near,
    blocks_of,
    by_birth,
    folded,
    in_order,
    keys_of,
)
from rapport.people.models import ContactPoint, Person


def known_alike(newcomers, organization):
    """{place of a newcomer: {person: why}}: whom of those we know each may be, in a handful of queries."""
    rows = [unsaved(one, organization) for one in newcomers]
    found: dict[int, dict] = defaultdict(dict)
    names: dict[int, str] = {}
    for why, blocks, keys in (
        (Why.WAY, by_known_way(newcomers, organization), lambda one, _row: {one.email.lower(), one.phone} - {""}),
        (Why.BORN, born_alike(rows), lambda _one, row: keys_of(row) if row.born_on else ()),
        (Why.NAME, by_known_name(rows, organization), lambda _one, row: {folded(row.full_name)}),
    ):
        for place, (one, row) in enumerate(zip(newcomers, rows, strict=True)):
            for person in near(keys(one, row), blocks):
                if person not in found[place] and is_likely(why, row, person, names):
                    found[place][person] = why
    return {place: some for place, some in found.items() if some}


def unsaved(newcomer, organization):
    facts = {"given_name": newcomer.given_name, "family_name": newcomer.family_name, "born_on": newcomer.born_on}
    return Person(organization=organization, **facts)


def near(keys, blocks):
    """Those of these blocks, where they are few."""
    people = {pk: person for key in keys for pk, person in blocks.get(key, {}).items()}
    return people.values() if len(people) <= CROWD else ()


def is_likely(why, row, person, names):
    """As for two we know: a name alone tells nothing where two birth dates speak against it."""
    if why == Why.NAME:
        return not (row.born_on and person.born_on)
    if person.pk not in names:
        names[person.pk] = in_order(person)
    return are_spelled_near(in_order(row), names[person.pk])


def by_known_way(newcomers, organization):
    ways = {way for one in newcomers for way in (one.email.lower(), one.phone) if way}
    points = ContactPoint.objects.filter(kind__in=WAYS, value__in=ways, person__organization=organization)
    return blocks_of((point.value.casefold(), point.person) for point in points.select_related("person"))


def born_alike(rows):
    rows = [row for row in rows if row.born_on]
    return by_birth(rows) if rows else {}


def by_known_name(rows, organization):
    """People called so, found by family name; where a name is a crowd's, nobody."""
    wanted = {folded(row.full_name) for row in rows}
    people = Person.objects.filter(
        organization=organization, family_name__in={row.family_name for row in rows},
        given_name__in={row.given_name for row in rows},
    )  # fmt: skip
    return blocks_of((name, one) for one in people if (name := folded(one.full_name)) in wanted)
