"""Who has what a match asks of them, and who lacks what."""

from functools import reduce
from operator import and_

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
    of_everybody, of_children = asked_in(program, side)
    condition = met_all(of_everybody, program, side, on)
    return condition & (~child_in(program, on) | met_all(of_children, program, side, on)) if of_children else condition


def met_all(codes, program, side, on):
    everybody = Q(pk__isnull=False)
    return reduce(and_, (Q(met(program, code, on, side)) for code in codes), everybody)


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


def asked_in(program, side):
    """The codes of the gates that must be met on this side: by everybody, and by whoever counts as a child besides."""
    rules = {rule.code: rule for rule in program.gate_rules.filter(side=side).order_by("pk")}
    floor = [code for code in [*FLOOR[side], *OF_A_CHILD] if code not in rules]
    hard = [*floor, *(code for code, rule in rules.items() if rule.weight == HARD)]
    meet_minors = {code for code in hard if code not in rules or rules[code].minors_only}
    young = {code for code in hard if code in OF_A_FAMILY or (program.adults_only and code in meet_minors)}
    return [code for code in hard if code not in young], [code for code in hard if code in young]


def child_in(program, on):
    """Who counts as a child in this program on that day, as a condition on participants."""
    young = Q(person__born_on__gt=grown_if_born_by(on))
    return young if program.adults_only else young | Q(person__born_on=None)


def met(program, code, on, side=""):
    """The condition on a participant (of this side) that this gate stands on that day, looked up row by row."""
    gates = Gate.objects.met(on).filter(program=program, code=code, participant=OuterRef("pk"))
    if code == Code.CLEARANCE:
        return Exists(gates.filter(valid_until_on__isnull=False))
    if code == Code.TRAINING and side != Participant.Side.MENTEE and HOURS in program.limits_by_code:
        return Exists(gates.filter(hours__gte=program.limits_by_code[HOURS].value))
    if code == Code.PERMISSION:
        return Exists(gates.filter(given_by_who_may(on)))
    return Exists(gates)


def given_by_who_may(on):
    """The condition on a permission that whoever gave it may give it on that day. It is asked of who counts as a child
    alone; whether the child is one still, asked again of each guardianship, PostgreSQL answers for the whole house."""
    child = OuterRef(OuterRef("person"))
    standing = Guardianship.objects.standing(on).filter(consents=True, adult=OuterRef("given_by"), child=child)
    away = Restriction.objects.live(on).filter(kept_away=OuterRef("given_by"), subject=child)
    return Exists(standing) & ~Exists(away)
