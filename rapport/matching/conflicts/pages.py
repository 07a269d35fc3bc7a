"""With whom somebody is not to be matched: written down, and taken back. Not a matter of safety, and sealed nowhere."""

from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.matches.models import Match
from rapport.matches.views import letters_of
from rapport.matching.conflicts.forms import Declared
from rapport.people import actions
from rapport.people.models import Conflict, Participant, Person
from rapport.people.names import called
from rapport.programs.doors import staff_page

OFFERED = 12  # to choose from at once; others are found by how their name begins


@staff_page(Right.PARTICIPANT_EDIT)
def conflicts(request, program, ref):
    """Those this person is not to be matched with; POST writes one down, or takes one back."""
    at = timezone.now()
    seen = Participant.objects.visible_to(request.user, Right.PARTICIPANT_EDIT, at).filter(program=program)
    one = get_object_or_404(seen.select_related("person", "program"), ref=ref)
    rows = Conflict.objects.visible_to(request.user, at=at).filter(Q(person=one.person) | Q(other=one.person))
    rows = rows.filter(program=program)
    if request.method == "POST" and "take-back" in request.POST:
        row = get_object_or_404(rows, ref=letters_of(request.POST["take-back"]))
        actions.take_conflict_back(row, by=request.user, at=at)
        kept(request, _("Taken back: they may be matched again."))
        return redirect(request.path)
    letters = letters_of(request.GET.get("q", ""))
    others = seen.exclude(side=one.side).exclude(person=one.person).select_related("person", "site")
    offered = named(others.active(), letters, program)
    form = Declared(request.POST or None, others=others, offered=offered[:OFFERED], one=one)
    if request.method == "POST" and form.is_valid():
        actions.declare_conflict(program, **form.facts(), by=request.user, at=at)
        kept(request, written_down(request.user, program, one, form.cleaned_data["other"], at))
        return redirect(request.path)
    context = {
        "one": one, "form": form, "letters": letters, "has_more": len(offered) > OFFERED or letters,
        "rows": with_both(rows, day_in(at, program.zone)),
    }  # fmt: skip
    return render(request, "matching/conflicts.html", context, status=422 if form.errors else 200)


def named(people, letters, program):
    """Those whose name begins so, one more than are offered."""
    if letters:
        people = people.filter(called(letters, Person.objects.filter(organization=program.organization_id)))
    return list(people.order_by("person__given_name", "person__family_name", "pk")[: OFFERED + 1])


def with_both(rows, on):
    """All of them, those that hold first."""
    found = list(rows.select_related("person", "other", "said_by", "taken_back_by").order_by("-said_at", "-pk"))
    for row in found:
        row.holds = row.is_live(on)
    return sorted(found, key=lambda row: not row.holds)


def written_down(user, program, one, other, at):
    """What was kept; where they are in a match that this reader sees, that it goes on."""
    seen = Match.objects.visible_to(user, Right.MATCH_VIEW, at).filter(program=program, state__in=Match.ALIVE)
    if seen.filter(members__participant=one).filter(members__participant=other).exists():
        return _(
            "Written down. They are in a match, or proposed to each other. A match goes on; a proposal does not begin."
        )
    return _("Written down. Nothing pairs them from now on: no round, no suggestion, no list.")
