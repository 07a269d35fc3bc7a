"""Handing messages over, as its own pass.

The promise (docs/adr/0003): nothing is lost; at most one duplicate per crash, and only of the message in flight; none
without a crash. So a message is claimed with a lease, sent, and written off in a transaction of its own; where the
process died between, the lease runs out and the same letter, under the same Message-ID, goes again (security.md §3.4).
"""

import os
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from rapport.core.machine import this_machine
from rapport.outbox import links
from rapport.outbox.actions.linking import new_link
from rapport.outbox.actions.quiet import free_what_never_waits, hold_what_nobody_let_go
from rapport.outbox.carriers import Outcome, Result, carrier
from rapport.outbox.composing import CannotBeWritten, letter, message_id, words_of
from rapport.outbox.kinds import KINDS, tell_of_failures
from rapport.outbox.models import Delivery, Link, Message
from rapport.outbox.questions import DOES_NOT_READ, NO_ADDRESS, NO_PRIVATE_ADDRESS, REFUSED_MESSAGES
from rapport.outbox.settling import Plan, settle
from rapport.people.models import ContactPoint

State = Message.State
LEASE = timedelta(seconds=settings.LEASE_SECONDS)  # of the machine's time; longer than a batch with a slow server
RETRY_MINUTES = (1, 5, 15, 60)  # then hourly until it is too late (security.md §3.4)
TOO_LATE = timedelta(days=3)
NEVER = datetime.min.replace(tzinfo=UTC)  # of a message without a lease: it is asked for at once
NOWHERE = (NO_ADDRESS, NO_PRIVATE_ADDRESS, REFUSED_MESSAGES, DOES_NOT_READ)


def deliver_next(*, at, limit=50) -> int:
    """Hand over the next messages that are due at that moment. Returns how many it looked at; 0 when none is left."""
    claimed = claim(at=at, limit=limit)
    if claimed:
        plans = settle(claimed, at)
        close_without_sending(plans, at)
        send([plan for plan in plans if plan.address], at)
    return len(claimed)


def me() -> str:
    """Who claims: this process on this machine."""
    return f"{this_machine()}:{os.getpid()}"


@transaction.atomic
def claim(*, at, limit):
    """Take the next due messages for this process. Those of a process that died come first, once its lease is over."""
    now = timezone.now()
    free_what_never_waits(at=at)
    hold_what_nobody_let_go(at=at)
    free = Message.objects.filter(state=State.PENDING, next_at__lte=at)
    left = Message.objects.unsure().filter(lease_until__lt=now)
    if connection.vendor == "postgresql":
        free, left = free.select_for_update(skip_locked=True), left.select_for_update(skip_locked=True)
    wanted = list(left.order_by("pk").values_list("pk", flat=True)[:limit])
    room = limit - len(wanted)
    wanted += free.order_by("-is_urgent", "next_at", "pk").values_list("pk", flat=True)[:room]
    Message.objects.filter(pk__in=wanted).update(
        state=State.CLAIMED, lease_until=now + LEASE, claimed_by=me(), attempts=F("attempts") + 1
    )
    mine = Message.objects.filter(pk__in=wanted).select_related("program", "to", "about_type")
    return list(mine.order_by("-is_urgent", "next_at", "pk"))


@transaction.atomic
def close_without_sending(plans: list[Plan], at):
    """Write down those that are not sent now: no longer wanted, too late, nobody to write to, or not at this hour."""
    groups: dict[tuple, list[int]] = {}
    for plan in plans:
        if not plan.address:
            groups.setdefault((plan.state, plan.why, plan.next_at), []).append(plan.message.pk)
    for (state, why, next_at), pks in groups.items():
        mine = Message.objects.filter(pk__in=pks, state=State.CLAIMED, claimed_by=me())
        if state == State.PENDING:
            mine.update(
                state=state, next_at=next_at, why=why, lease_until=None, claimed_by="", attempts=F("attempts") - 1
            )
        else:
            mine.update(state=state, why=why, final_at=at, lease_until=None, subject="", body="")
    tell_of_failures([plan.message for plan in plans if plan.why in NOWHERE], at=at)


