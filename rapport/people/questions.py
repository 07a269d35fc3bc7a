"""Who may speak for a child, who said no to what, who is of a family, and who may interpret for it."""

from django.db.models import Q

from rapport.core.months import day_in
from rapport.people.models import Consent, Guardianship, Participant, Person, Restriction


def may_speak_for(adult, child, on) -> bool:
    """Whether this adult stands for the child on that day, may consent, and is not kept away from them."""
    guardianship = Guardianship.objects.filter(adult=adult, child=child, consents=True).select_related("child").first()
    away = Restriction.objects.live(on).filter(kept_away=adult, subject=child)
    return guardianship is not None and guardianship.is_living(on) and not away.exists()


def refused(purpose, people, *, program, at) -> set:
    """Ids of those of these people (ids) about whom a last word on this purpose is no, or a yes that ran out: their
    own, or a guardian's."""
    words = Consent.objects.refused(at).filter(program=program, purpose=purpose, person__in=set(people))
    return set(words.values_list("person_id", flat=True))


def children_of_the_family(person):
    """The children this person stands for or is, with their brothers and sisters: whatever their age, and for good."""
    own = Guardianship.objects.filter(Q(adult=person) | Q(child=person)).values("child")
    adults = Guardianship.objects.filter(child__in=own).values("adult")
    return Person.objects.filter(guardians__adult__in=adults).distinct()


def is_no_interpreter(name, person, program, at) -> bool:
    """Whether this is the name of somebody who never interprets for that person: themselves, a child of the family,
    a child who takes part here, or somebody kept away from one of them."""
    family = list(children_of_the_family(person))
    if called(name, [person, *family]):
        return True
    on = day_in(at, program.zone)
    here = Participant.objects.filter(program=program, person__given_name__iexact=name.split()[0]) if name else ()
    young = [one.person for one in here.select_related("person") if one.person.counts_as_child(program, on)]
    near = [one.pk for one in [person, *family]]
    away = Restriction.objects.live_at(at).filter(subject__in=near).select_related("kept_away")
    return called(name, young, in_full=True) or called(name, [row.kept_away for row in away], in_full=True)


def called(name, people, *, in_full=False) -> bool:
    """Whether one of these goes by that name; in full, or by the first alone as one says it in a family."""
    said = " ".join(name.casefold().split())
    names = {one.full_name.casefold() for one in people}
    return said in names or (not in_full and said in {one.given_name.casefold() for one in people})
