"""Putting messages into the outbox, in the transaction of their cause, once for each cause."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from rapport.audit.actions import record
from rapport.core.about import type_of
from rapport.outbox.actions.quiet import end_letting_go, programs_that_let_go
from rapport.outbox.kinds import KINDS
from rapport.outbox.models import LetGo, Message
from rapport.people.models import Person

BATCH = 500
MAIL = "access/mail"  # what Django itself sends: sign-in codes, invitations, resets


@dataclass(frozen=True)
class Outgoing:
    """One message to be: to whom, about what, and the key that names its cause."""

    to: Person
    about: Any
    key: str
    facts: dict = field(default_factory=dict)


def queue(kind, *, to, about, key, at, program=None, not_before=None, not_after=None, **facts):
    """Queue one message. The same key queues nothing twice. What it says is settled at delivery."""
    outgoing = Outgoing(to=to, about=about, key=key, facts=facts)
    queue_many(kind, [outgoing], program=program, at=at, not_before=not_before, not_after=not_after)


@transaction.atomic
def queue_many(kind, rows, *, at, program=None, not_before=None, not_after=None):
    """Queue many messages of one kind, in one insert per 500. No `program`: it is that of what each is about."""
    settled = KINDS[kind]
    messages = [message(settled, row, program, at, not_before, not_after) for row in rows]
    let_what_was_let_go(kind, messages)
    Message.objects.bulk_create(messages, batch_size=BATCH, ignore_conflicts=True)


def message(kind, row, program, at, not_before, not_after):
    program = program or getattr(row.about, "program", None)
    is_quiet = program is not None and program.quiet_start and not kind.never_waits
    waits = is_quiet or kind.always_waits
    return Message(
        program=program,
        kind=kind.name,
        to=row.to,
        about_type=type_of(row.about) if row.about is not None else None,
        about_id=getattr(row.about, "pk", None),
        facts=row.facts,
        dedupe_key=row.key,
        state=Message.State.HELD if waits else Message.State.PENDING,
        is_urgent=kind.urgent,
        queued_at=at,
        next_at=not_before or at,
        not_after=not_after,
    )


def let_what_was_let_go(kind, messages):
    """Of these unsaved messages of a kind, those whose program let it go do not wait. One query where some wait."""
    held = [one for one in messages if one.state == Message.State.HELD]
    programs = programs_that_let_go(kind) if held and not KINDS[kind].always_waits else ()
    for one in held:
        if one.program_id in programs:
            one.state = Message.State.PENDING


@transaction.atomic
def queue_mail(*, address, subject, body, language="", key, at):
    """Queue mail that Django itself sends, to a literal address, as it is. Its body is wiped when it is final."""
    Message.objects.bulk_create(
        [
            Message(
                kind=MAIL,
                address=address,
                subject=subject,
                body=body,
                facts={"language": language},
                dedupe_key=key,
                is_urgent=True,
                queued_at=at,
                next_at=at,
            )
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def hold_all(*, at):
    """Hold everything that has not gone out, after a restore: some of it may have gone out since the copy was made.

    Letters of signing in are over: their codes and links are too old, and whoever needs one asks for it again. Those
    of safety go by themselves when the quiet start of their program ends (`free_what_never_waits`).
    """
    waiting = Message.objects.waiting()
    waiting.filter(program=None).update(
        state=Message.State.EXPIRED, final_at=at, why="a copy was restored", subject="", body="", lease_until=None
    )
    held = waiting.exclude(state=Message.State.HELD)
    held = held.update(state=Message.State.HELD, lease_until=None, claimed_by="", released_at=None)
    end_letting_go(LetGo.objects.live(), by=None, at=at)
    record("message.held", about=None, by=None, at=at, messages=held)
    return held
