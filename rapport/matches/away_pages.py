"""Somebody rests from all their matches with one press, and is back with one."""

from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.matches import actions, forms
from rapport.matches.models import Away, Match
from rapport.matches.views import answer
from rapport.people.models import Participant
from rapport.programs.doors import staff_page


@staff_page(Right.MATCH_EDIT)
def away(request, program, ref):
    """All open matches of somebody that this reader looks after; while they rest, the way back."""
    at = timezone.now()
    people = Participant.objects.visible_to(request.user, Right.MATCH_EDIT, at).filter(program=program)
    one = get_object_or_404(people.select_related("person"), ref=ref)
    running = Away.objects.filter(program=program, person=one.person, ended_on=None).first()
    if running is not None:
        return back(request, program, one, running, at)
    matches = open_matches(request.user, program, one, at)
    today = day_in(at, program.zone)
    form = forms.Rest(request.POST or None, initial={"starts_on": today})
    form.fields["starts_on"].latest = today
    if request.method == "POST" and form.is_valid():
        actions.rest_from_all(one.person, matches, program=program, **form.cleaned_data, by=request.user, at=at)
        words = ngettext("%(n)d match of theirs rests for now.", "%(n)d matches of theirs rest for now.", len(matches))
        kept(request, words % {"n": len(matches)})
        return redirect(one)
    context = {"one": one, "matches": matches, "form": form, "running": None}
    return answer(request, "matches/away.html", context, form)


def back(request, program, one, running, at):
    if request.method == "POST" and request.POST.get("back") == "yes":
        stays = actions.come_back_to_all(running, by=request.user, at=at)
        words = _("%(name)s is back. What rested for them alone goes on.") % {"name": one.person.first_name}
        if stays:
            words = f"{words} {_('Some stay paused for now. Ask the leadership of the program.')}"
        kept(request, words)
        return redirect(one)
    theirs = open_matches(request.user, program, one, at)
    context = {"one": one, "matches": theirs, "form": forms.Rest(), "running": running}
    return answer(request, "matches/away.html", context, forms.Rest())


def open_matches(user, program, one, at):
    seen = Match.objects.visible_to(user, Right.MATCH_EDIT, at).filter(program=program).open()
    return list(seen.filter(members__participant__person=one.person).distinct().order_by("pk").with_people())
