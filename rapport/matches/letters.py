"""What the outbox asks about letters with an agreement: whether they are still wanted, and whom they speak of.

They carry no name but the reader's own: what it is about stands on the page alone.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from rapport.matches.actions import agreeing, doubting, signing
from rapport.matches.agreement_looking import behind_the_link
from rapport.matches.models import Agreement, Match, Member, SignAsk, Signature, SignedBy
from rapport.outbox import kinds
from rapport.people.models import Guardianship

State = Agreement.State
LINKS_LAST = timedelta(days=60)  # whoever comes later asks for a new link on the page


def tell_outbox():
    paper = {"sheet": "matches:sign-sheet", "write_down": "matches:record-signature"}
    link = kinds.LinkPlan("agreement", "agreement:ask", LINKS_LAST, **paper, shows=behind_the_link)
    common = {"link": link, "speaks_of": speaks_of}
    kinds.kind(agreeing.LETTER, purpose="messages", wanted=still_asking, **common)
    kinds.kind(agreeing.NEW_LINK, purpose=kinds.ESSENTIAL, wanted=still_theirs, **common)
    kinds.on_failure(signing.undelivered)
    kinds.on_stranger(doubting.doubt_consents)
    kinds.on_stranger(doubting.doubt_signatures)


def open_asks(at):
    """Asks whose person may still read and answer, as a query; whoever is kept away the outbox leaves out itself."""
    here = Member.objects.filter(match=OuterRef("agreement__match"), participant__left_at=None)
    child = Member.objects.filter(match=OuterRef(OuterRef("agreement__match"))).values("participant__person")
    living = Guardianship.objects.living_in(OuterRef("agreement__match__program__time_zone"), at)
    stands = living.filter(adult=OuterRef("person"), child__in=child, consents=True)
    own = here.filter(participant__person=OuterRef("person"), side=OuterRef("party"))
    theirs = Q(Exists(own)) | Q(Exists(stands), party=SignedBy.GUARDIAN)
    alive = Match.objects.filter(state__in=Match.ALIVE).unhindered(at)
    asks = SignAsk.objects.filter(theirs, agreement__match__in=alive.values("pk"), closed_at=None)
    return asks.exclude(agreement__state=State.REPLACED)


def still_asking(messages, at):
    """Wanted until they answered, while it is theirs to sign."""
    said = Signature.objects.counted().filter(agreement=OuterRef("agreement"), person=OuterRef("person"))
    return messages.about_still(open_asks(at).exclude(Exists(said)))


def still_theirs(messages, at):
    """Wanted, as they asked for it themselves, while they may still sign."""
    return messages.about_still(open_asks(at))


def speaks_of(messages):
    """Everybody in the match: nobody signs something about somebody they are kept away from."""
    by_ask: dict = {}
    asks = messages.values("about_id")
    rows = Member.objects.filter(match__agreements__asks__in=asks).values_list(
        "match__agreements__asks", "participant__person"
    )
    for ask, person in rows.distinct():
        by_ask.setdefault(ask, set()).add(person)
    return {pk: by_ask.get(ask, set()) for pk, ask in messages.values_list("pk", "about_id")}
