"""What becomes of places in matches when two records are put together, and which matches keep two people apart."""

from django.utils.translation import gettext_lazy as _

from rapport.core.joining import folds, moves, stands_aside
from rapport.matches.actions.away import settle_away
from rapport.matches.models import Member
from rapport.people.models import Guardianship

TABLE = {
    "matches.member.participant": moves("the same match, with the kept record in it; both in one match are two"),
    "matches.away.person": stands_aside("one rest at a time: what the other paused goes on with it", settle_away),
    "matches.goal.person": moves("who said it"),
    "matches.goal.mentee": moves("whose goal it is"),
    "matches.goaltask.person": moves("who thought of the step"),
    "matches.goaltask.done_by_person": moves("who ticked it"),
    "matches.headway.person": moves("who said how it goes"),
    "matches.growth.person": moves("who said where they stand"),
    "matches.feedback.person": moves("who said what helps and what could be different"),
    "matches.feedback.to": moves("about the time with whom it was said"),
    "matches.goalseen.person": folds(
        "a guardian has seen a goal once; either day will do", lambda stays, goes, at: None
    ),
    "matches.proposal.person": moves("who proposed the words"),
    "matches.signature.person": moves("who signed, or did not"),
    "matches.signask.person": folds("each version is asked of one person once", lambda stays, goes, at: None),
    "matches.achievement.participant": moves("what a mentor achieved"),
}

SAME_MATCH = _("Both are in the same match, so they are two.")
OWN_CHILD = _("One of them mentors a child for whom the other stands. Look at that match first.")


def what_matches_object(one, other, at):
    places = Member.objects.filter(participant__person=one).values("match")
    if Member.objects.filter(participant__person=other, match__in=places).exists():
        yield SAME_MATCH
    if any(mentors_a_child_of(*pair) for pair in ((one, other), (other, one))):
        yield OWN_CHILD


def mentors_a_child_of(mentor, guardian):
    children = Guardianship.objects.filter(adult=guardian).values("child")
    matches = Member.objects.filter(participant__person__in=children).values("match")
    return Member.objects.filter(participant__person=mentor, side="mentor", match__in=matches).exists()
