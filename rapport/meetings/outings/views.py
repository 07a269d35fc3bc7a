"""Pages of staff: asking for an outing, how it stands, and a guardian's word that came on paper or by voice."""

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.codes import square
from rapport.core.languages import known, said_in
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.refs import new_ref
from rapport.matches.printing import require_printable
from rapport.meetings.actions import outings as actions
from rapport.meetings.models import Outing
from rapport.meetings.outings import forms
from rapport.meetings.outings.looking import names_of
from rapport.meetings.outings.refusals import ChangedMeanwhile
from rapport.meetings.outings.standing import standing_of, standings
from rapport.meetings.views import matches, the_match
from rapport.people.models import kept_from
from rapport.programs.doors import staff_page

LATEST = 20  # outings on the page of a pair


@staff_page(Right.MEETING_EDIT)
def ask(request, program, ref):
    """The outings of a pair, and asking for one more."""
    match, at = the_match(request, program, ref=ref), timezone.now()
    form = forms.Asked(request.POST or None, zone=program.zone, initial={"form_id": new_ref()})
    if request.method == "POST" and form.is_valid():
        outing = actions.ask_for_outing(
            match, **form.outing(), form_id=form.cleaned_data["form_id"] or new_ref(), by=request.user, at=at
        )
        kept(request, _("The guardians are asked."))
        return redirect("meetings:outing", program.slug, outing.ref)
    rows = standings(Outing.objects.filter(match=match).order_by("-starts_at")[:LATEST], at)
    context = {"match": match, "form": form, "rows": rows}
    return render(request, "meetings/outings/pair.html", context, status=422 if form.errors else 200)


@staff_page(Right.MEETING_EDIT)
def outing(request, program, ref):
    """How one stands, with each guardian's word; writing one down; calling it off."""
    at = timezone.now()
    one = the_outing(request, program, ref)
    standing = standing_of(one, at)
    shown = standing.shown(set(kept_from(request.user, at)))
    form = written_form(request, standing, shown, at)
    if request.method == "POST" and request.POST.get("do") == "off":
        actions.call_off_outing(one, by=request.user, at=at)
        kept(request, _("The outing is called off, and the mentor is told."))
        return redirect("meetings:outing", program.slug, one.ref)
    if request.method == "POST" and form.is_valid():
        actions.say_to_outing(one, **form.word(), by=request.user, at=at)
        kept(request, _("Written down."))
        return redirect("meetings:outing", program.slug, one.ref)
    context = {
        "match": one.match, "outing": one, "standing": standing, "form": form, "names": names_of(one), "shown": shown,
        "is_refused": bool(standing.broken) or any(row.word and not row.word.is_yes for row in shown),
        "until": actions.answer_by(one), "is_ahead": one.starts_at > at and not one.called_off_at,
    }  # fmt: skip
    return render(request, "meetings/outings/outing.html", context, status=422 if form.errors else 200)


def written_form(request, standing, shown, at):
    """A word that came on paper or by voice. Nobody writes down their own."""
    one, said = standing.outing, [row for row in shown if row.guardian.user_id != request.user.pk]
    return forms.Written(
        request.POST if request.POST.get("do") == "write" else None, says=said, program=one.program,
        people=[*standing.children, *(row.guardian for row in said)], at=at,
        initial={"said_on": day_in(at, one.program.zone), "way": "paper", "version": one.version},
    )  # fmt: skip


@staff_page(Right.MEETING_EDIT)
def change(request, program, ref):
    """What is planned, to be changed: whoever said yes is asked anew."""
    one = the_outing(request, program, ref)
    form = forms.Asked(request.POST or None, zone=program.zone, initial=forms.as_it_is(one))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_outing(one, **form.outing(), version=form.read, by=request.user, at=timezone.now())
        except ChangedMeanwhile as refusal:
            return change_page(request, the_outing(request, program, ref), None, refusal=refusal, status=409)
        kept(request, _("It is changed, and the guardians are asked anew."))
        return redirect("meetings:outing", program.slug, one.ref)
    return change_page(request, one, form, status=422 if form.errors else 200)


def change_page(request, one, form, *, refusal=None, status):
    """The form; after somebody else's change with what is planned now, not with what was typed over it."""
    form = form or forms.Asked(zone=one.program.zone, initial=forms.as_it_is(one))
    context = {"match": one.match, "outing": one, "form": form, "refusal": refusal}
    return render(request, "meetings/outings/change.html", context, status=status)


@staff_page(Right.MEETING_EDIT)
def sheet(request, program, ref):
    """The question on paper, a sheet for each child. It names no guardian and holds no word of anybody."""
    one = the_outing(request, program, ref)
    require_printable(one.match, timezone.now())
    asked = request.GET.get("in", "")
    context = {
        "outing": one, "children": standing_of(one, timezone.now()).children, "names": names_of(one),
        "until": actions.answer_by(one), "languages": program.languages, "language": asked,
        "code": square(settings.ADDRESS + reverse("meetings:outing", args=[program.slug, one.ref])),
    }  # fmt: skip
    language = asked if known(asked) else program.languages[0] if program.languages else "en"
    return said_in(language, render, request, "meetings/outings/sheet.html", {**context, "language": language})


def the_outing(request, program, ref):
    """One outing of a pair they see, and of no guardian they are kept away from."""
    found = Outing.objects.filter(program=program, match__in=matches(request, program))
    one = get_object_or_404(found.select_related("asked_by", "written_by", "meeting"), ref=ref)
    one.match = the_match(request, program, pk=one.match_id)
    one.program = program
    return one
