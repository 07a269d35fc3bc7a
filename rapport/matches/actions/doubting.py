"""Somebody else reads a link: what was agreed to or signed there is to be confirmed, and a person asks again that day.

Nothing that has begun ends by itself: what counts no more opens nothing new.
"""

from django.db import transaction

from rapport.audit.actions import record
from rapport.core.about import type_of
from rapport.core.own_words import spoken_as
from rapport.matches import agreement_calls as calls
from rapport.matches.actions.gates import call_about
from rapport.matches.actions.points import untick
from rapport.matches.actions.signing import with_match
from rapport.matches.agreement import lacking
from rapport.matches.models import Agreement, Match, Point, SignAsk, Signature
from rapport.onboarding import actions as onboarding
from rapport.onboarding.actions import calling
from rapport.people.models import Consent

State = Agreement.State


@transaction.atomic
def doubt_consents(links, *, at):
    """Each yes to a question of consent pressed there; an open match that must have it has a call of its own."""
    for one in onboarding.doubt(links, at=at):
        called = call_about([one.gate], at=at) if one.gate else []
        if called and {word.purpose for word in one.words} == {Consent.Purpose.JOIN}:
            continue
        with spoken_as(one.ask.program):
            words = ", ".join(dict.fromkeys(str(word.get_purpose_display()) for word in one.words))
            onboarding.call(one.ask, calling.TO_CONFIRM, cause=at.isoformat(), words=words, at=at)


@transaction.atomic
def doubt_signatures(links, *, at):
    """Each signature pressed there. Before the match begins its agreement waits for it again.

    The matches are held first: one being signed just now is waited for.
    """
    asks = SignAsk.objects.filter(pk__in=links.filter(about_type=type_of(SignAsk)).values("about_id")).order_by("pk")
    matches = Match.objects.filter(pk__in=asks.values("agreement__match")).order_by("pk")
    list(matches.select_for_update(no_key=True).values("pk"))
    for ask in with_match(asks):
        signed = Signature.objects.counted().filter(
            agreement=ask.agreement_id, person=ask.person_id, party=ask.party, is_yes=True, way=Signature.Way.LINK
        )
        if not signed.update(astray_at=at):
            continue
        record("agreement.to-confirm", about=ask.agreement, by=None, at=at, party=ask.party)
        wait_again(ask.agreement, at)
        calls.call(ask, calls.TO_CONFIRM, cause=at.isoformat(), at=at)


def wait_again(agreement, at):
    """Of a match that has not begun, this version is out for signature again, where one is missing now and no newer
    version is out."""
    match = agreement.match
    if not lacking([agreement], at)[agreement.pk]:
        return
    not_begun = Match.objects.select_for_update().filter(pk=match.pk, state=Match.State.PROPOSED).exists()
    if not not_begun or match.agreements.filter(state=State.OUT).exists():
        return
    signed = match.agreements.filter(pk=agreement.pk, state=State.SIGNED)
    if signed.update(state=State.OUT, signed_at=None, signed_on=None):
        untick(match.points.filter(moment=Point.Moment.BEGIN, code="agreement"), by=None, at=at)
