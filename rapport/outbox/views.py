"""What waits to go out, exactly as people would get it, and what went."""

from datetime import timedelta

from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.notices import kept
from rapport.outbox import actions
from rapport.outbox.models import Message
from rapport.outbox.preview import open_to, previews
from rapport.programs.doors import staff_page

PAGE = 25
SENT_PAGE = 50
SHOWN_FOR = timedelta(days=30)


@staff_page(Right.MESSAGE_RELEASE)
def held(request, program):
    """What waits under quiet start, by kind; each message as the person would get it."""
    at = timezone.now()
    waiting = waiting_for(request, program, at)
    kinds = kinds_of(waiting)
    kind = request.GET.get("kind", "")[:60]
    shown = waiting.filter(kind=kind) if kind else waiting
    if after := places.find(request.GET.get("after")):
        shown = shown.filter(pk__gt=after)
    rows = list(shown.select_related("program", "to", "about_type").order_by("pk")[: PAGE + 1])
    context = {
        "kinds": kinds,
        "kind": kind,
        "all": sum(n for _, n in kinds),
        "rows": previews(rows[:PAGE], request.user, at),
        "older": f"?kind={kind}&after={places.hide(rows[PAGE - 1].pk)}"
        if len(rows) > PAGE and kind in dict(kinds) | {"": 0}
        else "",
        "newer": f"?kind={kind}" if after and kind in dict(kinds) | {"": 0} else "",
    }
    return render(request, "outbox/held.html", context)


@staff_page(Right.MESSAGE_RELEASE)
def release(request, program):
    """Let go: one message, those ticked, all of a kind, or all."""
    if request.method != "POST":
        raise Http404
    at = timezone.now()
    waiting = waiting_for(request, program, at)
    if kind := request.POST.get("kind"):
        wanted = waiting if kind == "*" else waiting.filter(kind=kind[:60])
    else:
        wanted = waiting.filter(pk__in=[pk for pk in map(places.find, request.POST.getlist("message")) if pk])
    released = actions.release(wanted, by=request.user, at=at)
    words = ngettext("%(n)d message goes out now.", "%(n)d messages go out now.", released)
    kept(request, words % {"n": released} if released else _("Nothing was chosen, so nothing goes out."))
    return redirect("outbox:held", program.slug)


@staff_page(Right.MESSAGE_RELEASE)
def sent(request, program):
    """What was sent in the last 30 days, and what became of it; never its words."""
    at = timezone.now()
    gone = Message.objects.filter(program=program, state__in=Message.FINAL, final_at__gt=at - SHOWN_FOR)
    gone = open_to(request.user, gone, at)
    if before := places.find(request.GET.get("before")):
        gone = gone.filter(pk__lt=before)
    rows = list(gone.select_related("to").order_by("-pk")[: SENT_PAGE + 1])
    older = f"?before={places.hide(rows[SENT_PAGE - 1].pk)}" if len(rows) > SENT_PAGE else ""
    return render(request, "outbox/sent.html", {"rows": rows[:SENT_PAGE], "older": older})


def waiting_for(request, program, at):
    return open_to(request.user, Message.objects.held().filter(program=program), at)


def kinds_of(waiting):
    """(kind, how many wait), most first."""
    rows = waiting.order_by().values_list("kind").annotate(n=Count("pk"))
    return sorted(rows, key=lambda row: (-row[1], row[0]))
