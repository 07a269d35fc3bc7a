"""Suggestions beforehand on the pages of staff: sent, on paper, written down. Only in programs of grown-ups."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.codes import square
from rapport.core.languages import said_in
from rapport.core.months import day_in
from rapport.core.notices import kept as say_kept
from rapport.matches.views import answer
from rapport.matching.actions import wishing
from rapport.matching.models import WishAsk
from rapport.matching.wishes.forms import OnPaper
from rapport.matching.wishes.public import may_be_shown, page_of
from rapport.onboarding.wording import language_for, languages_of
from rapport.people.models import Participant
from rapport.programs.doors import staff_page

PAGE = 50


def reached(request, program, at):
    """What was asked of people this user may match. A program where children may be has no such page."""
    if not program.adults_only:
        raise Http404
    seen = Participant.objects.visible_to(request.user, Right.MATCHING_RUN, at).filter(program=program)
    rows = WishAsk.objects.filter(program=program, participant__in=seen, closed_at=None)
    return rows.select_related("program", "person", "participant", "taken_by")


@staff_page(Right.MATCHING_RUN)
def suggestions(request, program):
    """Who was shown a few people, and who has answered; POST sends suggestions to all mentees, or all mentors."""
    at = timezone.now()
    rows = reached(request, program, at)
    if request.method == "POST" and request.POST.get("do") in Participant.Side.values:
        made = wishing.suggest(program, side=request.POST["do"], by=request.user, at=at)
        said = ngettext("One person is shown a few others now.", "%(n)d people are shown a few others now.", len(made))
        say_kept(request, said % {"n": len(made)})
        return redirect("proposals:suggestions", program.slug)
    if after := places.find(request.GET.get("after")):
        rows = rows.filter(pk__lt=after)
    found, more = places.cut(rows.order_by("-pk"), PAGE)
    return render(request, "matching/suggestions.html", {"rows": found, "more": more, "at": at})


@staff_page(Right.MATCHING_RUN)
def sheet(request, program, ref):
    """The same on paper, in the reader's language."""
    at = timezone.now()
    found = get_object_or_404(reached(request, program, at), ref=ref)
    language = language_for(found.person, program, request.GET.get("in", ""))
    return said_in(language, print_sheet, request, program, found, language, at)


def print_sheet(request, program, found, language, at):
    back = request.build_absolute_uri(reverse("proposals:write-wishes", args=[program.slug, found.ref]))
    context = {
        "ask": found, "person": found.person, "language": language, "languages": languages_of(program),
        "code": square(f"{back}?in={language}"), **page_of(found, at),
    }  # fmt: skip
    return render(request, "matching/public/wishes_sheet.html", context)


@staff_page(Right.MATCHING_RUN)
def write_wishes(request, program, ref):
    """What stands on the sheet, or was said to staff. What was said before is not shown."""
    at = timezone.now()
    found = get_object_or_404(reached(request, program, at), ref=ref)
    form = OnPaper(
        request.POST or None, rows=may_be_shown(found, at), program=program, people=[found.person], at=at,
        earliest=day_in(found.made_at, program.zone), initial={"said_on": day_in(at, program.zone), "way": "paper"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        wishing.hear_wishes(found, **form.answer(), way=form.cleaned_data["way"], by=request.user, at=at)
        say_kept(request, _("Written down. It counts like a pressed answer."))
        return redirect("proposals:suggestions", program.slug)
    return answer(request, "matching/write_wishes.html", {"ask": found, "form": form}, form)
