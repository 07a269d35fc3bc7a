"""The page of a pair's goals, by a link, without signing in. GET shows and changes nothing; POST acts.

Each reads what `goals.goals_for` gives them; how it goes with a goal is written here and shown to nobody here, not
even to its writer.
"""

from functools import partial

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.core.fields import Words
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches import goals_forms
from rapport.matches.actions import goals as actions
from rapport.matches.actions.feedback import others_of, say_feedback
from rapport.matches.actions.goals import Heard
from rapport.matches.goals import MENTOR, goals_for, reader_of, tasks_of
from rapport.matches.goals_forms import HowItGoes, NewStep, Pressed, WhatHelps, WhereIStand, radio, who_may_see
from rapport.matches.models import Goal, GoalSeen, Growth, Match, Seen, Way
from rapport.outbox import guests
from rapport.outbox.public import before_it_starts, link_page, must_press_again
from rapport.people.models import Consent
from rapport.people.questions import refused

PURPOSE, TEMPLATE = "goals", "matches/public/goals.html"
PRESSES = 60  # within an hour; no figure of the field: no person meets it, a machine does
By = Goal.WordedBy
PASSED = 5  # words passed on to them that the page still shows
THEIRS, MINE = "theirs", "mine"


class Said(Pressed):
    """A goal, in the words of whoever says it."""

    words = Words(label=lazy("In your own words"), most=goals_forms.WORDS, rows=3, error_messages=goals_forms.UNSAID)

    def facts(self, reader):
        """Whose words these are, how they came, and who may see them."""
        return {"worded_by": By.GUARDIAN, "level": Seen.ALL, "way": Way.LINK, "by_mentee": False}


