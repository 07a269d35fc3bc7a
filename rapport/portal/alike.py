"""Who may be one person: looked at by somebody, and never put together by itself."""

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.notices import kept
from rapport.people.actions import tell_apart
from rapport.people.likeness import CROWD
from rapport.people.models import Guardianship, Likeness
from rapport.people.reached import people_of
from rapport.portal.reading import participants_of
from rapport.programs.doors import staff_page

PAGE = 50


def likenesses(request, program):
    """Those whose two people both take part here, or stand for who does, where this reader may change them."""
    at = timezone.now()
    people = people_of(request.user, program, at)
    first, second = (Exists(people.filter(pk=OuterRef(name))) for name in ("first", "second"))
    seen = participants_of(request.user, program, at, Right.PARTICIPANT_EDIT).active()
    return Likeness.objects.open().filter(first, second), seen


@staff_page(Right.PARTICIPANT_EDIT)
def alike(request, program):
    open_, seen = likenesses(request, program)
    rows = list(open_.select_related("first", "second").order_by("pk")[:PAGE])
    people = {person.pk for row in rows for person in (row.first, row.second)}
    parts = {}
    for part in seen.filter(person__in=people).select_related("person", "site", "program").order_by("pk"):
        parts.setdefault(part.person_id, []).append(part)
    children = {}
    for row in Guardianship.objects.filter(adult__in=people, child__in=seen.values("person")).select_related("child"):
        children.setdefault(row.adult_id, []).append(row.child)
    shown = [
        (row, [(one, parts.get(one.pk, []), children.get(one.pk, [])) for one in (row.first, row.second)])
        for row in rows
    ]
    return render(request, "portal/alike.html", {"rows": shown, "crowd": CROWD})


@staff_page(Right.PARTICIPANT_EDIT)
def apart(request, program, ref):
    """Say that they are two; pressing again changes nothing."""
    if request.method != "POST":
        raise Http404
    open_, _seen = likenesses(request, program)
    likeness = get_object_or_404(open_.select_related("first", "second"), ref=ref)
    tell_apart(likeness, by=request.user, at=timezone.now())
    words = _("Noted: %(first)s and %(second)s are two.")
    kept(request, words % {"first": likeness.first.full_name, "second": likeness.second.full_name})
    return redirect("portal:alike", program.slug)
