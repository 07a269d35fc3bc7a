"""Who a row of a list is: somebody we know, somebody new, or a row that cannot be right."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from django.db.models import Model
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from rapport.people.families import Adults
from rapport.people.models import ContactPoint, ExternalId, FormerName, Guardianship, OldRef, Participant, Person


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BAD = "bad"


@dataclass
class Newcomer:
    """One row of a list, cleaned: what it says about one person. Empty means that the list does not say."""

    given_name: str
    family_name: str = ""
    email: str = ""
    phone: str = ""
    born_on: date | None = None
    language: str = ""
    external_id: str = ""
    source: str = ""
    site: str = ""
    capacity: int | None = None
    would_be_both: bool | None = None
    traits: dict = field(default_factory=dict)
    relation: str = ""
    guardians: list = field(default_factory=list)  # newcomers themselves, with their relation to this one
    passed_over: str = ""
    same_as: str = ""  # the ref of whom a person took this row for
    not_same: list = field(default_factory=list)  # refs of those a person told apart from this row


@dataclass
class Planned:
    """What one row would do, and the records it touches (unsaved where new)."""

    newcomer: Newcomer
    outcome: Outcome = Outcome.UNCHANGED
    column: str = ""
    reason: str = ""
    person: Person | None = None
    participant: Participant | None = None
    contact_points: list[ContactPoint] = field(default_factory=list)
    external_id: ExternalId | None = None
    changed_fields: set[str] = field(default_factory=set)
    guardianships: list[Guardianship] = field(default_factory=list)
    adults: list[Person] = field(default_factory=list)  # whom the row names as guardians, known before or not
    was: dict = field(default_factory=dict)  # field: what it was and what it is now
    made: list = field(default_factory=list)  # what was not there before, once it is written
    made_shared: list = field(default_factory=list)  # ways to reach somebody that were private until then
    former_name: FormerName | None = None  # how the row calls somebody a person took it for

    def bad(self, column, reason):
        self.outcome, self.column, self.reason = Outcome.BAD, column, reason


class Known:
    """Those a batch of rows may be about, read in a handful of queries however many rows there are."""

    def __init__(self, newcomers, *, program, side):
        organization = program.organization
        ids = {n.external_id for n in newcomers if n.external_id}
        sources = {n.source for n in newcomers if n.external_id}
        self.by_id = {
            (row.source, row.value): row.person
            for row in ExternalId.objects.filter(
                organization=organization, source__in=sources, value__in=ids
            ).select_related("person")
        }
        self.by_email = by_address(organization, {n.email for n in newcomers if n.email})
        self.by_ref = taken_for({n.same_as for n in newcomers if n.same_as}, organization)
        people = [*self.by_id.values(), *(p for some in self.by_email.values() for p in some), *self.by_ref.values()]
        self.former = former_names(people)
        self.points = {
            (point.person_id, point.kind, point.value.lower())
            for point in ContactPoint.objects.filter(person__in={p.pk for p in people})
        }
        self.participants = {
            one.person_id: one
            for one in Participant.objects.filter(program=program, side=side, person__in={p.pk for p in people})
        }
        self.sites = {site.name.casefold(): site for site in program.sites.all()}


def taken_for(refs, organization):
    """People by ref, also by one that leads on to them."""
    people = Person.objects.filter(organization=organization)
    found = {person.ref: person for person in people.filter(ref__in=refs)} if refs else {}
    if missing := refs - set(found):
        old = OldRef.objects.filter(ref__in=missing, about_type__model="person").values_list("ref", "about_id")
        now = people.in_bulk([pk for _ref, pk in old])
        found |= {ref: now[pk] for ref, pk in old if pk in now}
    return found


def former_names(people):
    """{person id: what they were called before they were put together with another record of themselves}."""
    found: dict[int, list[FormerName]] = {}
    for was in FormerName.objects.filter(person__in={person.pk for person in people}):
        found.setdefault(was.person_id, []).append(was)
    return found


def by_address(organization, addresses):
    """People of the organization by e-mail address, whatever its case."""
    points = (
        ContactPoint.objects.annotate(address=Lower("value"))
        .filter(kind=ContactPoint.Kind.EMAIL, address__in=addresses, person__organization=organization)
        .select_related("person")
        .order_by("person_id")
    )
    found: dict[str, list[Person]] = {}
    for point in points:
        found.setdefault(point.address, []).append(point.person)
    return found


def plan(newcomers, *, program, side, at):
    """What each row would do, in order. Writes nothing. A handful of queries for the whole batch."""
    known = Known(newcomers, program=program, side=side)
    rows = [plan_one(newcomer, known, program=program, side=side, at=at) for newcomer in newcomers]
    plan_guardians([row for row in rows if row.newcomer.guardians and row.outcome != Outcome.BAD], program, at)
    return rows


def plan_guardians(rows, program, at):
    """Who stands for the children of these rows, where that is not known yet. A handful of queries."""
    if not rows:
        return
    today = at.astimezone(program.zone).date()
    named = [guardian for row in rows for guardian in row.newcomer.guardians]
    adults = Adults(named, program.organization, children=[row.person for row in rows], on=today)
    for row in rows:
        for said in row.newcomer.guardians:
            adult = adults.found_or_new(said, row.person, at=at)
            row.adults.append(adult)
            if adults.note_pair(adult, row.person):
                one = Guardianship(adult=adult, child=row.person, relation=said.relation, starts_on=today)
                row.guardianships.append(one)
        if row.guardianships and row.outcome == Outcome.UNCHANGED:
            row.outcome = Outcome.CHANGED


def plan_one(newcomer, known, *, program, side, at):
    row = Planned(newcomer, reason=newcomer.passed_over)
    person = whose(row, known)
    if row.outcome == Outcome.BAD:
        return row
    site = known.sites.get(newcomer.site.casefold()) if newcomer.site else None
    if newcomer.site and site is None:
        row.bad("site", _("There is no site %(site)s in this program.") % {"site": newcomer.site})
        return row
    row.person = person or Person(organization=program.organization, given_name="", added_at=at)
    row.participant = (person and known.participants.get(person.pk)) or Participant(
        program=program, person=row.person, side=side, joined_at=at
    )
    fill(row, known, site)
    row.outcome = outcome_of(row)
    if is_somebody_else(row):
        row.bad("", _("This id is known as somebody else's: the first name, family name and birth date are others."))
    return row


def is_somebody_else(row):
    """Whether the other system gave an id to another person: one who keeps neither name nor birth date."""
    facts = ("person.given_name", "person.family_name", "person.born_on")
    return all(row.was.get(name, [None])[0] for name in facts)


def whose(row, known):
    """The person a row is about: by the other system's id first, then by e-mail address; None for somebody new."""
    newcomer = row.newcomer
    if newcomer.same_as:
        if newcomer.same_as not in known.by_ref:
            row.bad("", _("Whom this row was taken for is not here any more. Look at it again."))
        return known.by_ref.get(newcomer.same_as)
    by_id = known.by_id.get((newcomer.source, newcomer.external_id)) if newcomer.external_id else None
    if by_id:
        return by_id
    same = known.by_email.get(newcomer.email, [])
    namesakes = [person for person in same if goes_by(person, newcomer, known.former)]
    if namesakes:
        return namesakes[0]
    if same and not any(is_of_one_family(person, newcomer) for person in same):
        row.bad("email", _("This address is known under another name. Correct the row, or leave its address out."))
    return None


