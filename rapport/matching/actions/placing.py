"""One mentee gets a mentor: a match is proposed, and drafts or unanswered proposals move where a person chose so.

An active match is never among what moves.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.actions import NewMatch, propose
from rapport.matches.models import Match, Member, Point
from rapport.matching import gathering
from rapport.matching.actions.editing import BreaksRules, ChangedMeanwhile, MayNotBe, pair_by_hand
from rapport.matching.actions.releasing import let_go
from rapport.matching.criteria import known
from rapport.matching.models import Draft, Round
from rapport.matching.rematch import finding
from rapport.matching.rounds.judging import of_two
from rapport.people.models import Participant
from rapport.programs.models import Program

EXTRA_TRAINING = "training-again"


class PlaceTaken(Refused):
    """Somebody else was quicker."""

    sentence = lazy("The last place was taken a moment ago. Look at who else there is.")


@dataclass(frozen=True)
class Move:
    """A mentee who moves from one mentor to another: of a draft, or of a proposal to which nobody said anything."""

    mentee: Any
    source: Any
    to: Any


@transaction.atomic
def place(mentee, mentor, *, moves=(), even_so=False, by, at) -> Match:
    """Propose this mentee to this mentor, once these others have moved; all of it or nothing (S4-31).

    `moves`: the one who makes room first, as the engine tells them. A draft is changed in its round and locked there; a
    proposal is let go and proposed anew. Places are counted again under the lock of the program, so that of two at once
    one wins. `even_so`: whoever presses has read which rules it breaks. A proposal moves only where
    `by` may let it go, as it stands at that moment. Returns the match.

    Raises PlaceTaken, editing.ChangedMeanwhile, editing.MayNotBe, editing.NoPlace, editing.BreaksRules,
    matches.actions.CannotCoordinate.
    """
    hold_proposals(moves)
    program = Program.objects.select_for_update(no_key=True).get(pk=mentee.program_id)
    for one in reversed(moves):
        move(one, program, by=by, at=at)
    mentee, mentor = two(program, mentee, mentor, at)
    if not even_so and (broken := broken_by(program, mentee, mentor, at)):
        raise BreaksRules(broken)
    match = proposed(program, mentee, mentor, coordinator=by, by=by, at=at)
    record("match.found", about=match, by=by, at=at, moves=len(moves), even_so=even_so)
    return match


def hold_proposals(moves):
    """Keep what is proposed of those who move to this transaction: a match before its program and its people, as
    whatever lets one begin or go holds them."""
    theirs = Member.objects.filter(participant__in=[one.mentee.pk for one in moves]).values("match")
    rows = Match.objects.select_for_update().filter(pk__in=theirs, state=Match.State.PROPOSED)
    list(rows.order_by("pk").values("pk"))


def two(program, mentee, mentor, at):
    """Both as a round would look at them now. Raises MayNotBe, and PlaceTaken where one of them is spoken for: whoever
    presses may not know of the other with whom they are, so it is not said."""
    found = gathering.these_two(program, mentee, mentor, at)
    if found is not None:
        return found
    if not gathering.waiting_mentees(program, at).filter(pk=mentee.pk).exists():
        words = _("Nobody is looked for for %(name)s any more. Look at the list again.")
        raise PlaceTaken(mentee, words % {"name": mentee.person.first_name})
    if not gathering.free_mentors(program, at).filter(pk=mentor.pk).exists():
        words = _("%(name)s cannot take anybody on just now. Look at who else there is.")
        raise PlaceTaken(mentor, words % {"name": mentor.person.first_name})
    raise MayNotBe(mentee)


def broken_by(program, mentee, mentor, at):
    """The labels of rules of the program that this pair breaks."""
    hard = [gathering.plain(one) for one in program.criteria.filter(is_on=True, is_hard=True).order_by("code")]
    known.give([mentee, mentor], hard, day_in(at, program.zone))
    return of_two(hard, gathering.told(mentee), gathering.told(mentor), {}).labels_broken


def proposed(program, mentee, mentor, *, coordinator, by, at):
    row = NewMatch([mentor], [mentee], coordinator=coordinator, site=mentee.site)
    match = propose([row], program=program, by=by, at=at)[0]
    if was_matched(mentee):
        Point.objects.create(
            program=program, match=match, moment=Point.Moment.BEGIN, code=EXTRA_TRAINING, needs_words=True,
            label=_("The new mentor was prepared for a match after another: what to expect, how to go about it"),
        )  # fmt: skip
    return match


def was_matched(mentee):
    """Whether a match of theirs has ended."""
    return mentee.places.filter(match__state=Match.State.CLOSED).exists()


def move(one, program, *, by, at):
    """Move one mentee on, if they stand where they stood. Raises ChangedMeanwhile, and what `place` raises."""
    match = standing_proposal(one, program, by, at)
    if match is not None:
        let_go(match, words=_("Moved to another mentor."), by=by, at=at)
        mentee, mentor = two(program, one.mentee, one.to, at)
        if broken_by(program, mentee, mentor, at):
            raise ChangedMeanwhile(one.mentee)
        return proposed(program, mentee, mentor, coordinator=match.coordinator, by=by, at=at)
    rows = Draft.objects.filter(round__program=program, round__state=Round.State.DRAFT, locked_at=None, match=None)
    draft = rows.filter(mentee=one.mentee, mentor=one.source).select_related("round").order_by("-round").first()
    if draft is None or not held(draft):
        raise ChangedMeanwhile(one.mentee)
    return pair_by_hand(draft.round, one.mentee, one.to, by=by, at=at)


def held(draft):
    """Whether this draft is still with the same mentor; from here on nobody else changes it."""
    list(Round.objects.select_for_update(no_key=True).filter(pk=draft.round_id).values("pk"))
    return Draft.objects.filter(pk=draft.pk, mentor=draft.mentor_id, locked_at=None).exists()


def standing_proposal(one, program, by, at):
    """The proposed match of these two to which nobody said anything and which this user may let go, held; nothing where
    there is none."""
    people = [one.mentee.pk, one.source.pk]
    list(Participant.objects.select_for_update().filter(pk__in=people).order_by("pk").values("pk"))
    theirs = Match.objects.filter(program=program).visible_to(by, Right.MATCH_EDIT, at)
    rows = finding.unanswered(theirs)
    rows = rows.filter(members__participant=one.mentee).filter(members__participant=one.source)
    match = rows.select_related("program", "coordinator").with_people().first()
    return match if match and len(match.members.all()) == len(people) else None
