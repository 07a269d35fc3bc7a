"""A program that is over: nothing is written, asked or sent in it any more; who manages the house can open it again."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.access.rights import Right
from rapport.core.notices import kept
from rapport.portal import program_file
from rapport.portal.actions import archive, in_the_way, reopen
from rapport.portal.setup.draft import Draft
from rapport.programs.doors import staff_page, when_archived


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
