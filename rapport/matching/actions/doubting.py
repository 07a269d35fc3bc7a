"""Somebody else reads a link: a yes pressed there may be anybody's, and a person asks again that day.

Before the match begins such a yes counts no more; once it has begun nothing ends by itself.
"""

from django.db import transaction

from rapport.audit.actions import record
from rapport.core.about import type_of
from rapport.matches.models import Match
from rapport.matching.actions.advancing import ask_nobody_after, held_row, no_longer_all
from rapport.matching.models import Proposal
from rapport.matching.proposals import calls
from rapport.outbox.actions import close_links

State, Way = Proposal.State, Proposal.Way


@transaction.atomic
def doubt_proposals(links, *, at):
    """What was answered with a yes where somebody else reads (`outbox.kinds.on_stranger`). The matches are held first:
    an answer pressed just now is waited for."""
    mine = Proposal.objects.filter(pk__in=links.filter(about_type=type_of(Proposal)).values("about_id"))
    list(Match.objects.select_for_update(no_key=True).filter(pk__in=mine.values("match")).order_by("pk").values("pk"))
    yeses = mine.filter(state=State.YES, way=Way.LINK, closed_at=None)
    for proposal in yeses.select_related("program", "person", "match").order_by("pk"):
        went_astray(proposal, at=at)


@transaction.atomic
def went_astray(proposal, *, at):
    """One question that somebody else read. Returns whether it was still open.

    A yes that was pressed there may be anybody's. Before the match begins it counts no more, and whoever was asked
    because of it is asked no longer; once it has begun nothing ends by itself, and a person talks with them that day. A
    no stands until a person asks anew, and so does what staff took down.
    """
    match = proposal.match
    began = not Match.objects.select_for_update().filter(pk=match.pk, state=Match.State.PROPOSED).exists()
    row = held_row(proposal)
    if row.closed_at is not None:
        return False
    was = row.state
    Proposal.objects.filter(pk=row.pk).update(closed_at=at)
    close_links(Proposal.objects.filter(pk=row.pk), at=at)
    record("proposal.not-them", about=row, by=None, at=at, said=str(was), way=row.way)
    pressed_yes = was == State.YES and row.way == Way.LINK
    if pressed_yes and not began:
        take_back(row, at)
    kind = calls.NOT_ME_BEGUN if pressed_yes and match_is_open(match) else calls.NOT_ME
    calls.call([(match, row.person)], kind, cause=f"{row.asked_at:%Y%m%d%H%M%S}", at=at)
    return True


def match_is_open(match):
    return Match.objects.open().filter(pk=match.pk).exists()


def take_back(row, at):
    """The yes in this row is not theirs: they are as if nothing had been said, and so is whoever was asked after."""
    match = row.match
    nothing = {"state": State.ASKED, "way": "", "reason": "", "answered_at": None, "said_on": None}
    Proposal.objects.filter(pk=row.pk, state=State.YES).update(**nothing, answers=row.answers + 1)
    no_longer_all(match, by=None, at=at)
    ask_nobody_after(match, row.party, at=at)
    calls.taken_back(match, at=at)
