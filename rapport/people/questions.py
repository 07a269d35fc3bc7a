"""Who may speak for a child, who said no to what, who is of a family, and who may interpret for it."""

from dataclasses import dataclass

from django.db.models import F, Q

from rapport.core.months import day_in
from rapport.people.likeness import folded, in_order
from rapport.people.models import Consent, Guardianship, Participant, Person, Restriction
from rapport.people.names import begin_with

Purpose = Consent.Purpose


def may_speak_for(adult, child, on) -> bool:
    """Whether this adult stands for the child on that day, may consent, and is not kept away from them."""
    guardianship = Guardianship.objects.filter(adult=adult, child=child, consents=True).select_related("child").first()
    away = Restriction.objects.live(on).filter(kept_away=adult, subject=child)
    return guardianship is not None and guardianship.is_living(on) and not away.exists()


def are_or_stand_for(participants, on, *, among=None):
    """The condition on people of being one of these participants, or a living guardian of one. `among`: the few it is
    asked of, where they are known: found as one set, for of two each person of the house is asked."""
    living = Guardianship.objects.living(on).filter(child__in=participants.values("person"))
    if among is None:
        return Q(pk__in=participants.values("person")) | Q(pk__in=living.values("adult"))
    they = participants.filter(person__in=among).values("person")
    return Q(pk__in=they.union(living.filter(adult__in=among).values("adult")))


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
    a child who takes part here, or somebody kept away from one of them or from a grown-up of the family."""
    family = list(children_of_the_family(person))
    if called(name, [person, *family]):
        return True
    on = day_in(at, program.zone)
    first = (name.split() or [""])[0]
    here = Participant.objects.filter(begin_with(first, of="person__"), program=program)
    young = [one.person for one in here.select_related("person") if one.person.counts_as_child(program, on)]
    near = {one.pk for one in [person, *family]}
    near |= set(Guardianship.objects.filter(child__in=near).values_list("adult", flat=True))
    away = Restriction.objects.live_at(at).filter(subject__in=near).select_related("kept_away")
    return called(name, young, in_full=True) or called(name, [row.kept_away for row in away], in_full=True)


def is_of_the_family(name, person) -> bool:
    """Whether this is the full name of a grown-up who stands, or stood, for a child of this person's family."""
    adults = Guardianship.objects.filter(child__in=children_of_the_family(person)).select_related("adult")
    return called(name, [row.adult for row in adults], in_full=True)


def called(name, people, *, in_full=False) -> bool:
    """Whether one of these goes by that name, in whatever order and however accented; in full, or by the first alone
    as one says it in a family."""
    said = folded(name)
    in_any_order = " ".join(sorted(said.split()))
    is_so = any(in_order(one) == in_any_order for one in people)
    return is_so or (not in_full and any(folded(one.given_name) == said for one in people))


@dataclass(frozen=True)
class MayShare:
    """How far what somebody told us may go. Nothing said: with the staff, and no further (requirements 4.12)."""

    tell_partner: bool = False
    in_reports: bool = False
    publish: bool = False


@dataclass(frozen=True)
class Spoken:
    """Last words on how far what people say may go, by keys of persons; `guardians`: (child, adult) who may consent."""

    noes: set
    yeses: dict  # {(person, purpose): those who said yes}
    guardians: set

    def own(self, person, purpose):
        return person in self.yeses.get((person, purpose), ())

    def of_guardian(self, person, purpose):
        return any((person, giver) in self.guardians for giver in self.yeses.get((person, purpose), ()))

    def allows(self, person, purpose, is_child):
        """Whether it may go so far. A no holds; who must say yes differs by purpose, and for a child."""
        own, guardian = self.own(person, purpose), is_child and self.of_guardian(person, purpose)
        yes = {
            Purpose.TELL_PARTNER: own,
            Purpose.RESEARCH: own or guardian,
            Purpose.PUBLISH: own and (guardian or not is_child),
        }
        return yes[purpose] and (person, purpose) not in self.noes


def may_share(people, *, program, at) -> dict:
    """{person id: MayShare} by their last words at that moment: a yes taken back counts at once, everywhere.

    A no of theirs, or of a guardian, holds for each. They say their own yes to telling the one they meet and to
    publishing; for a report without names a guardian's yes does for a child. To publish something of a child a guardian
    who may consent says yes, too. Four queries, however many people.
    """
    people, on = list(people), day_in(at, program.zone)
    spoken = spoken_of({one.pk for one in people}, program, on, at)
    young = {one.pk for one in people if one.counts_as_child(program, on)}
    return {
        one.pk: MayShare(*(spoken.allows(one.pk, purpose, one.pk in young) for purpose in Consent.OF_OWN_WORDS))
        for one in people
    }


def spoken_of(keys, program, on, at):
    words = Consent.objects.filter(
        program=program, person__in=keys, purpose__in=Consent.OF_OWN_WORDS, as_guardian=False
    )
    yeses: dict = {}
    for person, purpose, giver in words.valid(at).values_list("person", "purpose", "given_by"):
        yeses.setdefault((person, purpose), set()).add(giver)
    consenting = Guardianship.objects.living(on).filter(child__in=keys, consents=True)
    away = set(Restriction.objects.live_at(at).filter(subject__in=keys).values_list("subject", "kept_away"))
    guardians = set(consenting.values_list("child", "adult")) - away
    return Spoken(set(words.refused(at).values_list("person", "purpose")), yeses, guardians)


def may_share_as_guardians(people, *, program, at) -> dict:
    """{person id: MayShare} of what guardians tell us themselves, by their own last words: one query.

    Apart from what they may allow about a child, and from what they say where they take part as well. Whoever stands
    for a child is grown up, unless their birth date says otherwise: then nothing of theirs is published.
    """
    people, on = list(people), day_in(at, program.zone)
    words = Consent.objects.filter(
        program=program, person__in={one.pk for one in people}, given_by=F("person"), as_guardian=True
    )
    yeses = set(words.valid(at).values_list("person", "purpose"))

    def allowed(person):
        is_young = person.born_on is not None and not person.is_adult(on)
        yes = [(person.pk, purpose) in yeses for purpose in Consent.OF_OWN_WORDS]
        return MayShare(*yes[:2], publish=yes[2] and not is_young)

    return {person.pk: allowed(person) for person in people}
