"""Pages of one match's steps: propose, begin, set aside, coordinate, end. Who rests is in `resting.py`."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.matches import actions, forms
from rapport.matches.models import Match
from rapport.matches.questions import Readiness
from rapport.matches.ticking import Ticks, moment_of, points_of
from rapport.onboarding.questions import held_back
from rapport.people.models import Participant
from rapport.programs.doors import staff_page

PAGE = 50
MANY = "many"  # a field called "matches" would hide `form.matches` from the scripts of the page


def reach(request, program, ref, right):
    """The match of this page, with its people; a stranger meets a 404."""
    found = Match.objects.visible_to(request.user, right).filter(program=program)
    return get_object_or_404(found.select_related("program", "coordinator", "site").with_people(), ref=ref)


def answer(request, template, context, *forms_):
    return render(request, template, context, status=422 if any(form.errors for form in forms_) else 200)


def letters_of(text):
    """What somebody typed to find a name, without signs that no database takes."""
    return text.replace("\x00", "").strip()[:60]


@staff_page(Right.MATCH_EDIT)
def new(request, program):
    at = timezone.now()
    people = Participant.objects.visible_to(request.user, Right.PARTICIPANT_VIEW).filter(program=program).active()
    people = people.exclude(pk__in=held_back(program, at)).select_related("person", "site")
    letters = {side: letters_of(request.GET.get(f"{side}s", "")) for side in ("mentor", "mentee")}
    form = forms.Pair(
        request.POST or None,
        people=people,
        letters=letters,
        program=program,
        at=at,
        initial={"coordinator": request.user.pk, **{side: request.GET.get(side, "") for side in ("mentor", "mentee")}},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row = actions.NewMatch([data["mentor"]], [data["mentee"]], coordinator=data["coordinator"])
        match = actions.propose([row], program=program, by=request.user, at=at)[0]
        kept(request, _("They are proposed to each other. Here is what comes before they begin."))
        return redirect("matches:begin", program.slug, match.ref)
    return answer(request, "matches/new.html", {"form": form, "letters": letters}, form)


@staff_page(Right.MATCH_EDIT)
def begin(request, program, ref):
    at = timezone.now()
    match = reach(request, program, ref, Right.MATCH_EDIT)
    if request.method != "POST" and match.state != Match.State.PROPOSED:
        return redirect(match)
    form = forms.Beginning(request.POST or None, initial={"begun_on": day_in(at, program.zone)})
    if request.method == "POST" and form.is_valid():
        actions.begin(match, begun_on=form.cleaned_data["begun_on"], by=request.user, at=at)
        kept(request, _("%(pair)s have begun.") % {"pair": match.title})
        return redirect(match)
    readiness = Readiness([match], at)
    context = {
        "match": match,
        "form": form,
        "ticks": Ticks(points=points_of(match, moment_of(match), at)),
        "lacks": readiness.lacks(match),
        "advice": readiness.advice(match),
    }
    return answer(request, "matches/begin.html", context, form)


@staff_page(Right.MATCH_EDIT)
def points(request, program, ref):
    """Keep the ticks, whether or not the next step is near."""
    at = timezone.now()
    match = reach(request, program, ref, Right.MATCH_EDIT)
    moment = moment_of(match)
    back = redirect("matches:begin" if moment == "begin" else "matches:close", program.slug, match.ref)
    if request.method != "POST":
        return back
    form = Ticks(request.POST, points=points_of(match, moment, at))
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return back
    words = form.words_by_code()
    ticked = actions.tick_codes(match, moment=moment, words_by_code=words, by=request.user, at=at)
    said = ngettext("%(n)d point is ticked.", "%(n)d points are ticked.", ticked) % {"n": ticked}
    kept(request, said if ticked else _("Nothing new was ticked."))
    return back


@staff_page(Right.MATCH_EDIT)
def set_aside(request, program, ref):
    match = reach(request, program, ref, Right.MATCH_EDIT)
    if request.method != "POST" and match.state != Match.State.PROPOSED:
        return redirect(match)
    form = forms.Aside(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_aside(match, words=form.cleaned_data["words"], by=request.user, at=timezone.now())
        kept(request, _("The proposal is set aside. Both can be proposed anew."))
        return redirect(match)
    return answer(request, "matches/set_aside.html", {"match": match, "form": form}, form)


@staff_page(Right.MATCH_EDIT)
def coordinator(request, program, ref):
    at = timezone.now()
    match = reach(request, program, ref, Right.MATCH_EDIT)
    form = forms.Coordinator(
        request.POST or None, program=program, at=at, initial={"coordinator": match.coordinator_id}
    )
    if request.method == "POST" and form.is_valid():
        actions.assign([match], coordinator=form.cleaned_data["coordinator"], by=request.user, at=at)
        kept(request, _("%(name)s looks after them now.") % {"name": form.cleaned_data["coordinator"].first_name})
        return redirect("matches:begin" if match.state == Match.State.PROPOSED else "portal:match", program.slug, ref)
    return answer(request, "matches/coordinator.html", {"match": match, "form": form}, form)


@staff_page(Right.MATCH_EDIT)
def coordinators(request, program):
    """Name one colleague for many matches: those without a coordinator, or those of somebody who goes."""
    at = timezone.now()
    reached = Match.objects.visible_to(request.user, Right.MATCH_EDIT).filter(program=program)
    reached = reached.filter(state__in=Match.ALIVE)
    form = forms.Coordinators(request.POST or None, matches=reached, program=program, at=at, prefix=MANY)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["matches"].select_related("program")
        changed = actions.assign(chosen, coordinator=form.cleaned_data["coordinator"], by=request.user, at=at)
        said = ngettext("%(n)d match has a new coordinator.", "%(n)d matches have a new coordinator.", changed)
        kept(request, said % {"n": changed})
        return redirect("matches:coordinators", program.slug)
    colleagues, whose = list(forms.colleagues(program, at)), request.GET.get("of", "")
    if whose == "nobody":
        reached = reached.filter(coordinator=None)
    elif whose in {str(one.pk) for one in colleagues}:
        reached = reached.filter(coordinator=whose)
    if after := places.find(request.GET.get("after")):
        reached = reached.filter(pk__gt=after)
    page, more = places.cut(reached.select_related("coordinator", "site").with_people().order_by("pk"), PAGE)
    context = {
        "form": form,
        "page": page,
        "more": more,
        "whose": whose,
        "colleagues": colleagues,
        "chosen": request.POST.getlist(f"{MANY}-matches"),
    }
    return answer(request, "matches/coordinators.html", context, form)


@staff_page(Right.MATCH_CLOSE)
def close(request, program, ref):
    at = timezone.now()
    match = reach(request, program, ref, Right.MATCH_CLOSE)
    if request.method != "POST" and not match.is_open:
        return redirect(match)
    today = day_in(at, program.zone)
    form = forms.Ending(request.POST or None, initial={"ended_on": today})
    form.fields["ended_on"].earliest, form.fields["ended_on"].latest = match.begun_on, today
    ticks = Ticks(request.POST or None, points=points_of(match, moment_of(match), at), must=True)
    if request.method == "POST" and all([form.is_valid(), ticks.is_valid()]):
        said = ticks.words_by_code()
        actions.close(match, **form.cleaned_data, words_by_code=said, by=request.user, at=at)
        kept(request, _("%(pair)s have said goodbye. Thank you for ending it well.") % {"pair": match.title})
        return redirect(match)
    context = {"match": match, "form": form, "ticks": ticks, "both": [ticks, form]}
    return answer(request, "matches/close.html", context, form, ticks)
