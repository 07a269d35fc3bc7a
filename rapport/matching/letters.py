"""What the outbox asks about letters to those who are asked about a match: whether they are still wanted, and whom they
speak of. They carry no name but the reader's own: whom it is about stands on the page alone."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from rapport.matches.models import Match, Member
from rapport.matching.models import Party, Proposal, Suggestion, WishAsk
from rapport.people.models import Guardianship, Participant

LINKS_LAST = timedelta(days=60)  # whoever comes later asks for a new link on the page


def known_asks(at, states):
    """Proposals of matches in these states whose person may still know of them and has their seat, as a query."""
    here = Member.objects.filter(match=OuterRef("match"), participant__left_at=None)
    own = here.filter(participant__person=OuterRef("person"), side=OuterRef("party"))
    stands = Guardianship.objects.living_in(OuterRef("match__program__time_zone"), at).filter(
        adult=OuterRef("person"), child=OuterRef("child"), consents=True
    )
    theirs = Q(Exists(own)) | Q(Exists(stands), party=Party.GUARDIAN)
    matches = Match.objects.filter(state__in=states).unhindered(at)
    return Proposal.objects.filter(theirs, match__in=matches.values("pk"), closed_at=None)


def still_asking(messages, at):
    """Wanted until they answered, or it is over."""
    asked = known_asks(at, [Match.State.PROPOSED]).filter(state=Proposal.State.ASKED)
    return messages.about_still(asked)


def still_theirs(messages, at):
    """Wanted, as they asked for it themselves, while they may still know of the match."""
    return messages.about_still(known_asks(at, [Match.State.PROPOSED, *Match.OPEN]))


def came_to_nothing(messages, at):
    """Wanted while it is so: nobody is told who may know nothing of it any more."""
    return messages.about_still(known_asks(at, [Match.State.NOT_BEGUN]))


def speaks_of(messages):
    """Everybody in the match: nobody reads of somebody they are kept away from."""
    by_ask: dict = {}
    asks = messages.values("about_id")
    rows = Member.objects.filter(match__asked_about__in=asks)
    for ask, person in rows.values_list("match__asked_about", "participant__person").distinct():
        by_ask.setdefault(ask, set()).add(person)
    return {pk: by_ask.get(ask, set()) for pk, ask in messages.values_list("pk", "about_id")}


def may_wish(messages, at):
    """Wanted while it is theirs to answer, in a program of grown-ups."""
    here = Participant.objects.active().filter(program__adults_only=True)
    asks = WishAsk.objects.filter(closed_at=None, expires_at__gt=at, participant__in=here.values("pk"))
    return messages.about_still(asks)


def still_wishing(messages, at):
    """The same, until they answered."""
    answered = WishAsk.objects.filter(answered_at__isnull=False)
    return may_wish(messages, at).exclude(about_id__in=answered.values("pk"))


def whom_it_shows(messages):
    """Those who are suggested: nobody reads of somebody they are kept away from."""
    by_ask: dict = {}
    rows = Suggestion.objects.filter(ask__in=messages.values("about_id")).values_list("ask", "other__person")
    for ask, person in rows:
        by_ask.setdefault(ask, set()).add(person)
    return {pk: by_ask.get(ask, set()) for pk, ask in messages.values_list("pk", "about_id")}


def tell_outbox():
    """Tell the outbox of these kinds of letters."""
    from rapport.matching import looking
    from rapport.matching.actions import advancing, answering, doubting, wishing
    from rapport.outbox import kinds

    paper = {"sheet": "proposals:sheet", "write_down": "proposals:write-down"}
    link = kinds.LinkPlan("proposal", "proposal:ask", LINKS_LAST, **paper, shows=looking.behind_the_link)
    common = {"link": link, "speaks_of": speaks_of}
    kinds.kind(advancing.LETTER, purpose="messages", wanted=still_asking, **common)
    kinds.kind(advancing.NEW_LINK, purpose=kinds.ESSENTIAL, wanted=still_theirs, **common)
    kinds.kind(advancing.CAME_TO_NOTHING, purpose="messages", wanted=came_to_nothing, speaks_of=speaks_of)
    kinds.on_failure(answering.undelivered)
    kinds.on_stranger(doubting.doubt_proposals)
    paper = {"sheet": "proposals:wishes-sheet", "write_down": "proposals:write-wishes"}
    some = kinds.LinkPlan("suggestions", "proposal:wishes", LINKS_LAST, **paper, shows=looking.behind_suggestions)
    common = {"link": some, "speaks_of": whom_it_shows}
    kinds.kind(wishing.LETTER, purpose="messages", wanted=still_wishing, **common)
    kinds.kind(wishing.NEW_LINK, purpose=kinds.ESSENTIAL, wanted=may_wish, **common)
