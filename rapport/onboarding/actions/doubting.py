"""A yes pressed on a link that somebody else reads counts for nothing that it would open, until it is said anew."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from rapport.audit.actions import record
from rapport.audit.models import Event
from rapport.core.about import type_of
from rapport.core.months import day_in
from rapport.onboarding.actions.answering import JOIN, LINK
from rapport.onboarding.actions.gates import MET, NOT_MET, record_gate
from rapport.onboarding.consenting import gate_code
from rapport.onboarding.models import ConsentAsk, Gate
from rapport.people.models import Consent, Participant, Person


@dataclass
class Doubted:
    """One ask, the yeses pressed there that are to be confirmed, and the gate that one of them had met, or None."""

    ask: ConsentAsk
    words: list
    gate: Any = None


@transaction.atomic
def doubt(links, *, at) -> list[Doubted]:
    """Let every yes count no more that was pressed where these links led (`outbox.kinds.on_stranger`).

    A no stands, and so does what staff wrote down and what was said to another question. Whoever calls this calls a
    person, too (`matches.actions.doubting`). Those asked about are held first: a yes pressed just now is waited for.
    """
    asks = ConsentAsk.objects.filter(pk__in=links.filter(about_type=type_of(ConsentAsk)).values("about_id"))
    theirs = Participant.objects.filter(pk__in=asks.values("participant")).order_by("pk")
    list(theirs.select_for_update(no_key=True).values("pk"))
    asks = asks.select_related("program", "person", "participant__person", "made_by")
    found = [Doubted(ask, list(pressed_at(ask))) for ask in asks.order_by("pk")]
    found = [one for one in found if one.words]
    for one in found:
        Consent.objects.filter(pk__in=[word.pk for word in one.words]).update(astray_at=at)
        record("consent.to-confirm", about=one.ask, by=None, at=at, purposes=sorted({w.purpose for w in one.words}))
    for one in found:
        one.gate = doubted_gate(one, at)
    return found


def pressed_at(ask):
    """The yeses pressed to this ask. Of words from before each knew its question: all that may have been."""
    words = words_like(ask).counted().filter(
        purpose__in=ask.purposes, channel=LINK, is_given=True, given_at__gte=ask.made_at
    )  # fmt: skip
    return words.filter(Q(about_type=type_of(ask), about_id=ask.pk) | Q(about_type=None)).order_by("pk")


def words_like(ask):
    """What the same person said about the same."""
    return Consent.objects.filter(
        program=ask.program_id, person=ask.subject.pk, given_by=ask.person_id, as_guardian=ask.of_own_words
    )


def doubted_gate(one, at):
    """The gate that such a yes had met: to be confirmed, or not met again where it was not met before. One that was
    said or written down since stands."""
    last = words_like(one.ask).filter(purpose=JOIN, is_given=True).order_by("-given_at", "-pk").first()
    if one.ask.of_own_words or last not in one.words:
        return None
    code = gate_code(one.ask, day_in(last.given_at, one.ask.program.zone))
    gates = Gate.objects.filter(
        participant=one.ask.participant_id, code=code, is_met=True, given_by=one.ask.person_id, seen_by=None
    )
    gate = gates.select_related("participant__person", "participant__program").first()
    if gate is None:
        return None
    before = said_before(gate, one.ask)
    if before and before.verb == NOT_MET:
        return not_met_again(gate, before.facts, at)
    gates.update(astray_at=at)
    gate.astray_at = at
    record("gate.to-confirm", about=gate, by=None, at=at, code=gate.code)
    return gate


def said_before(gate, ask):
    """What the trail says of this gate before all that may be somebody else's; None where there was nothing."""
    astray = words_like(ask).filter(purpose=JOIN, astray_at__isnull=False).values_list("given_at", flat=True)
    told = Event.objects.filter(about_type=Gate._meta.label_lower, about_id=gate.pk, verb__in=[MET, NOT_MET])
    return told.exclude(at__in=list(astray)).order_by("-at", "-pk").first()


def not_met_again(gate, before, at):
    """A no to taking part, or what staff saw, stands whatever was pressed after it by somebody else."""
    return record_gate(
        gate.participant, code=gate.code, is_met=False, met_on=date.fromisoformat(before["met_on"]),
        given_by=Person.objects.filter(pk=before["given_by"]).first(), how=before["how"], by=None, at=at,
    )  # fmt: skip
