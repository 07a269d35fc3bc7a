"""A waiting message as the person would get it, without its link: that is made when the message leaves."""

from dataclasses import dataclass

from rapport.core import places
from rapport.outbox.composing import words_of
from rapport.outbox.kinds import KINDS, never_waiting
from rapport.outbox.models import Message
from rapport.outbox.settling import settle, whom_they_tell_of
from rapport.people.models import Restriction

LINK = "[link]"


@dataclass(frozen=True)
class Preview:
    """What one waiting message says, where it would go, and what stands in its way (empty: nothing)."""

    message: Message
    subject: str = ""
    body: str = ""
    address: str = ""
    why_not: str = ""

    @property
    def place(self):
        return places.hide(self.message.pk)


def open_to(user, messages, at):
    """Of these, what whoever releases may read: nothing on safety or signing in, nobody they are kept away from."""
    messages = messages.filter(to__isnull=False, is_urgent=False).exclude(kind__in=never_waiting())
    return messages.exclude(to__in=subjects_kept_from(user, at))


def subjects_kept_from(user, at):
    return Restriction.objects.live(at.date()).filter(kept_away__user=user).values("subject")


def previews(messages, user, at):
    """One Preview per message, in order, in a number of queries that depends on the kinds among them alone."""
    messages = without_kept_away(messages, user, at)
    return [preview(plan) for plan in settle(messages, at)]


def without_kept_away(messages, user, at):
    """These messages without any that speaks of somebody the reader is kept away from."""
    barred = set(subjects_kept_from(user, at).values_list("subject", flat=True))
    if not barred:
        return messages
    spoken_of = whom_they_tell_of(messages)
    return [message for message in messages if not barred & spoken_of[message.pk]]


def preview(plan):
    """The words of one settled message, in its language."""
    message, kind = plan.message, KINDS.get(plan.message.kind)
    if kind is None or plan.state == Message.State.SUPPRESSED:
        return Preview(message, why_not=plan.why)
    told = {"person": message.to, "program": message.program, **plan.words}
    if kind.link:
        told["link"] = LINK
    subject, body = words_of(kind.template, told, plan.language)
    return Preview(message, subject, body, plan.address, plan.why)
