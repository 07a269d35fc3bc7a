"""The list of matches: found by name, site, coordinator, phase and how they are; newest first, 50 a page."""

from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.utils import timezone

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.care.questions import strips
from rapport.matches.models import Match, Member
from rapport.people.models import Person
from rapport.people.names import called
from rapport.portal import forms
from rapport.portal.glance import glances
from rapport.portal.reading import cut, findings_for, matches_of, that_are
from rapport.programs.doors import staff_page

PAGE = 50
COUNTED = 1000


@staff_page(Right.MATCH_VIEW)
def matches(request, program):
    at = timezone.now()
    form = forms.FindMatches(request.GET, program=program, coordinators=coordinators_of(program))
    wanted = form.cleaned_data if form.is_valid() else {}
    seen = narrowed(matches_of(request.user, program, at), wanted, request.user, program, at)
    keys, has_more, how_many = page_and_number(seen, wanted.get("before"))
    rows = shown(keys)
    known = strips(rows, request.user, at)
    glance = glances(rows, at)
    for match in rows:
        match.glance = glance.get(match.pk)
    context = {
        "form": form,
        "may_read": request.has_right(Right.ANSWER_VIEW),
        "rows": [(match, known[match.pk].how, known[match.pk].owed) for match in rows],
        "all": how_many,
        "counted": COUNTED,
        "older": older(request, rows) if has_more else "",
        "first": without_cursor(request) if wanted.get("before") else "",
    }
    return render(request, "portal/matches.html", context)


def coordinators_of(program):
    """Everybody who coordinates, or coordinated, a match here."""
    of_program = Match.objects.filter(program=program, coordinator__isnull=False)
    return User.objects.filter(pk__in=of_program.order_by().values("coordinator").distinct()).order_by("name", "pk")


def narrowed(matches, wanted, user, program, at):
    if how := wanted.get("how"):
        matches = that_are(how, matches, findings_for(user, program, at), program)
    state = wanted.get("state") or ("" if how else "open")
    if state == "open":
        matches = matches.open()
    elif state and state != "all":
        matches = matches.filter(state=state)
    if wanted.get("time"):
        matches = matches.filter(time_kept__state=wanted["time"], time_kept__as_of__isnull=False)
    if wanted.get("phase"):
        matches = matches.filter(phase=wanted["phase"])
    if wanted.get("site"):
        matches = matches.filter(site=wanted["site"])
    if wanted.get("coordinator"):
        matches = matches.filter(coordinator=wanted["coordinator"])
    for word in (wanted.get("q") or "").split()[:3]:
        matches = matches.filter(with_somebody_called(word))
    return matches


def with_somebody_called(word):
    """Matches with somebody whose given or family name begins so."""
    so_called = called(word, Person.objects, of="participant__person")
    return Exists(Member.objects.filter(so_called, match=OuterRef("pk")))


def page_and_number(found, before):
    """(keys of one page, newest first; whether there is more; how many there are, as far as anybody counts).

    The first page and the number are one reading: what is dear to find is looked for once.
    """
    keys = found.order_by("-pk").values_list("pk", flat=True)
    first = list(keys[: COUNTED + 1])
    page, has_more = cut(keys.filter(pk__lt=before)[: PAGE + 1] if before else first[: PAGE + 1], PAGE)
    return page, has_more, len(first)


def shown(keys):
    """These matches with their people, newest first."""
    found = Match.objects.filter(pk__in=keys).select_related("site", "coordinator", "program")
    return list(found.with_people().order_by("-pk"))


def older(request, rows):
    return "?" + urlencode(kept_query(request) | {"before": rows[-1].pk})


def without_cursor(request):
    query = kept_query(request)
    return "?" + urlencode(query) if query else request.path


def kept_query(request):
    """What the reader asked for, without the place in the list."""
    return {name: value for name, value in request.GET.items() if name != "before" and value}
