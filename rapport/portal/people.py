"""The list of those who take part: application, permission, readiness and match of each on one row (features A4)."""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import render
from django.utils import timezone

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.matches.models import Match, Member
from rapport.onboarding.questions import has_all
from rapport.people.models import Participant, Person
from rapport.people.names import called
from rapport.portal import enrolment, forms
from rapport.portal.alike import likenesses
from rapport.portal.matches import COUNTED, PAGE, older, page_and_number, without_cursor
from rapport.portal.reading import cut, participants_of
from rapport.programs.doors import staff_page

MAY_SAY = (Right.CLEARANCE_EDIT, Right.PARTICIPANT_EDIT)
OF_THEIR_OWN = ("applied", "permission", "here")


@staff_page(Right.PARTICIPANT_VIEW)
def people(request, program):
    at = timezone.now()
    on = day_in(at, program.zone)
    may_say = any(request.has_right(right) for right in MAY_SAY)
    form = forms.FindPeople(request.GET, program=program, may_say=may_say)
    wanted = form.cleaned_data if form.is_valid() else {}
    mine = changed_by(request.user, program, at) if may_say else Participant.objects.none()
    seen = there(participants_of(request.user, program, at), wanted)
    if any(wanted.get(name) for name in OF_THEIR_OWN):  # nothing is found out by narrowing a list
        seen = seen.filter(pk__in=mine.values("pk"))
    seen = narrowed(seen, wanted, program, on)
    keys, has_more, how_many = page_and_number(seen, wanted.get("before"))
    rows = shown(seen, keys, program)
    context = {
        "form": form,
        "rows": enrolment.told(rows, on, of=mine),
        "may_bring": request.has_right(Right.IMPORT),
        "may_edit": request.has_right(Right.PARTICIPANT_EDIT),
        "alike": request.has_right(Right.PARTICIPANT_EDIT) and likenesses(request, program)[0].exists(),
        "all": how_many,
        "counted": COUNTED,
        "older": older(request, rows) if has_more else "",
        "first": without_cursor(request) if wanted.get("before") else "",
    }
    return render(request, "portal/people.html", context)


def changed_by(user, program, at):
    """Those whom this reader may change, or record checks of: of these alone it is told what was decided and asked."""
    reached = (participants_of(user, program, at, right).values("pk") for right in MAY_SAY)
    return Participant.objects.filter(reduce(or_, (Q(pk__in=some) for some in reached)))


def there(people, wanted):
    return people.filter(left_at__isnull=False) if wanted.get("here") == "left" else people.active()


def narrowed(people, wanted, program, on):
    if wanted.get("side"):
        people = people.filter(side=wanted["side"])
    if wanted.get("site"):
        people = people.filter(site=wanted["site"])
    if wanted.get("placed"):
        placed = Exists(open_places(program).filter(participant=OuterRef("pk")))
        people = people.filter(placed if wanted["placed"] == "yes" else ~placed)
    if wanted.get("ready"):
        people = gated(people, wanted["ready"], program, on)
    if wanted.get("applied"):
        people = enrolment.decided(people, wanted["applied"], program)
    if wanted.get("permission"):
        people = enrolment.permitted(people, wanted["permission"], program, on)
    for word in (wanted.get("q") or "").split()[:3]:
        people = people.filter(called(word, Person.objects))
    return people


def open_places(program):
    return Member.objects.filter(program=program, match__program=program, match__state__in=Match.OPEN)


def gated(people, wanted, program, on):
    """Those who have all gates of their side, or those who lack one."""
    have_all = Q(pk__in=[])
    for side in Participant.Side:
        have_all |= Q(side=side) & has_all(program, side, on)
    return people.filter(have_all if wanted == "ready" else ~have_all)


def page_of(people, before, program):
    """One page by key, newest first. What each lacks is worked out of those found alone."""
    found = people.filter(pk__lt=before) if before else people
    keys, has_more = cut(found.order_by("-pk").values_list("pk", flat=True)[: PAGE + 1], PAGE)
    return shown(people, keys, program), has_more


def shown(people, keys, program):
    """These of them, newest first, at hand with person and site."""
    rows = list(people.filter(pk__in=keys).select_related("person", "site").order_by("-pk"))
    for row in rows:
        row.program = program
    return rows
