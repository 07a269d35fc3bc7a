"""What becomes of rounds when two records are put together, and which proposal keeps two people apart."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.joining import folds, moves
from rapport.matching.actions import settle_draft
from rapport.matching.actions.settling import settle_proposals, settle_suggestions
from rapport.matching.actions.waiting import settle_waiting
from rapport.matching.models import Draft, Round

TABLE = {
    "matching.draft.mentor": moves("the same proposal, with the kept record in it"),
    "matching.draft.mentee": folds(
        "one in each round; the one that became a match before one that did not", settle_draft
    ),
    "matching.proposal.person": folds("each is asked about a match once; an answer before none", settle_proposals),
    "matching.proposal.child": moves("for whom a guardian answers"),
    "matching.waiting.mentee": folds("one of each mentee who waits, with the words of both", settle_waiting),
    "matching.wishask.participant": moves("whom each said they would like; the last word of each counts"),
    "matching.wishask.person": moves("who was shown a few people"),
    "matching.suggestion.other": folds("each is suggested once in one letter", settle_suggestions),
    "matching.leftwithout.mentee": moves("what that round said of either"),
}

PAIRED = _("A round proposes them to each other. Publish or drop it first.")


def what_matching_objects(one, other, at):
    pair = Q(mentor__person=one, mentee__person=other) | Q(mentor__person=other, mentee__person=one)
    if Draft.objects.filter(pair, round__state=Round.State.DRAFT).exists():
        yield PAIRED