def goes_by(person, newcomer, former):
    """Whether this person is the one a row with their address names: the first name decides, for families share one."""
    names = [person, *former.get(person.pk, ())]
    return any(one.given_name.casefold() == newcomer.given_name.casefold() for one in names)


def is_of_one_family(person, newcomer):
    return bool(newcomer.family_name) and person.family_name.casefold() == newcomer.family_name.casefold()


def fill(row, known, site):
    """Carry what the row says into its records, noting what changes. What the list leaves empty stays as it was."""
    said = row.newcomer
    if said.same_as:
        said = keep_their_name(row, known.former.get(row.person.pk, ()))
    carry(row, row.person, **names_said(said, known.former.get(row.person.pk, ())))
    carry(row, row.person, language=said.language)
    carry(row, row.participant, site=site, capacity=said.capacity, would_be_both=said.would_be_both)
    carry(row, row.participant, traits={**row.participant.traits, **said.traits})
    for kind, value in (("email", said.email), ("phone", said.phone)):
        if value and (row.person.pk, kind, value.lower()) not in known.points:
            row.contact_points.append(ContactPoint(person=row.person, kind=kind, value=value))
    if said.external_id and (said.source, said.external_id) not in known.by_id:
        row.external_id = ExternalId(
            person=row.person, organization=row.person.organization, source=said.source, value=said.external_id
        )


def keep_their_name(row, former):
    """What the row says without the name and birth date of somebody we know. That it calls them so is kept, so that
    the same list finds them again."""
    said, person = row.newcomer, row.person
    now = (said.given_name, said.family_name, said.born_on)
    known = [(one.given_name, one.family_name, one.born_on) for one in (person, *former)]
    if now not in known:
        facts = {"given_name": said.given_name, "family_name": said.family_name, "born_on": said.born_on}
        row.former_name = FormerName(person=person, left_at=row.participant.joined_at, **facts)
        row.changed_fields.add("former_name")
    return replace(said, given_name="", family_name="", born_on=None if person.born_on else said.born_on)


def names_said(said, former):
    """Name and birth date of a row. What a former record of them was called is no news: a person chose what stays."""
    names = {"given_name": said.given_name, "family_name": said.family_name}
    if any((one.given_name, one.family_name) == (said.given_name, said.family_name) for one in former):
        names = {}
    return names if any(one.born_on == said.born_on for one in former) else {**names, "born_on": said.born_on}


def carry(row, record, **values):
    for name, value in values.items():
        if value not in (None, "") and getattr(record, name) != value:
            row.was[f"{record._meta.model_name}.{name}"] = [plain(getattr(record, name)), plain(value)]
            setattr(record, name, value)
            row.changed_fields.add(f"{record._meta.model_name}.{name}")


def plain(value):
    """A value as it can be kept in a row's memory of what it changed."""
    return value.isoformat() if isinstance(value, date) else value.pk if isinstance(value, Model) else value


def outcome_of(row):
    if row.participant.pk is None:
        return Outcome.NEW
    changed = row.changed_fields or row.contact_points or row.external_id
    return Outcome.CHANGED if changed else Outcome.UNCHANGED


def guardianships_between(pairs):
    """Those of these (adult, child) pairs that stand already, in one query."""
    children = {child.pk for _, child in pairs}
    found = Guardianship.objects.filter(child__in=children)
    return {(one.adult_id, one.child_id) for one in found}
