"""A proposal of the story on which each side is asked: who said what so far, and on whom it waits."""

from rapport.matches.models import Match
from rapport.matching.actions.answering import Answer, hear_answer
from rapport.matching.actions.releasing import release
from rapport.matching.models import Proposal
from rapport.matching.proposals.turns import with_matches


def let_go(match, *, by, at):
    """The first side is asked."""
    release(list(Match.objects.filter(pk=match.pk).select_related("program")), by=by, at=at)


def hear(match, party, *, says, way, by, at):
    """What one side said, to staff who wrote it down."""
    for row in with_matches(Proposal.objects.filter(match=match.pk, party=party)):
        hear_answer(row, Answer(Proposal.State(says), Proposal.Way(way)), by=by, at=at)
