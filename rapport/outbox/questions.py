"""Who can be reached, and where. A young person is written to only where nobody else reads."""

from collections import defaultdict

from django.db.models.functions import Lower

from rapport.core.days import first_day_on_earth
from rapport.core.months import day_in
from rapport.people.models import Consent, ContactPoint, Person, Restriction

NO_ADDRESS = "no address"
NO_PRIVATE_ADDRESS = "no private address"
REFUSED_MESSAGES = "does not want to be written to"
DOES_NOT_READ = "does not read what we write"


def reachable(people, *, program, at) -> dict:
    """By person id, the mail address to use, or "" for nobody can be written to. Three queries at most.

    Whoever does not read gets no written ask: somebody talks with them.
    """
    refused = refusing(people, program, at)
    places = addresses(people, program=program, at=at)
    spoken_with = refused | {person.pk for person in people if not person.reads_it}
    return {person.pk: "" if person.pk in spoken_with else places[person.pk].value for person in people}


class Nowhere:
    """No place to write to, and why."""

    value = ""

    def __init__(self, why):
        self.why = why


def addresses(people, *, program, at) -> dict:
    """By person id, the contact point to write to, or a Nowhere with the reason. Two queries at most."""
    young = children_among(people, program, at)
    points = defaultdict(list)
    wanted = ContactPoint.objects.working().mail().filter(person__in={person.pk for person in people})
    for point in wanted.in_order():
        points[point.person_id].append(point)
    return {person.pk: choose(points[person.pk], is_child=person.pk in young) for person in people}


def choose(points, *, is_child):
    if not points:
        return Nowhere(NO_ADDRESS)
    if not is_child:
        return points[0]
    return next((point for point in points if point.is_private), Nowhere(NO_PRIVATE_ADDRESS))


def children_among(people, program, at) -> set:
    """Ids of those who count as children here and now. One query, where somebody's birth date is missing."""
    young = {person.pk for person in people if is_child(person, program, at)}
    undated = {person.pk for person in people if person.born_on is None} & young
    grown = Person.objects.known_as_adults().filter(pk__in=undated) if undated else ()
    return young - {person.pk for person in grown}


def is_child(person, program, at) -> bool:
    """Whether this person counts as a child here and now; without a program, by the birth date alone, and anywhere on
    earth."""
    if program is None:
        return person.born_on is not None and not person.is_adult(first_day_on_earth(at))
    return person.counts_as_child(program, day_in(at, program.zone))


def refusing(people, program, at) -> set:
    """Ids of those whose last word, or whose guardian's, is that they are not to be written to; or has run out."""
    if program is None:
        return set()
    words = Consent.objects.refused(at).filter(program=program, purpose=Consent.Purpose.MESSAGES)
    return set(words.filter(person__in={person.pk for person in people}).values_list("person_id", flat=True))


def read_by_the_kept_away(places, at) -> set:
    """Of these (address, subject id) pairs, those where somebody kept away from the subject reads that address, too.

    One query. Whose it is makes no difference: a second guardian may share an inbox with the one kept away.
    """
    subjects = {subject for _address, subject in places}
    addresses = {address.lower() for address, _subject in places}
    live = Restriction.objects.live_at(at).filter(subject__in=subjects)
    known = live.annotate(address=Lower("kept_away__contact_points__value")).filter(address__in=addresses)
    barred = set(known.values_list("address", "subject_id"))
    return {place for place in places if (place[0].lower(), place[1]) in barred}


def kept_away(pairs, at) -> set:
    """Of these (reader id, subject id) pairs, those where the reader is kept away from the subject. One query."""
    readers, subjects = {reader for reader, _ in pairs}, {subject for _, subject in pairs}
    live = Restriction.objects.live_at(at).filter(kept_away__in=readers, subject__in=subjects)
    return set(live.values_list("kept_away_id", "subject_id")) & set(pairs)
