"""Who may be one person: looked at by somebody, and never put together by itself."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.notices import kept
from rapport.people.actions import tell_apart
from rapport.people.likeness import CROWD
from rapport.people.models import Likeness, Participant
from rapport.programs.doors import staff_page

PAGE = 50


def likenesses(request, program):
    """Those whose two people both take part here, where this reader may change them."""
    seen = Participant.objects.filter(program=program, left_at=None).visible_to(request.user, Right.PARTICIPANT_EDIT)
    people = seen.exclude(person__user=request.user).values("person")
    return Likeness.objects.open().filter(Q(first__in=people) & Q(second__in=people)), seen


@staff_page(Right.PARTICIPANT_EDIT)
def alike(request, program):
    open_, seen = likenesses(request, program)
    rows = list(open_.select_related("first", "second").order_by("pk")[:PAGE])
    people = {person.pk for row in rows for person in (row.first, row.second)}
    parts = {}
    for part in seen.filter(person__in=people).select_related("person", "site", "program").order_by("pk"):
        parts.setdefault(part.person_id, []).append(part)
    shown = [(row, parts.get(row.first_id, []), parts.get(row.second_id, [])) for row in rows]
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