def send(plans: list[Plan], at):
    """Send what is settled, one letter after the other; each is written off before the next leaves."""
    tokens = issue_links(plans, at)
    failed = []
    with carrier() as way:
        for plan in still_mine(plans):
            if not note(plan, send_one(plan, tokens, way, at), at):
                failed.append(plan.message)
    tell_of_failures(failed, at=at)


def still_mine(plans: list[Plan]):
    """These one by one. Where half of the lease went by, it is renewed first; what another took meanwhile stays out:
    a slow server is no crash."""
    mine = {plan.message.pk for plan in plans}
    until = min((plan.message.lease_until or NEVER for plan in plans), default=NEVER)
    for n, plan in enumerate(plans):
        now = timezone.now()
        if now > until - LEASE / 2:
            mine, until = renewed([plan.message.pk for plan in plans[n:]], now), now + LEASE
        if plan.message.pk in mine:
            yield plan


@transaction.atomic
def renewed(pks, now) -> set[int]:
    """Hold on to those of these messages that this process still has, from now on for a whole lease."""
    held = Message.objects.filter(pk__in=pks, state=State.CLAIMED, claimed_by=me())
    held.update(lease_until=now + LEASE)
    return set(held.values_list("pk", flat=True))


@transaction.atomic
def issue_links(plans: list[Plan], at) -> dict[int, str]:
    """A fresh link for each message that carries one, in one insert. By message id, the token."""
    tokens, new = {}, []
    for plan in plans:
        kind = KINDS.get(plan.message.kind)
        if kind and kind.link:
            tokens[plan.message.pk] = token = links.new_token()
            ends = at + kind.link.lasts
            message = plan.message
            new.append(new_link(token, kind.link.purpose, message.to, plan.about, message.program, at, ends, message))
    Link.objects.bulk_create(new)
    return tokens


def send_one(plan: Plan, tokens, way, at) -> Result:
    message = plan.message
    try:
        subject, body = message.subject, message.body
        kind = KINDS.get(message.kind)
        if kind:
            told = {"person": message.to, "program": message.program, **plan.words}
            if kind.link:
                told["link"] = links.address(kind.link.route, tokens[message.pk])
            subject, body = words_of(kind.template, told, plan.language)
        calendar = plan.calendar and plan.calendar.write(plan.address, plan.language)
        mail = letter(
            message=message, address=plan.address, subject=subject, body=body, language=plan.language, at=at,
            calendar=calendar,
        )  # fmt: skip
    except CannotBeWritten as error:
        return Result(Outcome.REFUSED, f"it cannot be written: {error}"[:300])
    return way.send(mail)


@transaction.atomic
def note(plan: Plan, result: Result, at) -> bool:
    """Write down what came of one try. Returns whether there is still hope for this message."""
    message = plan.message
    mine = Message.objects.filter(pk=message.pk, state=State.CLAIMED, claimed_by=me())
    if result.outcome == Outcome.ACCEPTED:
        changed = {"state": State.ACCEPTED, "final_at": at, "body": "", "why": "", "message_id": message_id(message)}
    elif result.outcome == Outcome.REFUSED:
        changed = refused(plan, at)
    else:
        changed = later(message, at, result)
    moved = mine.update(lease_until=None, **changed)
    if moved:
        Delivery.objects.create(
            message=message, at=at, address=plan.address, outcome=result.outcome, detail=result.detail
        )
    return changed["state"] not in (State.FAILED, State.EXPIRED)


def refused(plan: Plan, at) -> dict:
    """The address does not work: it is marked so, and another one is tried if there is one."""
    if plan.point is not None:
        ContactPoint.objects.filter(pk=plan.point.pk, broken_at=None).update(broken_at=at)
        return {"state": State.PENDING, "next_at": at, "claimed_by": ""}
    return {"state": State.FAILED, "final_at": at, "body": "", "why": "the address does not work"}


def later(message, at, result) -> dict:
    """Not now: again in 1, 5, 15, 60 minutes, then hourly, until it is too late."""
    minutes = RETRY_MINUTES[min(message.attempts, len(RETRY_MINUTES)) - 1]
    next_at = at + timedelta(minutes=minutes)
    if next_at > (message.not_after or message.queued_at + TOO_LATE):
        return {"state": State.EXPIRED, "final_at": at, "body": "", "why": result.detail[:200]}
    return {"state": State.PENDING, "next_at": next_at, "claimed_by": "", "why": result.detail[:200]}
