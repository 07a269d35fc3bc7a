"""What a person may say instead of answering, and how asking by message begins again."""

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.audit.actions import record
from rapport.checkins.actions.gathering import MONTH
from rapport.checkins.actions.handing import CALL_ME, NOT_ME, put_on_desks
from rapport.checkins.actions.stepping import key
from rapport.checkins.models import Ask, CheckIn, Rest
from rapport.checkins.refusals import NoLongerAsked
from rapport.checkins.steps import NEW_LINK
from rapport.outbox.actions import close_links, queue, somebody_else_reads
from rapport.outbox.models import Link


@transaction.atomic
def ask_to_talk(ask, *, by, at):
    """They would rather talk: a call on their coordinator's desk, whatever became of the ask. Once for each ask."""
    Ask.objects.waiting().filter(pk=ask.pk).update(state=Ask.State.HANDED_OVER, next_at=None)
    call(ask, CALL_ME, at)
    record("ask.wants-a-talk", about=ask, by=by, at=at)


@transaction.atomic
def not_me(ask, *, at):
    """Somebody else reads that address: nothing goes there any more, its links are shut, and a person looks into it."""
    Ask.objects.waiting().filter(pk=ask.pk).update(state=Ask.State.HANDED_OVER, next_at=None)
    call(ask, NOT_ME, at)
    rest(ask, Rest.Why.NOT_ME, at, None)
    close_links(Ask.objects.filter(program=ask.program, person=ask.person), at=at)
    record("ask.not-them", about=ask, by=None, at=at)
    somebody_else_reads(Link.objects.about_any(Ask.objects.filter(pk=ask.pk)), at=at)


@transaction.atomic
def not_this_month(ask, *, by, at):
    """Rather not this month: an answer like any other. Raises NoLongerAsked."""
    if not ask.takes_answers(at):
        raise NoLongerAsked(ask)
    excused = {"state": CheckIn.State.LAPSED, "excused_at": at, "excuse": _("they would rather not be asked")}
    CheckIn.objects.open().filter(ask=ask).update(**excused)
    Ask.objects.filter(pk=ask.pk, state__in=[*Ask.WAITING, Ask.State.HANDED_OVER]).update(
        state=Ask.State.ANSWERED, answered_at=at, next_at=None
    )
    rest(ask, Rest.Why.WISH, at, at + MONTH)
    record("ask.rather-not", about=ask, by=by, at=at)


@transaction.atomic
def ask_again(person, *, program, by, at):
    """Ask this person by message again. Returns whether they had not been asked."""
    ended = Rest.objects.filter(program=program, person=person, ended_at=None).update(ended_at=at)
    if ended:
        record("asking.resumed", about=program, by=by, at=at, person=person.pk)
    return bool(ended)


@transaction.atomic
def send_new_link(ask, *, at):
    """Send a new link to the address on file, once an hour at most. Raises NoLongerAsked."""
    if not ask.takes_answers(at):
        raise NoLongerAsked(ask)
    hour = at.replace(minute=0, second=0, microsecond=0)
    queue(NEW_LINK, to=ask.person, about=ask, key=f"{key(ask, 'new-link')}:{hour.isoformat()}", at=at)


def rest(ask, why, at, until_at):
    """One rest at a time: the newer reason takes the older one's place."""
    Rest.objects.filter(program=ask.program, person=ask.person, ended_at=None).update(ended_at=at)
    Rest.objects.create(program=ask.program, person=ask.person, why=why, since_at=at, until_at=until_at)


def call(ask, kind, at):
    put_on_desks([(ask, kind)], at, asked_for=True)
