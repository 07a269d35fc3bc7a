"""People who may be one: found among those of an address, a birth date or a name, never by comparing all with all."""

import unicodedata
from collections import defaultdict
from difflib import SequenceMatcher
from itertools import combinations

from django.db.models import Count, F, Q, TextField, Window
from django.db.models.functions import Cast, Concat, Lower, Substr

from rapport.people.models import ContactPoint, Guardianship, Likeness, Person

NEAR = 0.8  # of the letters of two names; what a slip of the pen leaves
CROWD = 20  # people of one address, one birth date or one name: a school's number tells nothing
WAYS = ("email", "text", "phone")
Why = Likeness.Why


def folded(text):
    """A name without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    signs = (sign if sign.isalpha() else " " for sign in plain if not unicodedata.combining(sign))
    return " ".join("".join(signs).split())


def are_near(one, other):
    """Whether two names are spelled nearly alike, in whatever order their words stand."""
    return are_spelled_near(in_order(one), in_order(other))


def in_order(person):
    return " ".join(sorted(folded(person.full_name).split()))


def are_spelled_near(first, second):
    letters = SequenceMatcher(None, first, second, autojunk=False)
    return first == second or min(letters.real_quick_ratio(), letters.quick_ratio()) >= NEAR <= letters.ratio()


def alike(people):
    """{(earlier, later): why} of these people and anybody of the organization, in a handful of queries.

    Those who stand for one another are two, and so are people of one address with names that are not alike.
    """
    found, names = {}, Names()
    for why, blocks in ((Why.WAY, by_way(people)), (Why.BORN, by_birth(people)), (Why.NAME, by_name(people))):
        for one, other in pairs_of(people, blocks):
            if (one, other) not in found and is_likely(why, one, other, names):
                found[one, other] = why
    families = {frozenset(pair) for pair in standing_between(found)}
    return {key: why for key, why in found.items() if frozenset(one.pk for one in key) not in families}


class Names(dict):
    """The names of people, folded once each."""

    def __missing__(self, person):
        return self.setdefault(person, in_order(person))


def pairs_of(people, blocks):
    """Each of these people with each other one of their blocks, once, the earlier first."""
    mine = {person.pk for person in people}
    pairs = {}
    for block in blocks.values():
        if 1 < len(block) <= CROWD:
            for one, other in combinations(sorted(block.values(), key=lambda person: person.pk), 2):
                if one.pk in mine or other.pk in mine:
                    pairs[one.pk, other.pk] = (one, other)
    return pairs.values()


def is_likely(why, one, other, names):
    """Whether two of one block may be one person: another birth date speaks against a name alone."""
    if why == Why.NAME:
        return not (one.born_on and other.born_on) and folded(one.full_name) == folded(other.full_name)
    return are_spelled_near(names[one], names[other])


def by_way(people):
    """People by address and number, where those who have it are few."""
    mine = ContactPoint.objects.filter(person__in=people).values_list("value", flat=True)
    points = ContactPoint.objects.filter(kind__in=WAYS, value__in=set(mine))
    few = points.values("value").annotate(n=Count("person", distinct=True)).filter(n__gt=1, n__lte=CROWD)
    shared = points.filter(value__in=[value for value, _n in few.values_list("value", "n")])
    shared = shared.filter(person__organization__in={one.organization_id for one in people})
    return blocks_of((point.value.casefold(), point.person) for point in shared.select_related("person"))


def by_birth(people):
    """People by their birth date and the first letter of a name, where those are few: the database counts them."""
    keys = {key for one in people if one.born_on for key in keys_of(one)}
    born = of(people).filter(born_on__in={one.born_on for one in people if one.born_on})
    day = Cast("born_on", TextField())
    found = []
    for name in ("given_name", "family_name"):
        rows = born.annotate(key=Concat(day, Lower(Substr(name, 1, 1)), output_field=TextField())).filter(key__in=keys)
        found += rows.annotate(n=Window(Count("pk"), partition_by="key")).filter(n__lte=CROWD)
    return blocks_of((one.key, one) for one in found)


def keys_of(person):
    """A birth date with how each name begins. Where a database folds A to Z alone, É stays apart from é."""
    begin = {name[:1] for name in (person.given_name, person.family_name) if name}
    return {f"{person.born_on}{sign}" for one in begin for sign in (one, one.lower(), folded(one))}


def by_name(people):
    """People called the same, where those are few: joined by the database, for lists share their names by thousands."""
    same = Q(
        organization__people__family_name=F("family_name"), organization__people__given_name=F("given_name")
    )  # fmt: skip
    mine = Person.objects.filter(same, pk__in=[one.pk for one in people])
    few = mine.values("pk").annotate(n=Count("organization__people")).filter(n__gt=1, n__lte=CROWD)
    keys = [pk for pk, _n in few.values_list("pk", "n")]
    namesakes = Person.objects.filter(same, pk__in=keys).values_list("organization__people", flat=True)
    return blocks_of((folded(one.full_name), one) for one in Person.objects.filter(pk__in=set(namesakes)))


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
