"""The people a reader may put together with somebody: who takes part here, and who stands for a child who does."""

from django.db.models import Q

from rapport.access.rights import Right
from rapport.people.models import OldRef, Participant, Person, kept_from
from rapport.people.scopes import close_to


def taking_part(user, program, at):
    """Those who take or took part here and whom this reader may change and reach."""
    here = Participant.objects.filter(program=program).exclude(person__in=close_to(user))
    reached = here.visible_to(user, Right.CONTACT_VIEW, at).values("pk")
    return here.visible_to(user, Right.PARTICIPANT_EDIT, at).filter(pk__in=reached)


def people_of(user, program, at):
    """Them, and who stands for them. Nobody themselves, their children, or whom they are kept away from."""
    seen = taking_part(user, program, at).values("person")
    people = Person.objects.filter(Q(pk__in=seen) | Q(children__child__in=seen)).exclude(user=user)
    return people.exclude(pk__in=close_to(user)).exclude(pk__in=kept_from(user, at)).distinct()


def page_of(person, user, program, at):
    """Where a person can be looked at here: their own page, or that of a child they stand for."""
    seen = taking_part(user, program, at).select_related("program")
    own = seen.filter(person=person).order_by("left_at", "pk").first()
    return own or seen.filter(person__guardians__adult=person).order_by("pk").first()


def now_called(refs):
    """Those of these old addresses that lead on, each with the person they lead to."""
    old = OldRef.objects.filter(ref__in=refs, about_type__app_label="people", about_type__model="person")
    people = Person.objects.in_bulk([one.about_id for one in old])
    return {one.ref: people[one.about_id] for one in old if one.about_id in people}


def twice_here(kept, other):
    """(participation of the kept record, of the other) where both take part in one program on one side."""
    rows = Participant.objects.filter(person__in=[kept, other]).select_related("program", "site").order_by("pk")
    places = {(row.person_id, row.program_id, row.side): row for row in rows}
    mine = [(row, places.get((other.pk, row.program_id, row.side))) for row in rows if row.person_id == kept.pk]
    return [(row, twin) for row, twin in mine if twin]
