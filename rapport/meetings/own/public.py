"""The page of a pair's meetings, by a link, without signing in. GET shows and changes nothing; POST acts.

Whoever is no longer of the pair, or kept away from somebody in it, meets what a stranger meets.
"""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.translation import gettext as _

from rapport.core.refused import Refused
from rapport.matches.models import Match
from rapport.meetings import actions
from rapport.meetings.models import AgendaItem
from rapport.meetings.own import forms
from rapport.meetings.own.place import ours
from rapport.outbox.guests import context
from rapport.outbox.public import before_it_starts, link_page, must_press_again

PURPOSE, TEMPLATE = "meetings", "meetings/public/own.html"
PRESSES = 60  # within an hour; no figure of the field: no person meets it, a machine does
TOPIC, AGREED = AgendaItem.Kind


@dataclass
class Said:
    """What came of one press: a sentence, or the form that is to be put right."""

    words: str = ""
    form: object = None
    which: str = ""


def place_of(link, at):
    matches = Match.objects.filter(pk=link.about_id, program=link.program_id).select_related("program", "site")
    match = matches.with_people().first()
    return ours(link.person, match, at) if match else None


def slowly(request, link, found, at):
    return show(request, found, at, refusal=_("Slowly, please. Wait an hour, or call the program."))


@link_page(PURPOSE, place_of, presses=PRESSES, slowly=slowly)
def page(request, link, found, at):
    if before_it_starts(request):
        return render(request, "meetings/public/own_start.html", context(found))
    if request.method != "POST":
        return show(request, found, at)
    if must_press_again(request, link, at):
        return show(request, found, at, typed=typed_in(request.POST, found), again=True, status=409)
    return act(request, link, found, at)


def act(request, link, found, at):
    """One press. What it changed is said at the head of the page, with what holds now."""
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None or found.is_resting:
        return show(request, found, at, status=409)
    try:
        said = deed(request.POST, found, at)
    except Refused as refusal:
        return show(request, found, at, typed=typed_in(request.POST, found), refusal=refusal, status=409)
    if said is None:
        return show(request, found, at, status=404)
    if said.form is not None:
        return show(request, found, at, typed=said, status=422)
    return show(request, place_of(link, at) or found, at, done=said.words)


def show(request, found, at, *, status=200, **more):
    return render(request, TEMPLATE, told(found, at, **more), status=status)


def told(found, at, *, typed=None, done="", refusal=None, again=False):
    """Everything on the page, with what was typed just now and is not kept yet."""
    which, form = (typed.which, typed.form) if typed else ("", None)
    zone = found.program.zone
    meetings = [
        (one, form if which == f"move:{one.ref}" else forms.NewTime(zone=zone, prefix=one.ref))
        for one in found.meetings
    ]
    more = {
        "ours": found, "meetings": meetings, "done": done, "refusal": refusal, "press_again": again, "at": at,
        "topic": form if which == TOPIC else forms.Item(prefix=TOPIC),
        "agree": form if which == AGREED else forms.Item(prefix=AGREED),
        "holiday": holiday_form(found, form if which == "holiday" else None),
        "free": form if which == "free" else forms.FreeTimes(spans=found.free),
        "typed": typed, "which": which,
    }  # fmt: skip
    return context(found) | more


def typed_in(typed, found):
    """The form that this press sent, as it was typed; None where there is none, or nobody may send it."""
    do, kind = typed.get("do"), typed.get("kind")
    if do == "move" and (meeting := meeting_of(typed, found)):
        form = forms.NewTime(typed, zone=found.program.zone, prefix=meeting.ref)
        return Said(form=form, which=f"move:{meeting.ref}")
    if do == "add" and found.own and kind in (TOPIC, AGREED):
        return Said(form=forms.Item(typed, prefix=kind), which=kind)
    if do == "free" and found.own:
        return Said(form=forms.FreeTimes(typed, spans=found.free), which="free")
    if do == "holiday" and found.holiday:
        return Said(form=holiday_form(found, typed=typed), which="holiday")
    return None


def put_right(said):
    """What was typed, where it cannot be kept as it is: nothing to send, or something to put right."""
    return said is None or not said.form.is_valid()


def move(typed, found, at):
    said = typed_in(typed, found)
    if put_right(said):
        return said
    meeting, when = meeting_of(typed, found), said.form.cleaned_data
    actions.move_meeting(meeting, **when, person=found.person, by=found.person, at=at)
    return Said(_("It is moved. We let the others know."))


def call_off(typed, found, at):
    if (meeting := meeting_of(typed, found)) is None:
        return None
    actions.call_off(meeting, person=found.person, by=found.person, at=at)
    return Said(_("Thank you for saying so. We let the others know."))


def on_again(typed, found, at):
    if (meeting := meeting_of(typed, found)) is None:
        return None
    actions.on_again(meeting, person=found.person, by=found.person, at=at)
    return Said(_("It takes place after all. We let the others know."))


def meeting_of(typed, found):
    return next((one for one in found.meetings if one.ref == typed.get("meeting")), None)


def add(typed, found, at):
    said = typed_in(typed, found)
    if put_right(said):
        return said
    words = said.form.cleaned_data
    actions.add_to_agenda(found.match, kind=said.which, **words, person=found.person, by=found.person, at=at)
    return Said(_("It is on the list."))


def done(typed, found, at):
    item = next((one for one in [*found.topics, *found.agreed] if one.ref == typed.get("item")), None)
    if item is None:
        return None
    actions.agenda_done(item, person=found.person, by=found.person, at=at)
    return Said(_("Ticked off."))


def free(typed, found, at):
    said = typed_in(typed, found)
    if put_right(said):
        return said
    actions.say_free_times(found.own, said.form.times(), by=found.person, at=at)
    return Said(_("Your times are kept."))


def holiday_form(found, form=None, typed=None):
    return form or forms.Holiday(typed, plan=found.holiday, prefix="holiday") if found.holiday else None


def holiday(typed, found, at):
    said = typed_in(typed, found)
    if put_right(said):
        return said
    actions.say_holiday(found.holiday, **said.form.cleaned_data, person=found.person, by=found.person, at=at)
    return Said(_("Thank you. We look at it together before it is promised."))


DEEDS = {
    "holiday": holiday,
    "move": move,
    "call-off": call_off,
    "on-again": on_again,
    "add": add,
    "done": done,
    "free": free,
}
