"""Pages on which a match rests and goes on, and a gate is taken back."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.matches import actions, forms
from rapport.matches.models import Match
from rapport.matches.questions import lacks_for
from rapport.matches.views import answer, reach
from rapport.onboarding.gatekeeping import label_of
from rapport.onboarding.models import Gate
from rapport.people.models import Participant
from rapport.programs.doors import staff_page


@staff_page(Right.MATCH_EDIT)
def pause(request, program, ref):
    at = timezone.now()
    match = reach(request, program, ref, Right.MATCH_EDIT)
    if request.method != "POST" and match.state != Match.State.ACTIVE:
        return redirect(match)
    today = day_in(at, program.zone)
    form = forms.Rest(request.POST or None, initial={"starts_on": today})
    form.fields["starts_on"].earliest, form.fields["starts_on"].latest = match.begun_on, today
    if request.method == "POST" and form.is_valid():
        actions.pause(match, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("%(pair)s rest for now. Nothing is asked of them meanwhile.") % {"pair": match.title})
        return redirect(match)
    return answer(request, "matches/pause.html", {"match": match, "form": form}, form)


@staff_page(Right.MATCH_EDIT)
def resume(request, program, ref):
    at = timezone.now()
    match = reach(request, program, ref, Right.MATCH_EDIT)
    if request.method == "POST":
        actions.resume(match, by=request.user, at=at)
        kept(request, _("%(pair)s go on.") % {"pair": match.title})
        return redirect(match)
    if match.state != Match.State.PAUSED:
        return redirect(match)
    return render(request, "matches/resume.html", {"match": match, "lacks": lacks_for([match], at)[match.pk]})


@staff_page(Right.CLEARANCE_EDIT)
def withdraw(request, program, ref, code):
    """A gate is taken back, or seen and not in order; whoever coordinates a match of theirs is called at once."""
    at = timezone.now()
    people = Participant.objects.visible_to(request.user, Right.CLEARANCE_EDIT).filter(program=program)
    one = get_object_or_404(people.select_related("program", "person"), ref=ref)
    if code not in Gate.Code.values:
        raise Http404
    form = forms.Withdrawal(request.POST or None, initial={"met_on": day_in(at, program.zone)})
    form.fields["met_on"].latest = day_in(at, program.zone)
    if request.method == "POST" and form.is_valid():
        actions.withdraw_gate(one, code=code, **form.cleaned_data, by=request.user, at=at)
        words = _("Written down. Whoever looks after an open match of %(name)s finds it on their desk.")
        kept(request, words % {"name": one.person.first_name})
        return redirect("onboarding:gates", program.slug, one.ref)
    return answer(request, "matches/withdraw.html", {"one": one, "label": label_of(code), "form": form}, form)
