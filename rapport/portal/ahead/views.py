"""A look at what a change will send, and the press that keeps the change."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.models import Heartbeat
from rapport.core.notices import kept
from rapport.portal import actions
from rapport.portal.ahead import changes, telling
from rapport.portal.models import Forecast
from rapport.programs import forms
from rapport.programs.doors import staff_page
from rapport.programs.models import ClosedTime
from rapport.programs.views import calendar_page

PAGE = 50


@staff_page(Right.PROGRAM_EDIT)
def ahead(request, program, ref):
    """What the change will do; with a press it is kept."""
    mine = Forecast.objects.visible_to(request.user).filter(program=program)
    forecast = get_object_or_404(mine.select_related("program"), ref=ref)
    change, at = changes.Change(**forecast.change), timezone.now()
    may_keep = forecast.state == Forecast.State.DONE and not forecast.kept_at and change.what != changes.QUIET
    if request.method == "POST":
        if not may_keep:
            raise Http404
        actions.keep_change(forecast, by=request.user, at=at)
        kept(request, _("Kept. It holds from now on."))
        return redirect(changes.after(change, program))
    context = {
        "forecast": forecast, "what": changes.words_of(change, program), "back": changes.page_of(change, program),
        "may_keep": may_keep,
    }  # fmt: skip
    if forecast.state == Forecast.State.WAITING:
        context["is_worked_on"] = Heartbeat.objects.somebody_works()
        return render(request, f"portal/ahead/{'_progress' if request.htmx else 'waiting'}.html", context)
    if forecast.state == Forecast.State.DONE:
        context |= {"said": telling.sentences(forecast, request.user, at), "weeks": telling.weeks(forecast)}
        context |= people_of(request, forecast, at)
    return render(request, "portal/ahead/show.html", context)


def people_of(request, forecast, at):
    """Whom it writes to, and whom not any more, day by day; in pages."""
    rows = telling.seen_by(request.user, forecast.rows.all(), forecast.program, at).order_by("pk")
    if after := places.find(request.GET.get("after")):
        rows = rows.filter(pk__gt=after)
    rows, place = places.cut(rows.select_related("person"), PAGE)
    return {"rows": rows, "older": f"?after={place}" if place else "", "newer": "?" if after else ""}


def looked_at(request, program, change):
    """To the page of what this change will send."""
    forecast = actions.look_ahead(change, program=program, by=request.user, at=timezone.now())
    return redirect("portal:ahead", program.slug, forecast.ref)


@staff_page(Right.PROGRAM_EDIT)
def closing(request, program):
    """What it does to close days, before they are closed."""
    if request.method != "POST":
        return redirect("programs:calendar", program.slug)
    form = forms.CloseDays(request.POST, program=program)
    if form.is_valid():
        return looked_at(request, program, changes.of_closing(form.cleaned_data))
    return calendar_page(request, program, form)


@staff_page(Right.PROGRAM_EDIT)
def opening(request, program, pk):
    """What it does to open closed days again."""
    closed = get_object_or_404(ClosedTime, program=program, pk=pk)
    if request.method != "POST":
        return redirect("programs:calendar", program.slug)
    return looked_at(request, program, changes.of_opening(closed))


@staff_page(Right.PROGRAM_EDIT)
def quiet_end(request, program):
    """What goes out when quiet start ends, beyond what waits now."""
    if not request.has_right(Right.MESSAGE_RELEASE):
        raise Http404
    if request.method != "POST" or not program.quiet_start:
        return redirect("outbox:quiet", program.slug)
    return looked_at(request, program, changes.of_quiet_end())
