"""Who has what a match asks of them, and who lacks what."""

from django.db.models import Exists, OuterRef, Q

from rapport.core.months import day_in
from rapport.onboarding.gatekeeping import FLOOR, HOURS, OF_A_CHILD, OF_A_FAMILY, Code, Gatebook
from rapport.onboarding.models import Decision, Gate
from rapport.people.models import Guardianship, Participant, Person, Restriction, grown_if_born_by
from rapport.programs.models import GateRule

HARD = GateRule.Weight.HARD


def missing_gates(participants, on, *, with_minor) -> dict[int, list[str]]:
    """What each of these lacks on that day among what must be met: {pk: [sentence]}, empty lists included."""
    participants = list(participants)
    book = Gatebook(participants)
    return {one.pk: book.lacking(one, on, with_minor=with_minor) for one in participants}


def ready(program, side, on):
    """Participants of this side who have all that must be met on that day, as one query.

    Whoever may meet a minor here is asked what a match with a minor asks: everybody, unless the program admits adults
    only.
    """
    there = Participant.objects.active().filter(program=program, side=side)
    return there.filter(has_all(program, side, on))


def held_back(program, at):
    """Of whom it was decided that this is not the place for them, or not yet: their keys, for rounds and queues."""
    return Decision.objects.holding_back(day_in(at, program.zone)).filter(program=program).values("participant")


def has_all(program, side, on):
    """The condition on a participant of this side of having all that must be met, looked up row by row."""
    condition = Q(pk__isnull=False)
    for code, who in asked_in(program, side, on).items():
        condition &= ~who | Exists(met(program, code, on).filter(participant=OuterRef("pk")))
    return condition


def consenting_guardians(participant, on):
    """The guardians who may give permission for this participant on that day."""
    return guardians_who(participant, on, consents=True)


def told_guardians(participant, on):
    """The guardians who hear how it goes with this participant, and are asked, on that day."""
    return guardians_who(participant, on, is_told=True)


def guardians_who(participant, on, **may):
    child = participant.person_id
    apart = Restriction.objects.live(on).filter(subject=child).values("kept_away")
    living = Guardianship.objects.living(on).filter(child=child, **may).exclude(adult__in=apart)
    return Person.objects.filter(pk__in=living.values("adult")).order_by("given_name", "pk")


def asked_in(program, side, on):
    """Each gate that must be met on this side: {code: of whom (a condition)}."""
    child, everybody = child_in(program, on), Q(pk__isnull=False)
    meets_minors = child if program.adults_only else everybody
    rules = {rule.code: rule for rule in program.gate_rules.filter(side=side).order_by("pk")}
    floor = {**dict.fromkeys(FLOOR[side], meets_minors), **dict.fromkeys(OF_A_CHILD, child)}
    asked = {code: who for code, who in floor.items() if code not in rules or rules[code].weight == HARD}
    for code, rule in rules.items():
        if rule.weight == HARD and code not in OF_A_CHILD:
            asked[code] = child if code in OF_A_FAMILY else meets_minors if rule.minors_only else everybody
    return asked


def child_in(program, on):
    """Who counts as a child in this program on that day, as a condition on participants."""
    young = Q(person__born_on__gt=grown_if_born_by(on))
    return young if program.adults_only else young | Q(person__born_on=None)


def met(program, code, on):
    """The gates of this code that stand on that day."""
    gates = Gate.objects.met(on).filter(program=program, code=code)
    if code == Code.CLEARANCE:
        return gates.filter(valid_until_on__isnull=False)
    if code == Code.TRAINING and HOURS in program.limits_by_code:
        long_enough = Q(hours__gte=program.limits_by_code[HOURS].value)
        return gates.filter(long_enough | Q(participant__side=Participant.Side.MENTEE))
    if code == Code.PERMISSION:
        theirs = {"adult": OuterRef("given_by"), "child": OuterRef("participant__person")}
        apart = {"kept_away": OuterRef("given_by"), "subject": OuterRef("participant__person")}
        living = Guardianship.objects.living(on).filter(consents=True, **theirs)
        return gates.filter(Exists(living), ~Exists(Restriction.objects.live(on).filter(**apart)))
    return gates
