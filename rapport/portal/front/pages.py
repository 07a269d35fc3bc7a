"""The own page of a mentor, a mentee or a guardian, and the few things that can be said on it.

Everything is said to this one address: whoever looks at the history of a shared device finds the program's name, and
neither a question nor an answer. Nothing that was said is ever shown again.
"""

from datetime import timedelta

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.core.months import day_in
from rapport.core.refs import new_ref
from rapport.core.refused import Refused
from rapport.events.actions import answer_offer
from rapport.matches.goals import reader_of
from rapport.meetings.actions.feeds import open_own_meetings
from rapport.outbox.guests import HOUR, counted
from rapport.portal import actions
from rapport.portal.front.days import to_day
from rapport.portal.front.forms import Worried

KINDS = {"talk": actions.TALK, "not-working": actions.NOT_WORKING, "another": actions.ANOTHER}
PRESSES = 30  # within an hour; no figure of the field: no person meets it, a machine does
DAY = timedelta(days=1)


def front(request, page, at, *, here, by_link=False):
    """Show the page, or do what was pressed on it. `here`: its own address."""
    page = {**page, "here": here, "by_link": by_link}
    if request.method != "POST":
        return render(request, "portal/public/own.html", page)
    try:
        return act(request, page, at)
    except Refused as refusal:
        return render(request, "portal/public/own.html", {**page, "refusal": refusal}, status=409)


def act(request, page, at):
    """One press. What is no longer theirs is not there, whatever the form says."""
    tell = request.POST.get("tell", "")
    if tell == "answer":
        return to_their_ask(request, page, at)
    place = next((one for one in page["places"] if one.one.ref == request.POST.get("place")), None)
    if place is None or page["person"] is None:
        return render(request, "portal/public/own.html", page, status=404)
    if tell in ("worried", "worry") and place.duty:
        return worry(request, page, place, at, is_said=tell == "worry")
    if tell in ("calendar", "told", "meetings"):
        return to_meetings(request, page, place, at)
    if tell == "day":
        return to_day(request, page, place, at)
    if tell == "goals":
        return to_goals(request, page, place, at)
    if tell in ("group-yes", "group-no"):
        return to_group(request, page, place, at, is_yes=tell == "group-yes")
    if tell in KINDS:
        return turn(request, page, place, KINDS[tell], at)
    return render(request, "portal/public/own.html", page, status=404)


def to_their_ask(request, page, at):
    """To what they are asked, by a link that opens for an hour."""
    ask = next((one for one in page["asks"] if one.ref == request.POST.get("ask")), None)
    if ask is None:
        raise actions.NotAskedNow(ask)
    token = actions.open_own_ask(ask, by=page["person"], at=at)
    return redirect(reverse("checkins:ask", args=[token]) + "?start=1")


DOORS = {"calendar": "feeds:own", "told": "feeds:told"}


def to_meetings(request, page, place, at):
    """To everything about when they meet: of one pair, or all of theirs with the address for a calendar; or to tell how
    a meeting was."""
    person, pair = page["person"], next((one for one in place.pairs if one.match.ref == request.POST.get("pair")), None)
    if door := DOORS.get(request.POST["tell"]):
        return redirect(door, open_own_meetings(person, program=place.program, at=at))
    if pair is None:
        return render(request, "portal/public/own.html", page, status=404)
    token = actions.open_our_meetings(person, pair.match, at=at)
    return redirect(reverse("our-meetings:page", args=[token]) + "?start=1")


def to_goals(request, page, place, at):
    """To the goals of one pair, as they read them."""
    person, pair = page["person"], next((one for one in place.pairs if one.match.ref == request.POST.get("pair")), None)
    if pair is None or reader_of(person, pair.match, at) is None:
        return render(request, "portal/public/own.html", page, status=404)
    token = actions.open_our_goals(person, pair.match, at=at)
    return redirect(reverse("our-goals:page", args=[token]) + "?start=1")


def to_group(request, page, place, at, *, is_yes):
    """A yes or a no to a place in a group that is offered to them, or to their child."""
    member = next((one for one, _soon in place.groups if one.ref == request.POST.get("group") and one.may_answer), None)
    if member is None:
        return render(request, "portal/public/own.html", page, status=404)
    answer_offer(member, is_yes=is_yes, said_by=page["person"], by=page["person"], at=at)
    return said(request, page, place, {"what": "group"})


def turn(request, page, place, kind, at):
    if too_often(page["person"]):
        return said(request, page, place, {"what": "slowly"}, status=429)
    match = pair_of(request, place)
    task = actions.turn_to_us(
        page["person"], kind, one=place.one, match=match, usual=place.contact, by=page["person"], at=at
    )
    last = day_in(task.late_at, place.program.zone) - DAY
    return said(request, page, place, {"what": "turned", "who": task.owner.first_name, "by": last})


def worry(request, page, place, at, *, is_said):
    """The question, and what becomes of its answer. It comes by a press, so no address of its own stays behind."""
    form = Worried(request.POST if is_said else None, initial={"form_id": new_ref()})
    told = {"what": "worry", "place": place, "pairs": place.pairs if len(place.pairs) > 1 else []}
    if not is_said or not form.is_valid():
        about = place.child or None
        context = {**page, **told, "form": form, "about": about, "chosen": request.POST.get("pair", "")}
        return render(request, "portal/public/worry.html", context, status=422 if is_said else 200)
    if too_often(page["person"], "worry"):
        return said(request, page, place, {"what": "slowly"}, status=429)
    actions.say_worry(
        page["person"], form.cleaned_data["worry"], form.cleaned_data["words"], one=place.one,
        match=pair_of(request, place), form_id=form.cleaned_data["form_id"] or new_ref(), at=at,
    )  # fmt: skip
    return said(request, page, place, told)


def pair_of(request, place):
    """The pair they named, or the only one, shown or not; None: they named none of theirs."""
    if len(place.matches) == 1:
        return place.matches[0]
    return next((pair.match for pair in place.pairs if pair.match.ref == request.POST.get("pair")), None)


def too_often(person, what="press"):
    return counted(f"own-page:{what}:{person.pk}", HOUR) > PRESSES


def said(request, page, place, told, status=200):
    """It has arrived, and what happens next. It names nothing of what was said."""
    title = _("One moment") if told["what"] == "slowly" else _("Thank you")
    return render(request, "portal/public/said.html", {**page, **told, "place": place, "title": title}, status=status)
