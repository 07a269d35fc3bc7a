"""Who around one participant has a calendar address, for staff to stop it, or to take a new one with them on paper."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from rapport.access.rights import Right
from rapport.core.codes import square
from rapport.core.months import day_in
from rapport.meetings.actions import feeds as actions
from rapport.meetings.feeds.pages import addresses_of
from rapport.meetings.models import Feed
from rapport.onboarding.questions import told_guardians
from rapport.people.models import Participant
from rapport.programs.doors import staff_page


@staff_page(Right.MEETING_EDIT)
def calendars(request, program, ref):
    at = timezone.now()
    mine = Participant.objects.filter(program=program).visible_to(request.user, Right.MEETING_EDIT)
    one = get_object_or_404(mine.select_related("person"), ref=ref)
    people = around(one, day_in(at, program.zone))
    told = press(request, program, people, at) if request.method == "POST" else {}
    feeds = Feed.objects.live().filter(program=program, person__in=people)
    known = {feed.person_id: feed for feed in feeds}
    context = {"one": one, "rows": [(person, known.get(person.pk)) for person in people], **told}
    return render(request, "meetings/calendars.html", context)


def around(one, on):
    """Themselves, and of a child the guardians who are told of it."""
    is_child = one.person.counts_as_child(one.program, on)
    return [one.person, *(told_guardians(one, on) if is_child else ())]


def press(request, program, people, at):
    person = next((one for one in people if one.ref == request.POST.get("who")), None)
    if person is None:
        raise Http404
    if request.POST.get("what") == "stop":
        actions.stop_feed(person, program=program, by=request.user, at=at)
        return {"stopped": person}
    if request.POST.get("what") != "new":
        raise Http404
    given = addresses_of(actions.make_feed(person, program=program, by=request.user, at=at))
    return {"given": person, "address": given["address"], "code": square(given["address"])}
