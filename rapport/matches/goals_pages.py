"""Goals of a match on the pages of staff: what was said, written down on behalf of whoever said it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.core.codes import square
from rapport.core.languages import known, said_in
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.matches import goals_forms as forms
from rapport.matches.actions import goals as actions
from rapport.matches.actions.goals import Heard
from rapport.matches.goals import change_of, courses, goals_of, tasks_of
from rapport.matches.models import Goal, GoalTask, Match, Seen
from rapport.matches.views import answer, reach
from rapport.onboarding.questions import told_guardians
from rapport.people.models import kept_from
from rapport.people.scopes import close_to
from rapport.programs.doors import staff_page

SHOWN = 60  # words on how it goes with one goal


def level_of(request, match):
    """Up to which level this reader reads goals: what is for staff alone, who may read answers."""
    reads = Match.objects.visible_to(request.user, Right.ANSWER_VIEW).filter(pk=match.pk).exists()
    return Seen.STAFF if reads else Seen.NOT_FAMILY


def speakers_of(match, user, at):
    """(person, words) of those who can have said something about a goal: the pair, and guardians who are told."""
    unseen = {*close_to(user), *kept_from(user, at)}
    today = day_in(at, match.program.zone)
    pair = [(one.person, one.person.first_name) for one in [*match.mentees, *match.mentors]]
    guardians = {
        adult: _("%(name)s, for %(child)s") % {"name": adult.first_name, "child": child.person.first_name}
        for child in match.mentees
        for adult in told_guardians(child, today).exclude(pk__in=unseen)
    }
    return [*pair, *guardians.items()]


def worded_by(person, match):
    if any(one.person_id == person.pk for one in match.mentees):
        return Goal.WordedBy.MENTEE
    mentors = any(one.person_id == person.pk for one in match.mentors)
    return Goal.WordedBy.MENTOR if mentors else Goal.WordedBy.GUARDIAN


@staff_page(Right.TALK)
def goals(request, program, ref):
    """All goals of a match, open ones first, and a new one."""
    at = timezone.now()
    match = reach(request, program, ref, Right.TALK)
    people, today = speakers_of(match, request.user, at), day_in(at, program.zone)
    form = forms.NewGoal(request.POST or None, people=people, mentees=match.mentees, today=today)
    if request.method == "POST" and form.is_valid():
        add_goal(match, form, by=request.user, at=at)
        kept(request, _("Written down, in the words it was said in."))
        return redirect("matches:goals", program.slug, match.ref)
    rows = goals_of(match, level_of(request, match), kept_from(request.user, at))
    rows = list(rows.select_related("mentee__person", "person", "match"))
    steps = tasks_of(rows)
    context = {
        "match": match, "form": form, "people": people, "can_add": can_write_of(match),
        "open": [(goal, steps[goal.pk]) for goal in rows if goal.is_open], "over": [g for g in rows if not g.is_open],
    }  # fmt: skip
    return answer(request, "matches/goals.html", context, form)


def add_goal(match, form, *, by, at):
    """As it was said. What a guardian words is for all to read."""
    said, by_whom = form.cleaned_data, worded_by(form.speaker, match)
    level = Seen.ALL if by_whom == Goal.WordedBy.GUARDIAN else said["level"]
    actions.add_goal(
        match, mentee=said["mentee"], words=said["words"], worded_by=by_whom, level=level, form_id=said["form_id"],
        heard=heard_of(form), by=by, at=at,
    )  # fmt: skip


def goal_of(request, program, ref, right=Right.TALK):
    """The goal of this page with its match; one that this reader may not read does not exist."""
    seen = Match.objects.visible_to(request.user, right).filter(program=program)
    told = Goal.objects.filter(match__in=seen).exclude(person__in=kept_from(request.user, timezone.now()))
    goal = get_object_or_404(told.select_related("mentee__person", "person"), ref=ref)
    goal.match = reach(request, program, goal.match.ref, right)
    if goal.level > level_of(request, goal.match):
        raise Http404
    return goal


@staff_page(Right.TALK)
def goal(request, program, ref):
    """One goal: its steps, how it goes, where they say they stand, and how it ended."""
    at = timezone.now()
    found = goal_of(request, program, ref)
    told = {"people": speakers_of(found.match, request.user, at), "today": day_in(at, program.zone)}
    asked = request.POST.get("do", "")
    made = {
        name: kind(request.POST if name == asked else None, prefix=name, **(told if is_told else {}))
        for name, (kind, is_told, _do, _words) in DEEDS.items()
    }
    if request.method == "POST":
        if asked not in made:
            return redirect("matches:goal", program.slug, found.ref)
        if made[asked].is_valid():
            _kind, _is_told, do, words = DEEDS[asked]
            do(found, made[asked], by=request.user, at=at)
            kept(request, words)
            return redirect("matches:goal", program.slug, found.ref)
    return answer(request, "matches/goal.html", page_of(request, found, made, at), *made.values())


def page_of(request, goal, made, at):
    reads, away = level_of(request, goal.match) >= Seen.STAFF, kept_from(request.user, at)
    rows = goal.headway.exclude(person__in=away).select_related("person", "written_by").order_by("-said_on", "-pk")
    rows = list(rows[:SHOWN]) if reads else []
    growth = list(goal.growth.filter(replaced_at=None).exclude(person__in=away)) if reads else []
    return {
        "goal": goal, "match": goal.match, "steps": list(goal.tasks.exclude(person__in=away)),
        "forms": made, "reads": reads,
        "headway": rows, "courses": list(courses(rows).items()), "growth": growth, "change": change_of(growth),
        "seen": list(goal.seen.exclude(person__in=away).select_related("person")), "can_write": can_write(goal),
    }  # fmt: skip


def can_write(goal):
    return can_write_of(goal.match)


def can_write_of(match):
    return match.state in Match.ALIVE and not match.awaits_checks


def add_step(goal, form, *, by, at):
    actions.add_step(goal, **form.cleaned_data, by=by, at=at)


def say_headway(goal, form, *, by, at):
    data = form.cleaned_data
    said = {name: data[name] for name in ("value", "obstacle", "words", "form_id")}
    actions.say_headway(goal, **said, heard=heard_of(form), by=by, at=at)


def say_growth(goal, form, *, by, at):
    data = form.cleaned_data
    actions.say_growth(goal, moment=data["moment"], value=data["value"], heard=heard_of(form), by=by, at=at)


def heard_of(form):
    return Heard(form.speaker, form.cleaned_data["way"], form.cleaned_data["said_on"])


def end_goal(goal, form, *, by, at):
    actions.end_goal(goal, **form.cleaned_data, by=by, at=at)


DEEDS = {  # what is done on the page of a goal: its form, whether it asks who said it, the deed, and what is told then
    "step": (forms.NewStep, False, add_step, lazy("The step is there.")),
    "headway": (forms.HowItGoesTold, True, say_headway, lazy("Written down.")),
    "growth": (forms.Standing, True, say_growth, lazy("Written down.")),
    "end": (forms.Ending, False, end_goal, lazy("Written down. Both ways of ending a goal are fine.")),
}


@staff_page(Right.TALK)
def sheet(request, program, ref):
    """The page of goals on paper, with a code that leads to where it is written down. It holds nobody's words."""
    match = reach(request, program, ref, Right.TALK)
    back = request.build_absolute_uri(reverse("matches:goals", args=[program.slug, match.ref]))
    asked = request.GET.get("in", "")
    language = asked if known(asked) else match.mentees[0].person.language
    context = {"match": match, "code": square(back)}
    return said_in(language, render, request, "matches/public/goals_sheet.html", context)


