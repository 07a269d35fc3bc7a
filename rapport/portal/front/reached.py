"""Whose page somebody's own page is: themselves, and children they stand for, as long as they are told of them."""

from django.db.models import Exists, OuterRef, Q

from rapport.core.months import day_in
from rapport.people.models import Guardianship, Participant, Restriction


def reached_by(person, at):
    """The participants somebody's own page is about, whether they sign in or not: themselves, and children they are
    told of and not kept away from."""
    away = Restriction.objects.live_at(at).filter(kept_away=person).values("subject")
    living = Guardianship.objects.living_in(OuterRef("program__time_zone"), at).told()
    theirs = Q(person=person) | Q(Exists(living.filter(adult=person, child=OuterRef("person"))))
    few = [person.pk, *told_of(person, at)]  # told by name, for else each participant of the house is asked
    rows = Participant.objects.active().filter(theirs, person__in=few, program__archived_at=None)
    rows = rows.exclude(person__in=away)
    return rows.select_related("person", "program", "site").order_by("program__name", "person__given_name", "pk")


def own_and_children(person, rows, at):
    """Of these participants, (those who are the person, the children they are told of on this very day)."""
    told = told_of(person, at)
    own = [row for row in rows if person and row.person_id == person.pk]
    return own, [row for row in rows if row not in own and is_told(row, told, at)]


def told_of(adult, at):
    """Children this adult is told about, each with the guardianship that says so."""
    rows = Guardianship.objects.living_somewhere(at).told().filter(adult=adult).select_related("child")
    return {row.child_id: row for row in rows}


def is_told(row, told, at):
    """Whether the guardianship still lives on this very day where the program is."""
    guardianship = told.get(row.person_id)
    return guardianship is not None and guardianship.is_living(day_in(at, row.program.zone))
