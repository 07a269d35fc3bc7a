"""Who around one participant has a calendar address, for staff to stop it, or to take a new one with them on paper."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.core.codes import square
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.models import Match
from rapport.meetings.actions import feeds as actions
from rapport.meetings.feeds.pages import addresses_of
from rapport.meetings.feeds.seen import STAFF, matches_of, roles_of
from rapport.meetings.models import Feed
from rapport.onboarding.questions import told_guardians
from rapport.people.models import Participant, kept_from
from rapport.programs.doors import staff_page


class NoAddressHere(Refused):
    """The calendar tells more than whoever would make its address may know. It says no more than that."""

    sentence = lazy("No address can be made here just now. They can make one themselves, on their own page.")


def shows_no_more(person, program, user, at):
    """Whether the calendar is no more than meetings that this user reaches, and none that its owner sees at work."""
    roles = roles_of(person, program, at)
    shown = {match.pk for match in matches_of(roles, person, program, at)}
    seen = Match.objects.filter(pk__in=shown).visible_to(user, Right.MEETING_EDIT, at)
    at_work = any(role.side == STAFF for role in roles.values())
    return not at_work and shown == set(seen.values_list("pk", flat=True))


@staff_page(Right.MEETING_EDIT)
def calendars(request, program, ref):
    at = timezone.now()
    mine = Participant.objects.filter(program=program).visible_to(request.user, Right.MEETING_EDIT)
    one = get_object_or_404(mine.select_related("person"), ref=ref)
    away = set(kept_from(request.user, at))
    people = [person for person in around(one, day_in(at, program.zone)) if person.pk not in away]
    told = press(request, program, people, at) if request.method == "POST" else {}
    feeds = Feed.objects.read(at).filter(program=program, person__in=people)
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
    if not shows_no_more(person, program, request.user, at):
        raise NoAddressHere(person)
    given = addresses_of(actions.make_feed(person, program=program, by=request.user, at=at))
    return {"given": person, "address": given["address"], "code": square(given["address"])}
