"""Who may read of something people do together: the families of children, and never who is kept away from somebody
in it."""

from collections import defaultdict

from rapport.core.months import day_in
from rapport.onboarding.questions import consenting_guardians
from rapport.people.models import Guardianship, Person, Restriction


def families_of(people, program, at):
    """{child (key): adults who are told about them and kept away from nobody of theirs}, of those who are children."""
    on = day_in(at, program.zone)
    young = {one.pk for one in people if one.counts_as_child(program, on)}
    rows = Guardianship.objects.living(on).told().filter(child__in=young).select_related("adult").order_by("pk")
    away = set(Restriction.objects.live_at(at).filter(subject__in=young).values_list("kept_away", "subject"))
    found = defaultdict(list)
    for row in rows:
        if (row.adult_id, row.child_id) not in away and row.adult not in found[row.child_id]:
            found[row.child_id].append(row.adult)
    return found


def kept_away(those_in, at):
    """{thing: persons (keys) who are kept away from somebody in it}, of (thing, person in it) keys, in one query."""
    those_in, away = list(those_in), defaultdict(set)
    rows = Restriction.objects.live_at(at).filter(subject__in={person for _thing, person in those_in})
    for barred, subject in rows.values_list("kept_away", "subject"):
        away[subject].add(barred)
    found = defaultdict(set)
    for thing, person in those_in:
        found[thing] |= away[person]
    return found


def alike(person):
    """Everybody of that name: a school names its own people, and may not know who else they are in the house."""
    named = {"given_name__iexact": person.given_name, "family_name__iexact": person.family_name}
    return Person.objects.filter(**named, organization=person.organization_id)


def apart_from(people, at) -> set:
    """Whom anyone of these people is kept away from: their keys."""
    return set(Restriction.objects.live_at(at).filter(kept_away__in=people).values_list("subject", flat=True))


def protected_since(people, at):
    """{person (key): when it was last written down} of those who are protected from somebody."""
    rows = Restriction.objects.live_at(at).filter(subject__in=people).order_by("recorded_at")
    return dict(rows.values_list("subject", "recorded_at"))


def may_say_yes(one, person, at):
    """Of a participant who is a child a guardian says yes who may give permission; anybody else says it themselves."""
    on = day_in(at, one.program.zone)
    if one.person.counts_as_child(one.program, on):
        return consenting_guardians(one, on).filter(pk=person.pk).exists()
    return one.person_id == person.pk
