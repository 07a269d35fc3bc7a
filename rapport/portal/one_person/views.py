"""Two records are one human being: whom it may be, both side by side, one press. Nothing is put together by itself."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.notices import kept as saved
from rapport.people.actions.merging import as_they_stand, put_together
from rapport.people.joining import objections
from rapport.people.likeness import alike
from rapport.people.models import Likeness, Person
from rapport.people.names import called
from rapport.people.reached import now_called, page_of, people_of, twice_here
from rapport.portal.one_person.forms import OnePerson
from rapport.portal.one_person.sides import sides, what_joins
from rapport.programs.doors import staff_page

MOST = 20


@staff_page(Right.PARTICIPANT_EDIT)
def find(request, program, ref):
    """Whom somebody may be once more: who looks like them, and who is called so."""
    people = reached(request, program)
    person = get_object_or_404(people, ref=ref)
    letters = request.GET.get("q", "").replace("\0", "").strip()[:60]  # PostgreSQL takes none of these
    others = people.exclude(pk=person.pk)
    for word in letters.split()[:3]:
        others = others.filter(called(word, Person.objects, of=""))
    found = others.order_by("family_name", "given_name", "pk")[:MOST] if letters else likely(person, others)
    context = {"person": person, "found": with_parts(found, program), "letters": letters}
    return render(request, "portal/one_person/find.html", context)


def reached(request, program):
    """Whoever may put people together sees how to reach them: both are needed to say that two are one."""
    if not request.has_right(Right.CONTACT_VIEW):
        raise Http404
    return people_of(request.user, program, timezone.now())


def likely(person, others):
    """Those who look like this one and were not told apart."""
    mine = Likeness.objects.filter(Q(first=person) | Q(second=person))
    noted = {pk: row for row in mine for pk in (row.first_id, row.second_id)}
    told_apart = {pk for pk, row in noted.items() if row.apart_at}
    found = {one.pk for pair in alike([person]) for one in pair} | set(noted)
    return others.filter(pk__in=found - told_apart).order_by("pk")[:MOST]


def with_parts(people, program):
    """Each with what they are here, in one more query."""
    return people.prefetch_related("participations__site", "children__child")


@staff_page(Right.PARTICIPANT_EDIT)
def together(request, program, ref, other):
    """Both records side by side, what becomes of them, and one press."""
    at, people = timezone.now(), reached(request, program)
    there = {person.ref: person for person in people.filter(ref__in=[ref, other])}
    if ref == other or len(there) != 2:
        return lead_on(request, program, people, there, {ref, other}, at)
    stays, goes = there[ref], there[other]
    twice, sent = twice_here(stays, goes), request.POST if request.method == "POST" else None
    form = OnePerson(sent, kept=stays, other=goes, twice=twice, initial={"seen": as_they_stand(stays, goes)})
    if request.method == "POST" and form.is_valid():
        stays = put_together(
            stays, goes, takes=form.takes(), sites=form.sites(), seen=form.cleaned_data["seen"], by=request.user, at=at
        )
        saved(request, _("%(name)s is one person now. Both addresses lead here.") % {"name": stays.full_name})
        return redirect(page_of(stays, request.user, program, at))
    why_not = objections(stays, goes, by=request.user, at=at)
    shown = sides(stays, goes, request.user, program, at)
    context = {"form": form, "sides": shown, "why_not": why_not, "joins": what_joins(stays, goes, request.user, at)}
    return render(request, "portal/one_person/together.html", context, status=422 if form.errors else 200)


def lead_on(request, program, people, there, refs, at):
    """Pressed twice, or an old page: where both addresses lead to one person, that is where this page leads, too."""
    led = now_called(refs - set(there)) | there
    pks = {person.pk for person in led.values()}
    if len(led) != len(refs) or len(pks) != 1 or len(refs) != 2:
        raise Http404
    person = get_object_or_404(people, pk=pks.pop())
    saved(request, _("%(name)s is one person already.") % {"name": person.full_name})
    return redirect(page_of(person, request.user, program, at))
