"""Whether somebody comes to an event day, said by a link without signing in. GET shows and changes nothing; POST acts.

What was said before is never shown: a family may share the link, and the phone.
"""

from django.shortcuts import render

from rapport.core.refused import Refused
from rapport.events import actions
from rapport.events.days.letters import PURPOSE
from rapport.events.days.looking import shown_to
from rapport.events.days.questions import may_say
from rapport.events.models import EventDay, Invitation
from rapport.outbox import guests
from rapport.outbox.public import before_it_starts, link_page, must_press_again

PRESSES = 30  # within an hour; no figure of the field: no person meets it, a machine does
SAYS = {"yes": True, "no": False}


def found_by(link, at):
    """None where it is over, called off, or no longer theirs to say: all that is alike for a stranger."""
    days = EventDay.objects.ahead(at).filter(program=link.program_id)
    rows = Invitation.objects.filter(pk=link.about_id, participant__left_at=None, day__in=days.values("pk"))
    one = rows.select_related("day__program", "day__site", "participant__person").first()
    return one if one and may_say(one, link.person, at) else None


def slowly(request, link, found, at):
    return show(request, link, found, at, is_slow=True)


@link_page(PURPOSE, found_by, presses=PRESSES, slowly=slowly)
def page(request, link, found, at):
    if before_it_starts(request):
        return render(request, "events/days/start.html", guests.context(link))
    return keep(request, link, found, at) if request.method == "POST" else show(request, link, found, at)


def keep(request, link, found, at):
    is_coming = SAYS.get(request.POST.get("says", ""))
    if is_coming is None:
        return show(request, link, found, at, is_empty=True, status=422)
    if must_press_again(request, link, at):
        return show(request, link, found, at, press_again=True, status=409)
    try:
        actions.answer_invitation(found, is_coming=is_coming, said_by=link.person, by=link.person, at=at)
    except Refused as refusal:
        return show(request, link, found, at, refusal=refusal, status=409)
    return show(request, link, found, at, is_kept=True)


def show(request, link, found, at, *, status=200, **more):
    context = guests.context(link) | shown_to(found, link.person, at)
    return render(request, "events/days/public.html", context | more, status=status)
