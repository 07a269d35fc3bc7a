"""Putting two records together that are one human being. Somebody says so; nothing is put together by itself."""

import hashlib

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.actions import record, record_many
from rapport.audit.models import Event
from rapport.core.joining import AFTERWARDS
from rapport.core.pointing import points_at_nothing
from rapport.core.refused import Refused
from rapport.people.actions.guarding import as_it_stands
from rapport.people.actions.joining import keep_ref, lead_over
from rapport.people.actions.settling import tell_of_guardianships
from rapport.people.joining import objections
from rapport.people.models import (
    UNORDERED,
    Consent,
    ContactPoint,
    ExternalId,
    FormerName,
    Guardianship,
    Likeness,
    Participant,
    Person,
)
from rapport.people.sharing import who_else_has

TAKEN = {"name": ("given_name", "family_name"), "born_on": ("born_on",), "language": ("language",)}


class AlreadyOne(Refused):
    """One of them is no record any more."""

    sentence = lazy("Somebody put one of these two together with somebody a moment ago. Look for them again.")


class OtherwiseNow(Refused):
    """Something about them changed after the page was opened."""

    sentence = lazy("Something about these two changed a moment ago. Look at both again before you press.")


class KeptTwo(Refused):
    """Something keeps them apart; `reasons` says what."""

    sentence = lazy("These two cannot be put together.")

    def __init__(self, record, reasons):
        super().__init__(record)
        self.reasons = [str(reason) for reason in reasons]
        self.sentence = " ".join(self.reasons)


def as_they_stand(kept, other):
    """All that somebody looks at before they say that two are one, in one word: what changed since is seen again."""
    people = Q(person__in=[kept, other])
    told = [(kept.ref, other.ref)]
    told += [(one.given_name, one.family_name, one.born_on, one.language, one.user_id) for one in (kept, other)]
    told += Participant.objects.filter(people).order_by("pk").values_list("pk", "person", "site", "left_at")
    told += ContactPoint.objects.filter(people).order_by("pk").values_list("pk", "person", "kind", "value")
    told += ExternalId.objects.filter(people).order_by("pk").values_list("pk", "person")
    family = Guardianship.objects.filter(Q(adult__in=[kept, other]) | Q(child__in=[kept, other])).order_by("pk")
    told += [(one.pk, one.adult_id, one.child_id, as_it_stands(one)) for one in family]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def put_together(kept, other, *, takes=(), sites=None, seen="", by, at):
    """Make two records of one human being one. `kept` stays; the other is gone, and its addresses lead on.

    `takes`: what the kept record takes from the other where they differ, of "name", "born_on" and "language".
    `sites`: {program id: site}, where both take part in it. `seen`: `as_they_stand` when the page was opened.
    Raises AlreadyOne, OtherwiseNow, KeptTwo.
    """
    try:
        return in_one(kept, other, takes, sites or {}, seen, by, at)
    except IntegrityError as error:
        if not isinstance(error, ProtectedError) and not points_at_nothing(error):
            raise
        raise OtherwiseNow(kept) from error  # somebody wrote about the one that goes in this very moment


@transaction.atomic
def in_one(kept, other, takes, sites, seen, by, at):
    rows = Person.objects.select_for_update().filter(pk__in=[kept.pk, other.pk]).order_by("pk")
    there = {person.pk: person for person in rows}
    if len(there) != 2:
        raise AlreadyOne(kept)
    kept, other = there[kept.pk], there[other.pk]
    if seen and seen != as_they_stand(kept, other):
        raise OtherwiseNow(kept)
    if reasons := objections(kept, other, by=by, at=at):
        raise KeptTwo(kept, reasons)
    join(kept, other, takes, sites, by, at)
    for follow in AFTERWARDS:
        follow(kept, by=by, at=at)
    return kept


def join(kept, other, takes, sites, by, at):
    families = Guardianship.objects.filter(Q(adult__in=[kept, other]) | Q(child__in=[kept, other]))
    tell_of_guardianships(list(families), by=by, at=at, put_together=[kept.pk, other.pk])
    words, both = last_words(kept, other, at), ways_of_both(kept, other)
    part(kept, other)
    in_kept_order(kept, other)
    join_likenesses(kept, other)
    lead_over(other, kept, at=at)
    take_over(kept, other, takes, at)
    for program, site in sites.items():
        Participant.objects.filter(person=kept, program=program, program__sites=site).update(site=site)
    let_a_no_hold(kept, other, words, by, at)
    work_out_ways(kept, both)
    facts = {"other": other.pk, "other_ref": other.ref, "took": sorted(takes)}
    record("person.put-together", about=kept, by=by, at=at, **facts)
    record_many("person.put-together", about=list(kept.participations.order_by("pk")), by=by, at=at, **facts)


