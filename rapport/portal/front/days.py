"""Event days on somebody's own page: to which they, or their child, are asked; and the way to answer."""

from django.shortcuts import redirect, render
from django.urls import reverse

from rapport.events.days.questions import mine_of
from rapport.portal import actions


def tell_days(places, person, at):
    """The event days of each place that are still ahead, in one query."""
    found = mine_of([place.one for place in places], person, at)
    for place in places:
        place.days = found[place.one.pk]


def to_day(request, page, place, at):
    """To one invitation, by a link that opens for an hour."""
    one = next((one for one in place.days if one.ref == request.POST.get("day")), None)
    if one is None:
        return render(request, "portal/public/own.html", page, status=404)
    token = actions.open_own_invitation(one, person=page["person"], at=at)
    return redirect(reverse("event-day:page", args=[token]) + "?start=1")
