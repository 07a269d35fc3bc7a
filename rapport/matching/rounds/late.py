"""Mentors with a free place whom no round looks at yet: what they lack is often the smallest change that helps."""

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.matching import gathering
from rapport.matching.rounds import wording
from rapport.onboarding.questions import missing_gates, ready
from rapport.people.models import Participant
from rapport.programs import profiles

SHOWN = 20
LOOKED_AT = 1_000  # mentors with a free place: of very many, a page waits for no more than these


def mentors(program, user, at):
    """[(mentor, what is missing)] as far as this reader sees them, and whether there are more."""
    if not profiles.asks(program, "gates_before_round"):
        return [], False
    on = day_in(at, program.zone)
    free = gathering.free_mentors(program, at).visible_to(user, Right.MATCHING_RUN, at)
    some = [*free.values_list("pk", flat=True)[:LOOKED_AT]]
    able = ready(program, Participant.Side.MENTOR, on).filter(pk__in=some).values("pk")
    late = Participant.objects.filter(pk__in=some).exclude(pk__in=able)
    found = list(gathering.with_details(late)[: SHOWN + 1])
    missing = missing_gates(found[:SHOWN], on, with_minor=not program.adults_only)
    return [(one, " ".join(wording.sentences(missing[one.pk]))) for one in found[:SHOWN]], len(found) > SHOWN
