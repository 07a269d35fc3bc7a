"""Somebody answers our letter by mail. A number alone is minutes; anything else a person reads."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.access.rights import Right
from rapport.audit.actions import record
from rapport.checkins.models import Ask
from rapport.checkins.replies import Reply
from rapport.checkins.steps import INVITATIONS, REMINDER
from rapport.core.languages import OF_STAFF
from rapport.core.refused import Refused
from rapport.matches.calling import with_owners
from rapport.matches.models import Match, Member
from rapport.meetings.actions import log
from rapport.meetings.models import Meeting
from rapport.meetings.questions import not_long_ago, unlogged_by
from rapport.outbox.models import Message
from rapport.outbox.questions import addresses
from rapport.people.models import ContactPoint, Participant
from rapport.tasks.actions import NewTask, add_tasks

READ = "checkins/read-a-reply"
KEPT, TO_A_PERSON, NOBODY, UNKNOWN = "kept", "to a person", "nobody to read it", "unknown"


@dataclass(frozen=True)
class Asked:
    """The ask that a reply answers, and the message it came with."""

    ask: Ask
    message: Message


@transaction.atomic
def take_reply(reply: Reply | None, *, at) -> str:
    """Keep the minutes of a reply that is a number alone, of the one meeting that its message asked about.

    Says what became of it: KEPT; TO_A_PERSON (it is ours and says something else: a task, the words stay in the
    mailbox); NOBODY (the same, and nobody could be given that task); UNKNOWN (nothing of ours, or not from the address
    the message went to). A reply that comes twice is kept once.
    """
    asked = find(reply, at) if reply else None
    if reply is None or asked is None:
        return UNKNOWN
    form_id = f"reply:{asked.message.pk}"
    if reply.minutes is not None and asked.ask.person.logs.filter(form_id=form_id, minutes=reply.minutes).exists():
        return KEPT
    meeting = the_one_meant(asked.ask, at)
    if reply.minutes is None or meeting is None:
        return to_a_person(asked, reply, at)
    try:
        with transaction.atomic():
            log(
                meeting, asked.ask.person, True, minutes=reply.minutes, source="number", form_id=form_id,
                by=asked.ask.person, at=at,
            )  # fmt: skip
    except Refused:
        return to_a_person(asked, reply, at)
    if not asked.ask.check_ins.exists():
        done = Ask.objects.waiting().filter(pk=asked.ask.pk)
        if done.update(state=Ask.State.ANSWERED, answered_at=at, next_at=None):
            record("ask.answered", about=asked.ask, by=asked.ask.person, at=at)
    return KEPT


def find(reply, at):
    """The ask of a message that went to this very address; both must fit."""
    people = ContactPoint.objects.mail().filter(value__iexact=reply.sender).values("person")
    sent = Message.objects.filter(to__in=people, message_id__in=reply.references[:20])
    message = sent.filter(kind__in=(*INVITATIONS, REMINDER), state=Message.State.ACCEPTED).select_related("to").first()
    if message is None:
        return None
    ask = Ask.objects.filter(pk=message.about_id, person=message.to).select_related("person", "program").first()
    if ask is None or not ask.takes_answers(at):
        return None
    point = addresses([ask.person], program=ask.program, at=at)[ask.person_id]
    return Asked(ask, message) if (point.value or "").lower() == reply.sender else None


def the_one_meant(ask, at):
    """The meeting of which a number can be the minutes, or None where it may be another's, too.

    Nothing but this one was untold when the letter was made, and nothing else is now: which of several somebody meant,
    only they know, be one of them told meanwhile or younger than the letter.
    """
    untold = unlogged_by(ask.person, ask.program, at)
    if len(untold) != 1 or untold[0].ends_at > ask.made_at:
        return None
    before, since = Q(logs__logged_at__lt=ask.made_at), Q(logs__logged_at__gte=ask.made_at)
    own = Member.objects.filter(participant__person=ask.person, program=ask.program, side=Participant.Side.MENTOR)
    asked = Meeting.objects.filter(not_long_ago(ask.made_at), match__in=own.values("match"), ends_at__lte=ask.made_at)
    return None if asked.filter(since).exclude(before).exists() else untold[0]


def to_a_person(asked, reply, at):
    """Whoever looks after a pair of theirs reads it where it lies; the same words are one task, other words another.

    We keep no word of it: it may say anything; a number alone is said.
    """
    ask = asked.ask
    theirs = Member.objects.filter(participant__person=ask.person, program=ask.program).values("match")
    matches = Match.objects.open().filter(pk__in=theirs).select_related("coordinator").with_people().order_by("pk")
    match, owner = next(with_owners(matches, at, others=Right.ANSWER_VIEW), (None, None))
    if owner is None:
        return NOBODY
    new = NewTask(
        program=ask.program, kind=READ, owner=owner, person=ask.person, about=match, reason=reason(ask.person, reply),
        due_at=at, late_at=None, cause_key=f"reply:{asked.message.pk}:{reply.said}", pressing=2, minutes=5,
    )  # fmt: skip
    add_tasks([new], by=None, at=at)
    return TO_A_PERSON


def reason(person, reply):
    with override(OF_STAFF):
        words = _("%(name)s answered our letter by mail, with more than a number. Read it in the mailbox today.")
        if reply.minutes is not None:
            words = _("%(name)s answered our letter by mail with “%(n)d”. Of which meeting is not sure: ask them.")
        return words % {"name": person.first_name, "n": reply.minutes}