class SaidByMentee(Said):
    level = radio(Seen.choices, lazy("Who may see it?"))

    def __init__(self, *args, program, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = who_may_see(program)

    def facts(self, reader):
        return {"worded_by": By.MENTEE, "level": int(self.cleaned_data["level"]), "way": Way.LINK, "by_mentee": True}


class SaidByMentor(Said):
    words = Words(
        label=lazy("In the words it was said in"), most=goals_forms.WORDS, rows=3, error_messages=goals_forms.UNSAID
    )
    whose = radio([(THEIRS, lazy("My mentee said it to me")), (MINE, lazy("It is my own idea"))], lazy("Whose words?"))
    level = radio(
        [(Seen.ALL, lazy("their family, too")), (Seen.NOT_FAMILY, lazy("the two of us and the program's staff"))],
        lazy("Who may see it? Ask them."),
    )

    def facts(self, reader):
        is_theirs = self.cleaned_data["whose"] == THEIRS
        return {
            "worded_by": By.MENTEE if is_theirs else By.MENTOR, "level": int(self.cleaned_data["level"]),
            "way": Way.MENTOR if is_theirs else Way.LINK, "by_mentee": is_theirs,
        }  # fmt: skip


def place_of(link, at):
    """The match a link is about, and its reader; None for whoever is not of it, or may not know of it just now."""
    matches = Match.objects.filter(pk=link.about_id, program=link.program_id).select_related("program", "site")
    match = matches.with_people().first()
    reader = reader_of(link.person, match, at) if match else None
    return (match, reader) if reader else None


def slowly(request, link, place, at):
    return show(request, place, at, refusal=_("Slowly, please. Wait an hour, or call the program."))


@link_page(PURPOSE, place_of, presses=PRESSES, slowly=slowly)
def page(request, link, place, at):
    if before_it_starts(request):
        return render(request, "matches/public/goals_start.html", about(*place))
    if request.method != "POST":
        return show(request, place, at)
    if must_press_again(request, link, at):
        return show(request, place, at, forms=bound(request, place[1]), again=True, status=409)
    return act(request, place, at)


def about(match, reader):
    """What each page behind such a link knows."""

    class Found:
        person, program = reader.person, match.program

    return guests.context(Found) | {"match": match, "reader": reader}


def act(request, place, at):
    """One press. What came of it is said at the head of the page."""
    match, reader = place
    deed, made = DEEDS.get(request.POST.get("do", "")), bound(request, reader)
    if match.state == Match.State.PAUSED:  # no words go from one to the other, whatever the pair rests for
        return show(request, place, at, refusal=actions.NotWritable(match), status=409)
    if deed is None:
        return show(request, place, at, status=409)
    try:
        said = deed(request, match, reader, made, at)
    except Refused as refusal:
        return show(request, place, at, refusal=refusal, status=409)
    if said is None:
        wrong = any(form.errors for form in made.values())
        return show(request, place, at, forms=made, status=422 if wrong else 404)
    return show(request, place, at, done=said)


def bound(request, reader):
    """{where it stands: form} of what was typed just now."""
    do, ref = request.POST.get("do", ""), request.POST.get("goal", "")
    if do == "add":
        return {"add": new_form(reader)(request.POST)}
    kind = BOUND.get(do)
    return {place_on_page(do, ref): kind(request.POST, auto_id=ids_of(do, ref))} if kind else {}


BOUND = {"step": NewStep, "headway": HowItGoes, "stand": WhereIStand, "feedback": WhatHelps}
LETTER = {"step": "s", "headway": "h", "stand": "w"}


def place_on_page(do, ref):
    return "feedback" if do == "feedback" else f"{do}:{ref}"


def ids_of(do, ref):
    """How the fields of this form are named on the page: each once, however many goals stand there."""
    return "f-%s" if do == "feedback" else f"{LETTER[do]}-{ref.replace('%', '')}-%s"


def new_form(reader):
    if reader.is_mentee:
        return partial(SaidByMentee, program=reader.mentees[0].program)
    return SaidByMentor if reader.role == MENTOR else Said


def show(request, place, at, *, status=200, **more):
    return render(request, TEMPLATE, told(place, at, **more), status=status)


def told(place, at, *, forms=None, done="", refusal=None, again=False):
    """Everything on the page: the goals its reader may know of, and the forms."""
    match, reader = place
    typed = forms or {}
    rows = list(goals_for(reader, match, at).select_related("person", "mentee__person"))
    steps, seen = tasks_of(rows), set()
    if reader.is_guardian:
        seen = set(GoalSeen.objects.filter(person=reader.person, goal__in=rows).values_list("goal", flat=True))
    shown = [
        {
            "goal": goal, "steps": steps[goal.pk], "is_seen": goal.pk in seen,
            "step": typed.get(f"step:{goal.ref}") or NewStep(auto_id=ids_of("step", goal.ref)),
            "headway": typed.get(f"headway:{goal.ref}") or HowItGoes(auto_id=ids_of("headway", goal.ref)),
            "stand": typed.get(f"stand:{goal.ref}") or WhereIStand(auto_id=ids_of("stand", goal.ref)),
            "is_open": any(f"{do}:{goal.ref}" in typed for do in BOUND),
        }
        for goal in rows
        if goal.is_open
    ]  # fmt: skip
    more = {
        "typed": next(iter(typed.values()), None),
        "rows": shown, "over": [goal for goal in rows if not goal.is_open], "done": done, "refusal": refusal,
        "press_again": again, "new": typed.get("add") or new_form(reader)(),
        "can_write": match.state == Match.State.ACTIVE,
        "resting": match.state == Match.State.PAUSED and actions.NotWritable.sentence,
        "names": names_of(match, reader, at), "between": between(match, reader, typed, at),
    }  # fmt: skip
    return about(match, reader) | more


def between(match, reader, typed, at):
    """What mentor and mentee may say of the time with one another, and what was passed on to a grown-up; else nothing.

    Nothing of it is on the page of a guardian, nor what they said themselves.
    """
    others = others_of(match, reader.person)
    if not others:
        return None
    hidden = refused(Consent.Purpose.SHARE_BASICS, [one.pk for one in others], program=match.program, at=at)
    hidden = hidden if reader.role == MENTOR else set()
    names = {one.pk: _("your mentee") if one.pk in hidden else one.first_name for one in others}
    passed = match.feedback.passed_on().filter(to=reader.person, person__in=others)
    is_child = reader.person.counts_as_child(match.program, day_in(at, match.program.zone))
    return {
        "form": typed.get("feedback") or WhatHelps(auto_id=ids_of("feedback", "")), "is_open": "feedback" in typed,
        "names": [(one.ref, names[one.pk]) for one in others],
        "passed": [] if is_child else [(names[row.person_id], row) for row in passed[:PASSED]],
    }  # fmt: skip


def names_of(match, reader, at):
    """{participant id: first name} of those whose goals these are; of one not to be named to a mentor, who they are."""
    hidden = set()
    if reader.role == MENTOR:
        ids = [one.person_id for one in reader.mentees]
        hidden = refused(Consent.Purpose.SHARE_BASICS, ids, program=match.program, at=at)
    return [(one, _("your mentee") if one.person_id in hidden else one.person.first_name) for one in reader.mentees]


def goal_of(request, match, reader, at):
    """The open goal that was pressed, if this reader may read it."""
    found = goals_for(reader, match, at).open().filter(ref=request.POST.get("goal", "")[:20]).first()
    if found:
        found.match = match
    return found


def add(request, match, reader, made, at):
    form = made["add"]
    chosen = request.POST.get("mentee", "")
    mentee = next((one for one in reader.mentees if one.ref == chosen or len(reader.mentees) == 1), None)
    if mentee is None or not form.is_valid():
        return None
    facts = form.facts(reader)
    person = mentee.person if facts.pop("by_mentee") else reader.person
    heard = Heard(person, facts.pop("way"))
    actions.add_goal(
        match, mentee=mentee, words=form.cleaned_data["words"], heard=heard, form_id=form.cleaned_data["form_id"],
        by=reader.person, at=at, **facts,
    )  # fmt: skip
    if reader.is_child and facts["level"] != Seen.ALL:
        return _("Written down. It is kept from your family, so it does not stand on this page.")
    return _("Written down, in these words.")


def step(request, match, reader, made, at):
    goal, (form,) = goal_of(request, match, reader, at), made.values()
    if goal is None or not form.is_valid():
        return None
    actions.add_step(goal, **form.cleaned_data, person=reader.person, by=reader.person, at=at)
    return _("The step is there.")


def headway(request, match, reader, made, at):
    goal, (form,) = goal_of(request, match, reader, at), made.values()
    if goal is None or not form.is_valid():
        return None
    actions.say_headway(goal, **form.cleaned_data, heard=Heard(reader.person, Way.LINK), by=reader.person, at=at)
    return _("Thank you. Only the program's staff read how it goes.")


def stand(request, match, reader, made, at):
    """Where a mentee says they stand: the first word on a goal is of its start, any later one of halfway (S2-28)."""
    goal, (form,) = goal_of(request, match, reader, at), made.values()
    if goal is None or not reader.is_mentee or not form.is_valid():
        return None
    said_before = goal.growth.filter(replaced_at=None, said_on__lt=day_in(at, match.program.zone)).exists()
    moment = Growth.Moment.MID if said_before else Growth.Moment.START
    heard = Heard(reader.person, Way.LINK)
    actions.say_growth(goal, moment=moment, value=form.cleaned_data["stands"], heard=heard, by=reader.person, at=at)
    return _("Thank you. Only the program's staff read where you stand.")


def tick(request, match, reader, made, at):
    goal = goal_of(request, match, reader, at)
    found = goal and goal.tasks.filter(ref=request.POST.get("step", "")[:20]).first()
    if not found or reader.is_guardian:
        return None
    found.goal = goal
    is_done = request.POST.get("is") != "open"
    actions.tick_step(found, is_done=is_done, person=reader.person, by=reader.person, at=at)
    return _("Ticked off.") if is_done else _("It is open again.")


def end(request, match, reader, made, at, ending=""):
    """Reached or let go, and where they say they stand with it now, if they say so."""
    goal, ending = goal_of(request, match, reader, at), ending or request.POST.get("ending", "")
    if goal is None or not reader.is_mentee or ending not in Goal.Ending.values:
        return None
    actions.end_goal(goal, ending=ending, by=reader.person, at=at)
    form, heard = WhereIStand(request.POST), Heard(reader.person, Way.LINK)
    if form.is_valid():
        value = form.cleaned_data["stands"]
        actions.say_growth(goal, moment=Growth.Moment.END, value=value, heard=heard, by=reader.person, at=at)
    return _("Reached. Well done!") if ending == Goal.Ending.REACHED else _("Let go. That is fine.")


def feedback(request, match, reader, made, at):
    (form,), others = made.values(), others_of(match, reader.person)
    chosen = request.POST.get("other", "")
    to = next((one for one in others if one.ref == chosen or len(others) == 1), None)
    if to is None or not form.is_valid():
        return None
    say_feedback(match, to=to, **form.told(), heard=Heard(reader.person, Way.LINK), by=reader.person, at=at)
    return _("Thank you. The program's staff read it; nobody else does by itself.")


def seen(request, match, reader, made, at):
    goal = goal_of(request, match, reader, at)
    if goal is None or not reader.is_guardian:
        return None
    actions.see_goal(goal, person=reader.person, by=reader.person, at=at)
    return _("Thank you. We write down that you have seen it.")


DEEDS = {
    "add": add, "step": step, "headway": headway, "stand": stand, "tick": tick, "end": end,
    "reached": partial(end, ending=Goal.Ending.REACHED), "seen": seen, "feedback": feedback,
}  # fmt: skip
