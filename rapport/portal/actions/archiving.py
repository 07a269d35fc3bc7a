"""Ending a program, and opening it again."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.audit.actions import record
from rapport.checkins.models import Ask, CheckIn
from rapport.core.refused import Refused
from rapport.matches.models import Match
from rapport.outbox.models import Link, Message
from rapport.programs.models import Program


class StillGoingOn(Refused):
    """Something in the program is not over yet; the sentence says what."""

    def __init__(self, program, reasons):
        super().__init__(program, " ".join(reasons))


def in_the_way(program):
    """What must end before the program can be archived, as sentences.

    Of safety it says nothing, for whether something is open there is the leads' alone to know. Their pages go on
    acting in an archived program.
    """
    counts = dict.fromkeys(Match.State, 0)
    for state in Match.objects.filter(program=program, state__in=Match.ALIVE).values_list("state", flat=True):
        counts[state] += 1
    going_on = counts[Match.State.ACTIVE] + counts[Match.State.PAUSED]
    proposed = counts[Match.State.PROPOSED]
    reasons = []
    if going_on:
        words = ngettext(
            "%(n)d match is open. End it first, with a last meeting and a goodbye.",
            "%(n)d matches are open. End each first, with a last meeting and a goodbye.",
            going_on,
        )
        reasons.append(words % {"n": going_on})
    if proposed:
        words = ngettext(
            "%(n)d match is proposed. Set it aside first.",
            "%(n)d matches are proposed. Set them aside first.",
            proposed,
        )
        reasons.append(words % {"n": proposed})
    return reasons


@transaction.atomic
def archive(program, *, by, at):
    """Nothing is asked, sent or written here any more. Returns whether it was open. Raises StillGoingOn."""
    Program.objects.select_for_update().get(pk=program.pk)
    if reasons := in_the_way(program):
        raise StillGoingOn(program, reasons)
    if not Program.objects.open().filter(pk=program.pk).update(archived_at=at):
        return False
    CheckIn.objects.open().filter(program=program).update(
        state=CheckIn.State.LAPSED, excused_at=at, excuse=_("the program was archived"), ask=None
    )
    Ask.objects.waiting().filter(program=program).update(state=Ask.State.WITHDRAWN, next_at=None)
    Link.objects.filter(program=program, closed_at=None).update(closed_at=at)
    waiting = Message.objects.filter(program=program, state__in=[Message.State.HELD, Message.State.PENDING])
    waiting.update(state=Message.State.SUPPRESSED, final_at=at, why=_("the program was archived"))
    record("program.archived", about=program, by=by, at=at)
    return True


@transaction.atomic
def reopen(program, *, by, at):
    """The program goes on: pages write again, and the clock sees it. Returns whether it was archived."""
    moved = Program.objects.filter(pk=program.pk).exclude(archived_at=None).update(archived_at=None)
    if moved:
        record("program.reopened", about=program, by=by, at=at)
    return bool(moved)
