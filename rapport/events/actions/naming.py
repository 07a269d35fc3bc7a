"""Letting somebody lead who stands by name among the named roles of a program, and has no sign-in."""

from django.db import transaction

from rapport.events.models import NamedLead
from rapport.people.actions import add_person
from rapport.programs.models import Holder


@transaction.atomic
def lead_named(holder, *, by, at):
    """The person behind a name of the named roles: made when they are first chosen to lead, and found again since.

    Named twice, at two sites for one, they are one human being.
    """
    Holder.objects.select_for_update(of=("self",)).get(pk=holder.pk)
    same = NamedLead.objects.filter(program=holder.program_id, holder__name__iexact=holder.name)
    known = {row.holder_id: row.person for row in same.select_related("person").order_by("pk")}
    person = known.get(holder.pk) or next(iter(known.values()), None) or person_of(holder, by=by, at=at)
    if holder.pk not in known:
        NamedLead.objects.create(program=holder.program, holder=holder, person=person)
    return person


def person_of(holder, *, by, at):
    given, _space, family = holder.name.partition(" ")
    house = holder.program.organization
    return add_person(organization=house, given_name=given, family_name=family.strip(), by=by, at=at)
