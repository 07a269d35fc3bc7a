"""The list of those who take part: application, permission, readiness and match of each on one row (features A4)."""

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
from rapport.portal.matches import COUNTED, PAGE, older, without_cursor
from rapport.portal.reading import cut, participants_of
from rapport.programs.doors import staff_page


@staff_page(Right.PARTICIPANT_VIEW)
def people(request, program):
    at = timezone.now()
    on = day_in(at, program.zone)
    may_say = request.has_right(Right.CLEARANCE_EDIT) or request.has_right(Right.PARTICIPANT_EDIT)
    form = forms.FindPeople(request.GET, program=program, may_say=may_say)
    wanted = form.cleaned_data if form.is_valid() else {}
    seen = narrowed(there(participants_of(request.user, program, at), wanted), wanted, program, on)
    rows, has_more = page_of(seen, wanted.get("before"), program)
    context = {
        "form": form,
        "rows": enrolment.told(rows, on, may_say=may_say),
        "may_say": may_say,
        "may_bring": request.has_right(Right.IMPORT),
        "may_edit": request.has_right(Right.PARTICIPANT_EDIT),
        "alike": request.has_right(Right.PARTICIPANT_EDIT) and likenesses(request, program)[0].exists(),
        "all": seen.order_by("-pk")[: COUNTED + 1].count(),
        "counted": COUNTED,
        "older": older(request, rows) if has_more else "",
        "first": without_cursor(request) if wanted.get("before") else "",
    }
    return render(request, "portal/people.html", context)


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
        have_all |= Q(has_all(program, side, on), side=side)
    return people.filter(have_all if wanted == "ready" else ~have_all)


def page_of(people, before, program):
    """One page by key, newest first."""
    if before:
        people = people.filter(pk__lt=before)
    rows, has_more = cut(people.select_related("person", "site").order_by("-pk")[: PAGE + 1], PAGE)
    for row in rows:
        row.program = program
    return rows, has_more
