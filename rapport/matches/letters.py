"""What the outbox asks about letters with an agreement: whether they are still wanted, and whom they speak of.

They carry no name but the reader's own: what it is about stands on the page alone.
"""

from django.db.models import Exists, OuterRef, Q

from rapport.matches.models import Agreement, Match, Member, SignAsk, Signature, SignedBy
from rapport.people.models import Guardianship

State = Agreement.State


def open_asks(at):
    """Asks whose person may still read and answer, as a query; whoever is kept away the outbox leaves out itself."""
    here = Member.objects.filter(match=OuterRef("agreement__match"), participant__left_at=None)
    child = Member.objects.filter(match=OuterRef(OuterRef("agreement__match"))).values("participant__person")
    stands = Guardianship.objects.living(at.date()).filter(adult=OuterRef("person"), child__in=child, consents=True)
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
