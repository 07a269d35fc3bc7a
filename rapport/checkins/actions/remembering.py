"""Talks from before Rapport, as a coordinator's list remembers them."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import transaction

from rapport.audit.actions import record_many
from rapport.checkins.models import Conversation
from rapport.checkins.refusals import NotBeforeRapport
from rapport.core.months import moment

NOON = time(12)  # a list tells the day; no page shows the hour of these


@dataclass(frozen=True)
class OldTalk:
    """One talk about a match with one person, and what was said, as far as the list says it."""

    match: Any
    person: Any
    on: date
    words: str = ""


@transaction.atomic
def remember(talks, *, by, at) -> int:
    """Keep these talks (`OldTalk`); one known already is the same talk. It closes nothing: nothing was asked then.

    Who talked is not known: the row names who brought the list, or coordinates the pair, and pages say "before
    Rapport". Raises NotBeforeRapport. Returns how many are new.
    """
    wanted = {form_id(talk): talk for talk in talks}
    for talk in wanted.values():
        if not talk.match.is_before_rapport(talk.on):
            raise NotBeforeRapport(talk.match)
    known = set(Conversation.objects.filter(form_id__in=wanted).values_list("form_id", flat=True))
    rows = [conversation(talk, key, by) for key, talk in wanted.items() if key not in known]
    Conversation.objects.bulk_create(rows, batch_size=500)
    record_many("conversation.remembered", about=rows, by=by, at=at)
    return len(rows)


def form_id(talk):
    """One day's talk with one person about one match is one talk."""
    return f"b:{talk.match.ref}:{talk.person.ref}:{talk.on:%Y%m%d}"


def conversation(talk, key, by):
    return Conversation(
        program=talk.match.program, match=talk.match, person=talk.person, how=Conversation.How.BEFORE,
        words=talk.words, at=moment(talk.on, NOON, talk.match.program.zone), by=by or talk.match.coordinator,
        form_id=key,
    )  # fmt: skip
