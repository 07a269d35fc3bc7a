"""What helps between mentor and mentee, on the pages of staff: read, written down on behalf, and passed on by hand."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.matches.actions import feedback as actions
from rapport.matches.actions.goals import Heard
from rapport.matches.goals_forms import WhatHelpsTold
from rapport.matches.goals_pages import can_write_of, level_of
from rapport.matches.models import Feedback, Seen
from rapport.matches.views import answer, reach
from rapport.people.models import kept_from
from rapport.programs.doors import staff_page

SHOWN = 60


@staff_page(Right.TALK)
def feedback(request, program, ref):
    """What each said, for whoever reads answers; and a form for what somebody told or wrote on paper."""
    at = timezone.now()
    match = reach(request, program, ref, Right.TALK)
    people = [(one.person, one.person.first_name) for one in [*match.mentees, *match.mentors]]
    form = WhatHelpsTold(request.POST or None, match=match, people=people, today=day_in(at, program.zone))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        heard = Heard(form.speaker, said["way"], said["said_on"])
        actions.say_feedback(match, to=said["to"], **form.told(), heard=heard, by=request.user, at=at)
        kept(request, _("Written down. It goes to nobody by itself."))
        return redirect("matches:feedback", program.slug, match.ref)
    reads = level_of(request, match) >= Seen.STAFF
    rows = match.feedback.exclude(person__in=kept_from(request.user, at)).exclude(to__in=kept_from(request.user, at))
    rows = rows.select_related("person", "to", "passed_by")[:SHOWN] if reads else []
    context = {"match": match, "form": form, "rows": list(rows), "reads": reads, "can_write": can_write_of(match)}
    return answer(request, "matches/feedback.html", context, form)


@staff_page(Right.TALK)
def passed(request, program, ref):
    """One press: it was passed on, as its giver wanted; or they would rather not, after all."""
    told = Feedback.objects.filter(program=program).exclude(person__in=kept_from(request.user, timezone.now()))
    row = get_object_or_404(told.select_related("match"), ref=ref)
    match = reach(request, program, row.match.ref, Right.TALK)
    if level_of(request, match) < Seen.STAFF:
        raise Http404
    if request.method == "POST" and request.POST.get("do") == "pass":
        actions.pass_on(row, by=request.user, at=timezone.now())
        kept(request, _("Passed on. A grown-up finds it on their page; tell a child yourself."))
    elif request.method == "POST" and request.POST.get("do") == "keep":
        actions.keep_back(row, by=request.user, at=timezone.now())
        kept(request, _("It stays with staff."))
    return redirect("matches:feedback", program.slug, match.ref)
