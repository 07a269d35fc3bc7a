"""Somebody answers our letter by mail. A number alone is minutes; anything else a person reads."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.audit.actions import record
from rapport.checkins.models import Ask
from rapport.checkins.replies import Reply
from rapport.checkins.steps import INVITATION, REMINDER
from rapport.core.languages import OF_STAFF
from rapport.core.refused import Refused
from rapport.matches.models import Match, Member
from rapport.meetings.actions import log
from rapport.meetings.questions import unlogged_by
from rapport.outbox.models import Message
from rapport.outbox.questions import addresses
from rapport.people.models import ContactPoint
from rapport.tasks.actions import NewTask, add_tasks

READ = "checkins/read-a-reply"
KEPT, TO_A_PERSON, UNKNOWN = "kept", "to a person", "unknown"


@dataclass(frozen=True)
class Asked:
    """The ask that a reply answers, and the message it came with."""

    ask: Ask
    message: Message


@transaction.atomic
def take_reply(reply: Reply | None, *, at) -> str:
    """Keep the minutes of a reply that is a number alone, of the one meeting that its message asked about.

    Says what became of it: KEPT; TO_A_PERSON (it is ours and says something else: a task, the words stay in the
    mailbox); UNKNOWN (nothing of ours, or not from the address the message went to). A reply that comes twice is kept
    once.
    """
    asked = find(reply, at) if reply else None
    if reply is None or asked is None:
        return UNKNOWN
    form_id = f"reply:{asked.message.pk}"
    meetings = [one for one in meetings_of(asked.ask, at) if one.ends_at <= asked.ask.made_at]
    if reply.minutes is None or len(meetings) != 1:
        known = asked.ask.person.logs.filter(form_id=form_id, minutes=reply.minutes)
        if reply.minutes is not None and known.exists():
            return KEPT
        return to_a_person(asked, at)
    try:
        with transaction.atomic():
            log(
                meetings[0], asked.ask.person, True, minutes=reply.minutes, source="number", form_id=form_id,
                by=asked.ask.person, at=at,
            )  # fmt: skip
    except Refused:
        return to_a_person(asked, at)
    if not asked.ask.check_ins.exists():
        done = Ask.objects.waiting().filter(pk=asked.ask.pk)
        if done.update(state=Ask.State.ANSWERED, answered_at=at, next_at=None):
            record("ask.answered", about=asked.ask, by=asked.ask.person, at=at)
    return KEPT


def find(reply, at):
    """The ask of a message that went to this very address; both must fit."""
    people = ContactPoint.objects.mail().filter(value__iexact=reply.sender).values("person")
    sent = Message.objects.filter(to__in=people, message_id__in=reply.references[:20])
    message = sent.filter(kind__in=(INVITATION, REMINDER), state=Message.State.ACCEPTED).select_related("to").first()
    if message is None:
        return None
    ask = Ask.objects.filter(pk=message.about_id, person=message.to).select_related("person", "program").first()
    if ask is None or not ask.takes_answers(at):
        return None
    point = addresses([ask.person], program=ask.program, at=at)[ask.person_id]
    return Asked(ask, message) if (point.value or "").lower() == reply.sender else None


def meetings_of(ask, at):
    return unlogged_by(ask.person, ask.program, at)


def to_a_person(asked, at):
    """Their coordinator reads it where it lies. We keep no word of it: it may say anything."""
    ask = asked.ask
    place = Member.objects.filter(participant__person=ask.person, program=ask.program, match__state__in=Match.OPEN)
    match = next((m.match for m in place.select_related("match__coordinator") if m.match.coordinator_id), None)
    if match is not None:
        with override(OF_STAFF):
            words = _("%(name)s answered our letter by mail, with more than a number. Read it in the mailbox today.")
            reason = words % {"name": ask.person.first_name}
        new = NewTask(
            program=ask.program, kind=READ, owner=match.coordinator, person=ask.person, about=match, reason=reason,
            due_at=at, late_at=None, cause_key=f"reply:{asked.message.pk}", pressing=2, minutes=5,
        )  # fmt: skip
        add_tasks([new], by=None, at=at)
    return TO_A_PERSON
