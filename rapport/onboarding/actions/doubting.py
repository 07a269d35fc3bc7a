"""A yes pressed on a link that somebody else reads counts for nothing that it would open, until it is said anew."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from rapport.audit.actions import record
from rapport.core.about import type_of
from rapport.core.months import day_in
from rapport.onboarding.actions.answering import JOIN, LINK
from rapport.onboarding.consenting import gate_code
from rapport.onboarding.models import ConsentAsk, Gate
from rapport.people.models import Consent


@dataclass
class Doubted:
    """One ask, the yeses pressed there that are to be confirmed, and the gate that one of them had met, or None."""

    ask: ConsentAsk
    words: list
    gate: Any = None


@transaction.atomic
def doubt(links, *, at) -> list[Doubted]:
    """Let every yes count no more that was pressed where these links led (`outbox.kinds.on_stranger`).

    A no stands, and so does what staff wrote down and what was said since to a later question. Whoever calls this
    calls a person, too (`matches.actions.doubting`).
    """
    mine = links.filter(about_type=type_of(ConsentAsk)).values("about_id")
    asks = ConsentAsk.objects.filter(pk__in=mine).select_related("program", "person", "participant__person", "made_by")
    found = [Doubted(ask, pressed_at(ask, asks)) for ask in asks.order_by("pk")]
    found = [one for one in found if one.words]
    for one in found:
        Consent.objects.filter(pk__in=[word.pk for word in one.words]).update(astray_at=at)
        record("consent.to-confirm", about=one.ask, by=None, at=at, purposes=sorted({w.purpose for w in one.words}))
        one.gate = doubted_gate(one, at)
    return found


def pressed_at(ask, astray):
    """What was pressed to this ask: from when they answered a later one, by another way, it was said there."""
    later = ConsentAsk.objects.filter(
        participant=ask.participant_id, person=ask.person_id, of_own_words=ask.of_own_words, made_at__gt=ask.made_at,
        answered_at__isnull=False,
    )  # fmt: skip
    later = later.exclude(pk__in=astray.values("pk")).order_by("answered_at")
    until = later.values_list("answered_at", flat=True).first()
    words = Consent.objects.counted().filter(
        program=ask.program_id, person=ask.subject.pk, given_by=ask.person_id, purpose__in=ask.purposes,
        as_guardian=ask.of_own_words, channel=LINK, is_given=True, given_at__gte=ask.made_at,
    )  # fmt: skip
    return list((words.filter(given_at__lt=until) if until else words).order_by("pk"))


def doubted_gate(one, at):
    """The gate that such a yes had met, marked; one that a person wrote down since stands."""
    if one.ask.of_own_words or not any(word.purpose == JOIN for word in one.words):
        return None
    code = gate_code(one.ask, day_in(at, one.ask.program.zone))
    gates = Gate.objects.filter(
        participant=one.ask.participant_id, code=code, is_met=True, given_by=one.ask.person_id, seen_by=None
    )
    if not gates.update(astray_at=at):
        return None
    gate = gates.select_related("participant__person").get()
    record("gate.to-confirm", about=gate, by=None, at=at, code=code)
    return gate
