"""Whether the program is the place for somebody, and the end of their taking part; what was stays (S3-39, K2)."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.models import Match, Member
from rapport.onboarding.letters import THANKS
from rapport.onboarding.models import Decision, Leaving
from rapport.outbox.actions import Outgoing, queue_many
from rapport.people.models import Guardianship, Participant, Person, Restriction
from rapport.programs.actions import end_membership
from rapport.programs.models import Membership


class StillInAMatch(Refused):
    """A match without its mentor or mentee is ended first, and well."""

    sentence = _("They are in a match that is open or proposed. End it, or set it aside, first.")


class HasLeft(Refused):
    """Nobody leaves twice."""

    sentence = _("They take part no longer. Look at how it stands now.")


class TakesPart(Refused):
    """Nobody comes back who is there."""

    sentence = _("They take part already. Look at how it stands now.")


class NotOver(Refused):
    """The last day has come before it is written down."""

    sentence = _("The day lies ahead. Write it down once it has come.")


@transaction.atomic
def leave(participant, *, why, words="", left_on, by, at):
    """Somebody takes part no longer: they are in no list, round or queue any more, and their own pages close.

    Raises HasLeft, StillInAMatch, NotOver.
    """
    Participant.objects.select_for_update().get(pk=participant.pk)  # a match that is proposed just now comes first
    if left_on > day_in(at, participant.program.zone):
        raise NotOver(participant)
    states = [*Match.OPEN, Match.State.PROPOSED]
    if Member.objects.filter(participant=participant, match__state__in=states).exists():
        raise StillInAMatch(participant)
    if not Participant.objects.filter(pk=participant.pk, left_at=None).update(left_at=at):
        raise HasLeft(participant)
    Leaving.objects.filter(participant=participant, back_at=None).update(back_at=at)  # of a record put together with it
    leaving = Leaving.objects.create(
        program=participant.program, participant=participant, why=why, words=words, left_on=left_on, said_by=by,
        said_at=at,
    )  # fmt: skip
    record("participant.left", about=participant, by=by, at=at, why=why, left_on=str(left_on))
    own = Membership.objects.live(at).filter(program=participant.program, role__slug=participant.side)
    for membership in own.filter(user__person=participant.person).select_related("role"):
        end_membership(membership, by=by, at=at)
    return leaving


@transaction.atomic
def come_back(participant, *, by, at):
    """Somebody who left takes part again; what was before is there. Raises TakesPart."""
    if not Participant.objects.filter(pk=participant.pk, left_at__isnull=False).update(left_at=None):
        raise TakesPart(participant)
    Leaving.objects.filter(participant=participant, back_at=None).update(back_at=at, back_by=by)
    record("participant.came-back", about=participant, by=by, at=at)


@transaction.atomic
def decide(participant, *, says, reason="", referral="", look_again_on=None, by, at):
    """Keep whether the program is the place for somebody. The reason is for staff and goes into no letter.

    Where it is not, they take part no longer, and a letter of thanks waits until somebody has read and released it.
    Raises HasLeft, StillInAMatch.
    """
    if not Participant.objects.filter(pk=participant.pk, left_at=None).exists():
        raise HasLeft(participant)
    row = Decision.objects.create(
        program=participant.program, participant=participant, says=says, reason=reason, referral=referral,
        look_again_on=look_again_on, decided_by=by, decided_at=at,
    )  # fmt: skip
    record("decision.made", about=participant, by=by, at=at, says=says, decision=row.ref)
    if says == Decision.Says.NOT_SUITABLE:
        today = day_in(at, participant.program.zone)
        leave(participant, why=Leaving.Why.NOT_SUITABLE, left_on=today, by=by, at=at)
        letters = [Outgoing(one, row, f"decision:{row.ref}:{one.ref}") for one in thanked(participant, today)]
        queue_many(THANKS, letters, at=at)
    return row


def thanked(participant, today):
    """Who gets the letter: whoever asked to take part; of a child, the guardians who are told."""
    if not participant.person.counts_as_child(participant.program, today):
        return [participant.person]
    child = participant.person
    away = Restriction.objects.live(today).filter(subject=child).values("kept_away")
    standing = Guardianship.objects.living(today).told().filter(child=child).exclude(adult__in=away)
    return list(Person.objects.filter(pk__in=standing.values("adult")).order_by("pk"))
