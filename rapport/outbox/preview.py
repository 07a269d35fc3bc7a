"""A waiting message as the person would get it, without its link: that is made when the message leaves."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy, override

from rapport.access.rights import Right, Scope
from rapport.core.months import day_in
from rapport.outbox.composing import paragraphs, words_of
from rapport.outbox.kinds import KINDS, never_waiting
from rapport.outbox.models import Message
from rapport.outbox.questions import DOES_NOT_READ, NO_ADDRESS, NO_PRIVATE_ADDRESS, REFUSED_MESSAGES
from rapport.outbox.settling import settle, whom_they_tell_of
from rapport.people.models import Guardianship, Participant, Person, kept_from
from rapport.people.scopes import close_to
from rapport.programs import doors
from rapport.programs.models import Membership

LINK = "[link]"
WAITS = {  # said in the end by delivery, in short
    "one a day": gettext_lazy("they had a letter today, so it goes tomorrow"),
    "waits for the morning": gettext_lazy("it is night there, so it goes in the morning"),
    "waits for their best time": gettext_lazy("it goes at the time that is best for them"),
}
BATCH = 500
UNREACHED = (NO_ADDRESS, NO_PRIVATE_ADDRESS, REFUSED_MESSAGES, DOES_NOT_READ)  # its words are told all the same
LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Preview:
    """What one waiting message says, where it would go, and what stands in its way (empty: nothing)."""

    message: Message
    subject: str = ""
    body: str = ""
    address: str = ""
    why_not: str = ""
    language: str = ""

    @cached_property
    def place(self):
        """Sealed once for the three times its row of a list says it."""
        return self.message.place

    @property
    def parts(self):
        """The body as mail lays it out; a part that is nothing but the link is its button."""
        return paragraphs(self.body, is_link=lambda text: text == LINK)

    @property
    def button(self):
        """The word on the button that opens the link, as the letter has it."""
        with override(self.language):
            return gettext("Open the page")

    @property
    def language_name(self):
        return LANGUAGES.get(self.language, self.language)


def open_to(user, messages, at):
    """Of these, what whoever releases may read: nothing on safety or signing in, nobody they are kept away from.

    What goes to themselves or to a child of theirs is for a colleague to read.
    """
    messages = messages.filter(to__isnull=False, is_urgent=False).exclude(kind__in=never_waiting())
    return messages.exclude(to__in=kept_from(user, at)).exclude(to__in=close_to(user))


def barred_from(user, at):
    """Whom this user is to read nothing about: kept away from, or too close. Themselves only if they take part."""
    only_at_work = Person.objects.filter(user=user, participations=None).values_list("pk", flat=True)
    return {*kept_from(user, at), *close_to(user)} - set(only_at_work)


def waiting_in(program, user, at):
    """What waits in a program that this user may read; nothing that tells of whom they are barred from.

    Whoever sees only some of the matches reads what goes to and tells of their people alone.
    """
    waiting = open_to(user, Message.objects.held().filter(program=program), at)
    reached = people_reached(program, user, at)
    if reached is None and not barred_from(user, at):
        return waiting
    shut, keys = [], list(waiting.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = list(Message.objects.filter(pk__in=keys[start : start + BATCH]))
        open_ones = {message.pk for message in within(without_barred(batch, user, at), reached)}
        shut += [message.pk for message in batch if message.pk not in open_ones]
    return waiting.exclude(pk__in=shut)


def people_reached(program, user, at):
    """The people whose messages this user may read here, with guardians of children among them; None: all."""
    everywhere = doors.through(user, Right.MESSAGE_VIEW, at).get(Scope.PROGRAM, ())
    if Membership.objects.filter(pk__in=everywhere, program=program).exists():
        return None
    own = Participant.objects.filter(program=program).visible_to(user, Right.MESSAGE_VIEW, at)
    people = set(own.values_list("person", flat=True))
    guardians = Guardianship.objects.living(day_in(at, program.zone)).filter(child__in=people)
    return people | set(guardians.values_list("adult", flat=True))


def within(messages, reached):
    """Those to and about these people alone; None: all of them. A kind that does not say of whom it tells is not."""
    if reached is None or not messages:
        return messages
    telling = [one for one in messages if one.kind in KINDS and KINDS[one.kind].speaks_of]
    spoken_of = whom_they_tell_of(telling)
    return [one for one in telling if {one.to_id, *spoken_of[one.pk]} <= reached]


def previews(messages, user, at):
    """One Preview per message, in order, in a number of queries that depends on the kinds among them alone."""
    messages = without_barred(messages, user, at)
    return [preview(plan) for plan in settle(messages, at)]


def without_barred(messages, user, at):
    """These messages without any that speaks of somebody the reader is barred from."""
    barred = barred_from(user, at)
    if not barred:
        return messages
    spoken_of = whom_they_tell_of(messages)
    return [message for message in messages if not barred & spoken_of[message.pk]]


def preview(plan):
    """The words of one settled message, in its language; of one that nobody wants any more there are none."""
    message, kind = plan.message, KINDS.get(plan.message.kind)
    is_gone = plan.state == Message.State.SUPPRESSED
    if kind is None or (is_gone and plan.why not in UNREACHED):
        return Preview(message, why_not=plan.why, language=plan.language)
    told = {"person": message.to, "program": message.program, **plan.words}
    if kind.link:
        told["link"] = LINK
    subject, body = words_of(kind.template, told, plan.language)
    address = plan.point.value if plan.point and not is_gone else ""
    return Preview(message, subject, body, address, WAITS.get(plan.why, plan.why), plan.language)
