"""Two asks, check-ins or answers of which one may stand, where two records are put together."""

from rapport.audit.actions import record
from rapport.checkins.actions.handing import settle
from rapport.checkins.models import Answer, Ask, CheckIn, Rest
from rapport.core.about import type_of
from rapport.outbox.models import Link
from rapport.people.models import OldRef

State = CheckIn.State
BEST_FIRST = (State.ANSWERED, State.TALKED, State.OPEN, State.LAPSED)
OUTCOME = ("state", "kept_at", "missed_at", "excused_at", "excuse")


def settle_ask(stays, goes, at):
    """The one that went out last goes on, with the cards of both. The other is withdrawn; its link, and the code on its
    sheet, lead to the one that goes on."""
    going_on = goes if goes.sent_at and (not stays.sent_at or goes.sent_at > stays.sent_at) else stays
    over = stays if going_on is goes else goes
    Ask.objects.filter(pk=over.pk).update(state=Ask.State.WITHDRAWN, next_at=None)
    CheckIn.objects.filter(ask=over).update(ask=going_on)
    Link.objects.about(over).update(about_id=going_on.pk)
    OldRef.objects.filter(about_type=type_of(over), about_id=over.pk).update(about_id=going_on.pk)
    OldRef.objects.create(ref=over.ref, about=going_on, left_at=at)
    record("ask.withdrawn", about=over, by=None, at=at)


def settle_rest(stays, goes, at):
    """The one that lasts longer runs on; without an end it lasts longest."""
    over = goes if stays.until_at is None or (goes.until_at and goes.until_at <= stays.until_at) else stays
    Rest.objects.filter(pk=over.pk).update(ended_at=at)


def settle_check_in(stays, goes, at):
    """One matter is answered once: what was said stands before what was not."""
    facts = {"ask_id": stays.ask_id or goes.ask_id}
    if BEST_FIRST.index(goes.state) < BEST_FIRST.index(stays.state):
        facts = {name: getattr(goes, name) for name in OUTCOME} | {"ask_id": goes.ask_id or stays.ask_id}
    CheckIn.objects.filter(pk=stays.pk).update(**facts)


def settle_answer(stays, goes, at):
    """Of two answers the later one stands, but never an unconfirmed one before a confirmed one. None is taken away."""
    if stays.form_id == goes.form_id:
        Answer.objects.filter(pk=goes.pk).update(form_id=f"{goes.form_id[:20]}-{goes.pk}")
    if stays.replaced_at or goes.replaced_at:
        return
    old, new = sorted((stays, goes), key=lambda one: (not one.is_suspect, one.answered_at, one.pk))
    Answer.objects.filter(pk=old.pk).update(replaced_at=max(old.answered_at, new.answered_at))


def settle_asks_of(person, *, at):
    """An ask in which nothing is left to answer is answered."""
    settle(list(Ask.objects.waiting().filter(person=person).values_list("pk", flat=True)), at)
