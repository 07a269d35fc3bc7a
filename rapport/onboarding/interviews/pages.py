"""The interview of one person, and what interviews look at. No page of those who take part shows any of it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.audit.actions import record_read
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.onboarding.actions import interviewing as actions
from rapport.onboarding.interviews import reading
from rapport.onboarding.interviews.forms import Found, NewRule, Rules
from rapport.people.models import Participant
from rapport.programs import words
from rapport.programs.doors import staff_page

Side = Participant.Side
STORY = 20  # interviews of one person on one page


@staff_page(Right.PARTICIPANT_VIEW)
def interview(request, program, ref):
    """What was found of one person; POST keeps a newer word. That it was read is in the trail."""
    at = timezone.now()
    people = reading.readable_both(request.user, program, at).select_related("person", "program")
    one = get_object_or_404(people, ref=ref)
    rules = reading.looked_at(program, one.side)
    story = list(one.interviews.select_related("said_by").order_by("-is_last", "-held_on", "-pk")[:STORY])
    last = story[0] if story else None
    form = Found(request.POST or None, rules=rules, side=one.side, today=day_in(at, program.zone), last=last)
    if form.is_valid():
        actions.keep_interview(one, **form.told(), by=request.user, at=at)
        kept(request, _("Kept. Only staff who may read it see it."))
        return redirect("onboarding:interview", program.slug, one.ref)
    if story:
        record_read("interview.read", about=last, by=request.user, at=at, level=reading.LEVEL)
    context = {"one": one, "form": form, "story": in_words(story, one), "rules": rules}
    context["of_mentor"] = one.side == Side.MENTOR
    return render(request, "onboarding/interview.html", context, status=422 if form.errors else 200)


def in_words(story, one):
    """[(interview, what it found in words)] of one person."""
    labels = {code: rule.label for (side, code), rule in reading.rules_of(one.program).items() if side == one.side}
    return [(row, told(row, labels, one.side)) for row in story]


def told(row, labels, side):
    rows = [(labels.get(code, code), n) for code, n in row.found.items()]
    if side == Side.MENTEE:
        return [label for label, _n in rows]
    said = _("%(what)s: %(n)d of %(best)d")
    return [said % {"what": label, "n": n, "best": reading.BEST} for label, n in rows]


@staff_page(Right.PROGRAM_VIEW)
def rules(request, program):
    """What interviews look at, with where that comes from; whoever may change settings changes it."""
    may_edit = request.has_right(Right.PROGRAM_EDIT) and not program.archived_at
    if request.method == "POST" and not may_edit:
        raise Http404
    adds = request.POST.get("do") == "add"
    form = Rules(request.POST if request.method == "POST" and not adds else None, rules=reading.rules_of(program))
    new = NewRule(request.POST if adds else None)
    if new.is_valid() or form.is_valid():
        keep(request, program, new if adds else form)
        return redirect("onboarding:interview-rules", program.slug)
    context = {"form": form, "new": new, "sides": by_side(form, program), "may_edit": may_edit}
    return render(request, "onboarding/interview_rules.html", context, status=422 if form.errors or new.errors else 200)


def keep(request, program, form):
    """What was typed: one thing more to look at, or how each is looked at."""
    by, at = request.user, timezone.now()
    if isinstance(form, NewRule):
        actions.add_interview_rule(program, **form.cleaned_data, by=by, at=at)
        kept(request, _("Kept. The next interview looks at it."))
    else:
        changed = actions.change_interview_rules(program, form.said(), seen=form.cleaned_data["seen"], by=by, at=at)
        kept(request, _("Kept.") if changed else _("Nothing was different."))


def by_side(form, program):
    """[(heading, [(rule, its fields, who changed it)])] of mentees and of mentors."""
    notes = words.last_changes(program)
    headings = {Side.MENTEE: _("What a mentee may need"), Side.MENTOR: _("What to look at in a mentor")}
    return [
        (heading, [(*line, notes.get(("onboarding.interviewrule", line[0].pk))) for line in form.lines(side)])
        for side, heading in headings.items()
    ]
