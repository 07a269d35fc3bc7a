"""The page on which a named person confirms the checks of pairs from before Rapport."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.notices import kept
from rapport.matches import actions
from rapport.matches.actions.confirming import to_confirm
from rapport.matches.questions import lacks_for
from rapport.programs.doors import staff_page

PAGE = 50


@staff_page(Right.MATCH_EDIT)
def checks(request, program):
    """Which pairs wait, and for what; pressing confirms those chosen, each of which must have all."""
    at = timezone.now()
    waiting = to_confirm().filter(program=program).visible_to(request.user, Right.MATCH_EDIT, at)
    waiting = waiting.select_related("program", "coordinator", "site").with_people()
    if request.method == "POST":
        return confirm(request, program, waiting, at)
    if after := places.find(request.GET.get("after")):
        waiting = waiting.filter(pk__gt=after)
    page, more = places.cut(waiting.order_by("pk"), PAGE)
    lacks = lacks_for(page, at)
    context = {
        "rows": [(match, lacks[match.pk]) for match in page],
        "ready": [match for match in page if not lacks[match.pk]],
        "more": more,
    }
    return render(request, "matches/checks.html", context)


def confirm(request, program, waiting, at):
    """Raises AlreadyConfirmed where nothing chosen waits any more, NotReady; shown on the same page."""
    chosen = list(waiting.filter(ref__in=[ref for ref in request.POST.getlist("pair") if ref.isalnum()][:PAGE]))
    if not chosen:
        raise actions.AlreadyConfirmed(None)
    actions.confirm(chosen, by=request.user, at=at)
    words = ngettext(
        "%(pair)s: confirmed. What was promised to them begins today.",
        "%(n)d pairs are confirmed. What was promised to them begins today.",
        len(chosen),
    )
    kept(request, words % {"pair": chosen[0].title, "n": len(chosen)})
    return redirect("matches:checks", program.slug)
