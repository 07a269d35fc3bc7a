"""The adults a list names as guardians: somebody we know, or somebody new."""

from django.db.models import Q

from rapport.people.models import ContactPoint, ExternalId, Guardianship, Person, Restriction


class Adults:
    """Those a batch of rows may mean, read in a handful of queries; whoever is added is remembered for the next rows.

    Somebody is known again by the other system's id, by an address or a number together with the name, or, of a child
    we know, by name among those who stand for it.
    """

    def __init__(self, newcomers, organization, *, children=(), on):
        self.organization, self.on = organization, on
        self.known: dict[tuple, Person] = {}
        self.ids = {
            (row.source, row.value): row.person
            for row in ExternalId.objects.filter(
                organization=organization, value__in={n.external_id for n in newcomers if n.external_id}
            ).select_related("person")
        }
        ways = {n.email for n in newcomers if n.email} | {n.phone for n in newcomers if n.phone}
        self.note_ways(ways)
        self.pairs: set[tuple] = set()
        standing = Guardianship.objects.filter(child__in={child.pk for child in children if child.pk})
        for one in standing.select_related("adult").prefetch_related("adult__former_names"):
            self.note_known_pair(one.adult, one.child_id)
        away = Restriction.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on))
        away = away.filter(subject__in={child.pk for child in children if child.pk}).select_related("kept_away")
        away = away.prefetch_related("kept_away__former_names")
        self.protected = {one.subject_id for one in away}
        for one in away:
            self.note_known_pair(one.kept_away, one.subject_id)

    def note_known_pair(self, adult, child_id):
        """A list never lets this adult stand for this child: they do, did, or are kept away. By name, too."""
        self.pairs.add((adult.pk, child_id))
        for one in (adult, *adult.former_names.all()):
            self.known.setdefault(("child", child_id, one.full_name.casefold()), adult)

    def note_ways(self, ways):
        """Who of the organization has these addresses and numbers."""
        points = ContactPoint.objects.filter(value__in=ways, person__organization=self.organization)
        points = points.select_related("person").prefetch_related("person__former_names").order_by("person_id")
        for point in points:
            for one in (point.person, *point.person.former_names.all()):
                self.known.setdefault(key_of(point.kind, point.value, one), point.person)

    def find(self, newcomer, child=None):
        """The person this newcomer is, or None. A child is never its own guardian, and no child is anybody's."""
        keys = [
            key_of("email", newcomer.email, newcomer) if newcomer.email else None,
            key_of("phone", newcomer.phone, newcomer) if newcomer.phone else None,
            ("child", child.pk, full_name(newcomer)) if child is not None and child.pk else None,
        ]
        by_id = self.ids.get((newcomer.source, newcomer.external_id)) if newcomer.external_id else None
        found = [by_id, *(self.known.get(key) for key in keys if key)]
        return next((person for person in found if person is not None and self.may_stand(person, child)), None)

    def may_stand(self, person, child):
        is_child = person.born_on and not person.is_adult(self.on)
        return person is not child and (person.pk is None or person != child) and not is_child

    def note_pair(self, adult, child):
        """Whether it is new that this adult stands for this child. What ended stays so: a list knows nothing of why.

        Nor does anybody new come by a list to stand for a child somebody is kept away from: it may be that very person,
        spelled otherwise. A person who knows of the restriction says so by hand.
        """
        pair = (adult.pk or id(adult), child.pk or id(child))
        is_new = pair not in self.pairs and child.pk not in self.protected
        self.pairs.add(pair)
        return is_new

    def found_or_new(self, newcomer, child=None, *, at):
        """The person this newcomer is; somebody new is unsaved, with `ways` to reach them."""
        person = self.find(newcomer, child)
        if person is None:
            person = Person(
                organization=self.organization,
                given_name=newcomer.given_name,
                family_name=newcomer.family_name,
                language=newcomer.language or "en",
                added_at=at,
            )
            ways = (("email", newcomer.email), ("phone", newcomer.phone))
            person.ways = [(kind, way) for kind, way in ways if way]
            for kind, way in person.ways:
                self.known.setdefault(key_of(kind, way, newcomer), person)
        self.note_id(newcomer, person)
        return person

    def note_id(self, newcomer, person):
        """Remember what the other system calls them; what is not known yet is written with the person."""
        key = (newcomer.source, newcomer.external_id)
        if newcomer.external_id and key not in self.ids:
            self.ids[key] = person
            new = ExternalId(person=person, organization=self.organization, source=key[0], value=key[1])
            person.new_ids = [*getattr(person, "new_ids", []), new]


def key_of(kind, value, who):
    """An address tells people of one family apart by the first name, a number by the whole name."""
    return (kind, value.lower(), full_name(who) if kind != "email" else who.given_name.casefold())


def full_name(who):
    return f"{who.given_name} {who.family_name}".strip().casefold()
