"""Settings of a program, with where each number comes from, and the calendar of closed days."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.own_words import spoken_as
from rapport.programs import actions, forms, missing, words
from rapport.programs.doors import staff_page
from rapport.programs.models import ClosedTime
from rapport.programs.numbers import under_headings


@staff_page(Right.PROGRAM_VIEW)
def settings(request, program):
    changes = words.last_changes(program)
    context = {
        "promises": [
            (rule, words.promised(rule), changes.get(("programs.promise", rule.pk)))
            for rule in program.promises.order_by("pk")
        ],
        "numbers": under_headings(
            [(rule, changes.get(("programs.limit", rule.pk))) for rule in program.limits.order_by("pk")]
        ),
        "gates": [(rule, changes.get(("programs.gaterule", rule.pk))) for rule in program.gate_rules.order_by("pk")],
        "points": program.point_rules.order_by("moment", "pk"),
        "sites": program.sites.order_by("name"),
        "let_go": program.kinds_let_go.live().select_related("by").order_by("pk"),
        "may_edit": request.has_right(Right.PROGRAM_EDIT) and not program.archived_at,
        "may_found": request.has_right(Right.HOUSE_MANAGE),
        "lacking": missing.of_program(program, timezone.now()),
        "may_match": request.has_right(Right.MATCHING_RUN),
        "may_release": request.has_right(Right.MESSAGE_RELEASE),
    }
    return render(request, "programs/settings.html", context)


@staff_page(Right.PROGRAM_EDIT)
def about(request, program):
    """How participants reach the program."""
    now = {"contact_line": program.contact_line}
    form = forms.About(request.POST or None, initial=now)
    return keep(request, program, program, form, {"title": program.name})


@staff_page(Right.PROGRAM_EDIT)
def own_words(request, program):
    """What the program calls a match and those in it, on every page and in every letter."""
    form = forms.Words(request.POST or None, program=program)
    if request.method == "POST" and form.is_valid():
        own = {"words": form.words, "follows": [name for name in program.follows if name != "words"]}
        changed = actions.change_setting(program, own, by=request.user, at=timezone.now())
        kept(request, _("Kept. It holds from now on.") if changed else _("Nothing was different."))
        return redirect("programs:settings", program.slug)
    with spoken_as(None):  # here the house says its own words, or nobody would know which is replaced
        return render(request, "programs/own_words.html", {"form": form})


@staff_page(Right.PROGRAM_EDIT)
def starters(request, program):
    """How mentors and mentees are told to begin a talk again after an event."""
    form = forms.Starters(request.POST or None, program=program)
    if request.method == "POST" and form.is_valid():
        changed = actions.keep_starters(program, form.said(), by=request.user, at=timezone.now())
        kept(request, _("Kept. It holds from now on.") if changed else _("Nothing was different."))
        return redirect("programs:settings", program.slug)
    lead = _("They stand in the letters two to three weeks after an event. Name nobody, and ask for no address.")
    context = {"title": _("Ways to begin a talk again"), "lead": lead, "form": form}
    return render(request, "programs/rule.html", context, status=422 if form.errors else 200)


@staff_page(Right.PROGRAM_EDIT)
def site(request, program, ref):
    place = get_object_or_404(program.sites, ref=ref)
    now = {"name": place.name, "emergency_numbers": place.emergency_numbers}
    form = forms.Place(request.POST or None, initial=now, program=program, site=place)
    return keep(request, program, place, form, {"title": place.name})


@staff_page(Right.PROGRAM_EDIT)
def new_site(request, program):
    form = forms.Place(request.POST or None, program=program)
    if request.method == "POST" and form.is_valid():
        actions.add_site(program, **form.cleaned_data, by=request.user, at=timezone.now())
        kept(request, _("Kept."))
        return redirect("programs:settings", program.slug)
    return render(request, "programs/rule.html", {"title": _("A new site"), "form": form})


def keep(request, program, record, form, context):
    """One part of the settings: seen, and changed."""
    if request.method == "POST" and form.is_valid():
        changed = actions.change_setting(record, form.cleaned_data, by=request.user, at=timezone.now())
        kept(request, _("Kept. It holds from now on.") if changed else _("Nothing was different."))
        return redirect("programs:settings", program.slug)
    return render(request, "programs/rule.html", {"form": form, **context})


@staff_page(Right.PROGRAM_VIEW)
def calendar(request, program):
    """Closed days to come and of the last year; those who may change the program add to them."""
    may_edit = request.has_right(Right.PROGRAM_EDIT)
    if request.method == "POST" and not may_edit:
        raise Http404
    form = forms.CloseDays(request.POST or None, program=program)
    if request.method == "POST" and form.is_valid():
        actions.close_days(program, **form.cleaned_data, by=request.user, at=timezone.now())
        kept(request, _("Kept. On these days nothing is expected."))
        return redirect("programs:calendar", program.slug)
    return calendar_page(request, program, form)


def calendar_page(request, program, form):
    may_edit = request.has_right(Right.PROGRAM_EDIT)
    today = day_in(timezone.now(), program.zone)
    rows = ClosedTime.objects.filter(program=program).select_related("site")
    context = {
        "form": form if may_edit else None,
        "ahead": rows.filter(ends_on__gte=today).order_by("starts_on", "pk"),
        "past": rows.filter(ends_on__lt=today).order_by("-starts_on", "-pk")[:50],
        "may_edit": may_edit,
    }
    return render(request, "programs/calendar.html", context)


@staff_page(Right.PROGRAM_EDIT)
def reopen(request, program, pk):
    """Take closed days out of the calendar again."""
    closed = get_object_or_404(ClosedTime, program=program, pk=pk)
    if request.method == "POST":
        actions.open_days(closed, by=request.user, at=timezone.now())
        kept(request, _("These days are open again."))
    return redirect("programs:calendar", program.slug)
