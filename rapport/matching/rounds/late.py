"""Mentors with a free place whom no round looks at yet: what they lack is often the smallest change that helps."""

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.matching import gathering
from rapport.matching.rounds import wording
from rapport.onboarding.questions import missing_gates, ready
from rapport.people.models import Participant
from rapport.programs import profiles

SHOWN = 20


def mentors(program, user, at):
    """[(mentor, what is missing)] as far as this reader sees them, and whether there are more."""
    if not profiles.asks(program, "gates_before_round"):
        return [], False
    on = day_in(at, program.zone)
    free = gathering.free_mentors(program, at).visible_to(user, Right.MATCHING_RUN, at)
    found = list(free.exclude(pk__in=ready(program, Participant.Side.MENTOR, on).values("pk"))[: SHOWN + 1])
    missing = missing_gates(found[:SHOWN], on, with_minor=not program.adults_only)
    return [(one, " ".join(wording.sentences(missing[one.pk]))) for one in found[:SHOWN]], len(found) > SHOWN
