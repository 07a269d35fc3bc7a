"""A program that is over: nothing is written, asked or sent in it any more; who manages the house can open it again."""

from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rapport.access.rights import Right
from rapport.audit.actions import record
from rapport.checkins.models import Ask, CheckIn
from rapport.core.notices import kept
from rapport.core.refused import Refused
from rapport.matches.models import Match
from rapport.outbox.models import Link, Message
from rapport.portal import program_file
from rapport.portal.setup.draft import Draft
from rapport.programs.doors import staff_page, when_archived
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


@staff_page(Right.HOUSE_MANAGE)
@when_archived
def archiving(request, program):
    """What stands in the way of archiving, and the press that does it; or the press that opens it again."""
    if request.method == "POST":
        at = timezone.now()
        if program.archived_at:
            reopen(program, by=request.user, at=at)
            kept(request, _("The program is open again."))
        else:
            archive(program, by=request.user, at=at)
            kept(request, _("The program is archived. Everything in it can still be read."))
        return redirect("portal:program", program.slug)
    context = {"reasons": [] if program.archived_at else in_the_way(program)}
    return render(request, "portal/archiving.html", context)


@staff_page(Right.HOUSE_MANAGE)
@when_archived
@require_POST
def copy(request, program):
    """Begin a new program with this one's settings, and nobody of its people."""
    draft = Draft(request.session)
    draft.begin_from_file(program_file.read_bytes(program_file.write(program).encode(), f"{program.slug}.toml"))
    draft.words["quiet_start"] = True
    draft.words.pop("using_since_on")
    draft.slug, draft.people = "", {}
    draft.keep("start")
    kept(request, _("The settings of %(program)s are taken over. Give it its own name.") % {"program": program})
    return redirect("portal:new-own")


def banner(request):
    program = getattr(request, "program", None)
    return _("This program is archived: it can be read, and nothing is written or sent.") if over(program) else None


def over(program):
    return program is not None and program.archived_at is not None
