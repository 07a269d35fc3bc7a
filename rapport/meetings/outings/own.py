"""A mentor asks for an outing: signed in, or from the link to their own meetings. What they see of it is whether they
may go. Who said what, and whether anybody said anything, stays with the program: a no reads like silence."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from rapport.access.rights import Right
from rapport.core.refs import new_ref
from rapport.core.refused import Refused
from rapport.matches.models import Match
from rapport.meetings.actions import outings as actions
from rapport.meetings.actions.feeds import OWN_PURPOSE
from rapport.meetings.models import Outing
from rapport.meetings.outings import forms
from rapport.meetings.outings.refusals import ChangedMeanwhile, OutingIsOver
from rapport.meetings.outings.rules import children_of
from rapport.meetings.outings.standing import going_on, standings, with_people
from rapport.outbox import guests
from rapport.outbox.public import link_page
from rapport.people.models import Participant, Person
from rapport.programs import profiles
from rapport.programs.doors import program_page

PRESSES = 20  # within an hour; no figure of the field: no person meets it, a machine does


@dataclass(frozen=True)
class Own:
    """One outing as its mentor sees it."""

    outing: Outing
    is_permitted: bool
    is_waiting: bool
    until: Any


@program_page(Right.OWN_PAGES)
def mine(request, program, ref):
    person = get_object_or_404(Person, user=request.user)
    return answer(request, person, program, ref, at=timezone.now())


@link_page(OWN_PURPOSE)
def by_link(request, link, found, at, ref):
    return answer(request, link.person, link.program, ref, at=at, by_link=True)


def pairs_that_may_ask(person, program, at):
    """The pairs in which this person is a mentor, that meet now, with a child in them; none where nobody leaves the
    site."""
    if profiles.on_site_only(program):
        return []
    own = Match.objects.known_to(person, at).filter(
        program=program, members__participant__person=person, members__side=Participant.Side.MENTOR,
        members__participant__left_at=None,
    )  # fmt: skip
    matches = with_people(going_on(own.values_list("pk", flat=True), at))
    today = at.astimezone(program.zone).date()
    return [one for one in matches.values() if children_of(one, today)]


def answer(request, person, program, ref, *, at, by_link=False):
    match = next((one for one in pairs_that_may_ask(person, program, at) if one.ref == ref), None)
    if match is None:
        raise Http404
    asked = Outing.objects.asked(at).filter(match=match)
    told, status = press(request, person, match, asked, at) if request.method == "POST" else ({}, 200)
    changed = asked.filter(ref=request.GET.get("of", "")).first()
    first = (forms.as_it_is(changed) if changed else {}) | {"form_id": new_ref()}
    rows = [own(one, at) for one in standings(asked.order_by("starts_at"), at)]
    context = {
        "person": person, "program": program, "match": match, "by_link": by_link, "rows": rows, "changed": changed,
        "form": forms.Asked(zone=program.zone, initial=first), "here": request.path, **told,
    }  # fmt: skip
    response = render(request, "meetings/outings/own.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def own(standing, at):
    outing = standing.outing
    until = actions.answer_by(outing)
    is_waiting = not standing.is_permitted and at <= until and standing.is_open and not standing.broken
    return Own(outing, standing.is_permitted, is_waiting, until)


def press(request, person, match, asked, at):
    """What came of one press, for the page, and its status. What was typed (`form`) stands there where it is to be put
    right; where it was changed or called off meanwhile, what is planned now."""
    if guests.counted(f"outing-ask:{person.pk}", guests.HOUR) > PRESSES:
        return {"slowly": True}, 429
    if request.POST.get("do") == "off":
        one = asked.filter(ref=request.POST.get("outing", "")).first()
        return {"is_off": bool(one and actions.call_off_outing(one, by=person, at=at))}, 200
    form = forms.Asked(request.POST, zone=match.program.zone)
    if not form.is_valid():
        return {"form": form}, 422
    try:
        ask_or_change(request.GET.get("of"), form, person, match, asked, at)
    except (ChangedMeanwhile, OutingIsOver) as refusal:
        return {"refusal": refusal}, 409
    except Refused as refusal:
        return {"refusal": refusal, "form": form}, 409
    return {"is_asked": True}, 200


def ask_or_change(of, form, person, match, asked, at):
    """Ask for a new outing, or change the one of this ref. Raises OutingIsOver, and what the two actions raise."""
    if of is None:
        form_id = form.cleaned_data["form_id"] or new_ref()
        return actions.ask_for_outing(match, person=person, form_id=form_id, by=person, at=at, **form.outing())
    changed = asked.filter(ref=of).first()
    if changed is None:
        raise OutingIsOver(match)
    return actions.change_outing(changed, version=form.read, by=person, at=at, **form.outing())
