"""Pages on which staff write down milestones and units of a match, and what a mentor achieved for themselves."""

from django import forms
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.core.fields import Day, OneLine
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.matches.actions import milestones as actions
from rapport.matches.goals_forms import CHOOSE, Pressed
from rapport.matches.goals_pages import level_of
from rapport.matches.models import (
    Achievement,
    AchievementRule,
    Match,
    Milestone,
    MilestoneRule,
    UnitGiven,
    UnitRule,
)
from rapport.matches.views import answer, reach
from rapport.people.models import Participant
from rapport.programs.doors import staff_page


class Listed(forms.ModelChoiceField):
    """One of what the program lists."""

    def __init__(self, **kwargs):
        more = {"to_field_name": "code", "empty_label": lazy("Choose one"), "error_messages": CHOOSE}
        super().__init__(MilestoneRule.objects.none(), **more, **kwargs)


class NewMilestone(Pressed):
    rule = Listed(label=lazy("What it was"))
    on = Day(label=lazy("Which day"))
    attended = forms.TypedChoiceField(
        label=lazy("Were they there?"), required=False, empty_value=None, coerce=lambda said: said == "yes",
        choices=[("", lazy("not asked, or not known")), ("yes", lazy("yes")), ("no", lazy("no"))],
        help_text=lazy("Asked of a meeting on a plan, a conference, and the planning of a next step"),
    )  # fmt: skip
    words = OneLine(label=lazy("A few words"), most=500, required=False)


class NewUnit(forms.Form):
    rule = Listed(label=lazy("Unit"))


class NewAchievement(Pressed):
    rule = Listed(label=lazy("What it is"))
    on = Day(label=lazy("Which day"))
    words = OneLine(label=lazy("A few words"), most=300, required=False)


@staff_page(Right.TALK)
def milestones(request, program, ref):
    """A match's milestones by hand and its units, and a new one of each."""
    at = timezone.now()
    match, today = reach(request, program, ref, Right.TALK), day_in(at, program.zone)
    asked = request.POST.get("do", "")
    day = NewMilestone(request.POST if asked == "milestone" else None, initial={"on": today})
    day.fields["rule"].queryset = MilestoneRule.objects.filter(program=program, month=None)
    day.fields["on"].latest = today
    unit = NewUnit(request.POST if asked == "unit" else None)
    unit.fields["rule"].queryset = UnitRule.objects.filter(program=program)
    if day.is_bound and day.is_valid():
        actions.add_milestone(match, **day.cleaned_data, by=request.user, at=at)
        return after(request, program, match, _("It stands on their line."))
    if unit.is_bound and unit.is_valid():
        actions.give_unit(match, rule=unit.cleaned_data["rule"], on=today, by=request.user, at=at)
        return after(request, program, match, _("The unit is theirs."))
    rows = Milestone.objects.standing().filter(match=match, level__lte=level_of(request, match)).order_by("-on", "-pk")
    context = {
        "match": match, "day": day, "unit": unit, "rows": list(rows),
        "units": list(UnitGiven.objects.filter(match=match, dropped_at=None)),
    }  # fmt: skip
    return answer(request, "matches/milestones.html", context, day, unit)


def after(request, program, match, words):
    kept(request, words)
    return redirect("matches:milestones", program.slug, match.ref)


def row_of(request, program, model, ref):
    """A milestone or a unit of a match that this reader may write about."""
    seen = Match.objects.visible_to(request.user, Right.TALK).filter(program=program)
    return get_object_or_404(model.objects.filter(match__in=seen).select_related("match"), ref=ref)


@staff_page(Right.TALK)
def take_back(request, program, ref):
    row = row_of(request, program, Milestone, ref)
    if request.method == "POST" and row.level <= level_of(request, row.match):
        actions.take_back_milestone(row, by=request.user, at=timezone.now())
        kept(request, _("Taken back."))
    return redirect("matches:milestones", program.slug, row.match.ref)


@staff_page(Right.TALK)
def unit(request, program, ref):
    """One press: a unit is done, not done after all, or none of theirs."""
    row, at = row_of(request, program, UnitGiven, ref), timezone.now()
    said = request.POST.get("is", "")
    if request.method == "POST" and said == "dropped":
        actions.drop_unit(row, by=request.user, at=at)
    elif request.method == "POST" and said in ("done", "open"):
        actions.say_unit(row, done_on=day_in(at, program.zone) if said == "done" else None, by=request.user, at=at)
    return redirect("matches:milestones", program.slug, row.match.ref)


@staff_page(Right.PARTICIPANT_EDIT)
def achievements(request, program, ref):
    """What a mentor achieved for themselves, and one more."""
    at = timezone.now()
    people = Participant.objects.visible_to(request.user, Right.PARTICIPANT_EDIT).filter(program=program, side="mentor")
    one = get_object_or_404(people.select_related("person", "program"), ref=ref)
    today = day_in(at, program.zone)
    form = NewAchievement(request.POST or None, initial={"on": today})
    form.fields["rule"].queryset = AchievementRule.objects.filter(program=program)
    form.fields["on"].latest = today
    if request.method == "POST" and form.is_valid():
        actions.add_achievement(one, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("Written down."))
        return redirect("matches:achievements", program.slug, one.ref)
    rows = Achievement.objects.filter(participant=one, taken_back_at=None).order_by("-on", "-pk")
    return answer(request, "matches/achievements.html", {"one": one, "form": form, "rows": list(rows)}, form)


@staff_page(Right.PARTICIPANT_EDIT)
def take_back_achievement(request, program, ref):
    people = Participant.objects.visible_to(request.user, Right.PARTICIPANT_EDIT).filter(program=program)
    row = get_object_or_404(Achievement.objects.filter(participant__in=people).select_related("participant"), ref=ref)
    if request.method == "POST":
        actions.take_back_achievement(row, by=request.user, at=timezone.now())
        kept(request, _("Taken back."))
    return redirect("matches:achievements", program.slug, row.participant.ref)