@staff_page(Right.TALK)
def hand_out(request, program, ref):
    """One press: the page of goals goes to one of them by letter."""
    at = timezone.now()
    match = reach(request, program, ref, Right.TALK)
    people = {person.ref: person for person, _words in speakers_of(match, request.user, at)}
    person = people.get(request.POST.get("to", ""))
    if request.method == "POST" and person:
        is_sent = actions.hand_out(match, person=person, by=request.user, at=at)
        words = _("A letter with the page goes to %(name)s.") if is_sent else _(
            "%(name)s cannot be written to just now. Print the sheet, or talk with them; it counts the same."
        )  # fmt: skip
        kept(request, words % {"name": person.first_name})
    return redirect("matches:goals", program.slug, match.ref)


@staff_page(Right.TALK)
def step(request, program, ref):
    """One press: a step is done, or is not after all."""
    seen = Match.objects.visible_to(request.user, Right.TALK).filter(program=program)
    found = get_object_or_404(GoalTask.objects.filter(goal__match__in=seen).select_related("goal"), ref=ref)
    found.goal = goal_of(request, program, found.goal.ref)
    if request.method == "POST":
        actions.tick_step(found, is_done=request.POST.get("is") != "open", by=request.user, at=timezone.now())
    return redirect("matches:goal", program.slug, found.goal.ref)


@staff_page(Right.TALK)
def again(request, program, ref):
    """One press: a goal that was over is taken up again."""
    found = goal_of(request, program, ref)
    if request.method == "POST":
        actions.take_up_again(found, by=request.user, at=timezone.now())
        kept(request, _("It is one of their goals again."))
    return redirect("matches:goal", program.slug, found.ref)