def part(kept, other):
    """One sign-in goes over; whoever has it goes on with it."""
    if other.user_id:
        Person.objects.filter(pk=other.pk).update(user=None)
        Person.objects.filter(pk=kept.pk, user=None).update(user=other.user_id)


def take_over(kept, other, takes, at):
    """The values that stay; the other's name and birth date are kept as what lists may still call them."""
    fields = [name for what in takes for name in TAKEN[what]]
    if kept.born_on is None:
        fields.append("born_on")
    old = {name: getattr(kept, name) for name in ("given_name", "family_name", "born_on")}
    facts = {name: getattr(other, name) for name in fields}
    names = {**old, **facts}
    for one in (kept, other):
        was = {name: getattr(one, name) for name in names if name in old}
        if was != {name: names[name] for name in old}:
            FormerName.objects.create(person=kept, left_at=at, **was)
    facts |= {"reads_it": kept.reads_it and other.reads_it, "added_at": min(kept.added_at, other.added_at)}
    keep_ref(other, kept, at=at)
    gone, _each = Person.objects.filter(pk=other.pk).delete()
    if gone != 1:
        raise AlreadyOne(kept)
    Person.objects.filter(pk=kept.pk).update(**facts)
    kept.refresh_from_db()


def join_likenesses(kept, other):
    """Whoever looked like one of them looks like the one they are. Who was told apart from one is told apart."""
    both = [kept.pk, other.pk]
    Likeness.objects.filter(first__in=both, second__in=both).delete()
    known = {}
    for row in Likeness.objects.filter(Q(first__in=both) | Q(second__in=both)).order_by("pk"):
        third = row.second_id if row.first_id in both else row.first_id
        before = known.setdefault(third, row)
        if before is not row:
            gone, stays = (before, row) if row.apart_at and not before.apart_at else (row, before)
            known[third] = stays
            Likeness.objects.filter(pk=gone.pk).delete()


# What each of them said


def last_words(kept, other, at):
    """{(program, about, purpose, by, as a guardian): [last words that count]} of both records, as if they were one."""
    both, found = {kept.pk, other.pk}, {}
    rows = Consent.objects.filter(Q(person__in=both) | Q(given_by__in=both)).last_counted(at)
    for row in rows.order_by("given_at", "pk"):
        about, giver = (kept.pk if pk in both else pk for pk in (row.person_id, row.given_by_id))
        found.setdefault((row.program_id, about, row.purpose, giver, row.as_guardian), []).append(row)
    return found


def let_a_no_hold(kept, other, words, by, at):
    """Where one record said no and the other, later, yes, the no is written anew: it holds until they say anew."""
    new = [
        Consent(
            program_id=program, person_id=about, given_by_id=giver, purpose=purpose, is_given=False,
            as_guardian=as_guardian, text_version=no.text_version, language=no.language, recorded_by=by, given_at=at,
            evidence=_("Two records of one person said yes and no: the no holds until they say anew."),
        )
        for (program, about, purpose, giver, as_guardian), said in words.items()
        if said[-1].is_given and (no := next((one for one in reversed(said) if not one.is_given), None))
    ]  # fmt: skip
    Consent.objects.bulk_create(new)
    record_many("consent.refused", about=new, by=by, at=at, put_together=True)


# How to reach them


def ways_of_both(kept, other):
    """Addresses and numbers that both records have, whatever their case."""
    mine, theirs = (
        {(way.kind, way.value.casefold()) for way in person.contact_points.all()} for person in (kept, other)
    )
    return mine & theirs


def work_out_ways(kept, both):
    """What only the second record made shared is private again, where nobody else has it and nobody spoke of it."""
    parts = Participant.objects.filter(Q(person=kept) | Q(person__guardians__adult=kept)).values("pk")
    spoken = Event.objects.filter(verb__startswith="contact.", about_type="people.participant", about_id__in=parts)
    ways = ContactPoint.objects.filter(person=kept, is_private=False, said_at=None, kind__in=ContactPoint.FOUND_OUT)
    ways = [way for way in ways if (way.kind, way.value.casefold()) in both]
    others = who_else_has(ways) if ways and not spoken.exists() else {}
    free = [way.pk for way, known in others.items() if not known]
    ContactPoint.objects.filter(pk__in=free).update(is_private=True)


def in_kept_order(kept, other):
    """Where somebody said which way the kept record likes best, that holds for both."""
    if ContactPoint.objects.filter(person=kept).exclude(rank=UNORDERED).exists():
        ContactPoint.objects.filter(person=other).update(rank=UNORDERED)
