"""Why two people are not with each other in a round: a small form, names that are found, and reasons in words."""

from django.shortcuts import render
from django.utils import timezone

from rapport.access.rights import Right
from rapport.matches.views import letters_of
from rapport.matching.rounds import recruiting
from rapport.matching.rounds import why as reasons
from rapport.matching.rounds.candidates import of_round
from rapport.matching.rounds.editing_pages import round_or_404
from rapport.people.models import Participant, Person
from rapport.people.names import called
from rapport.programs.doors import staff_page

FOUND = 12  # people shown to choose from, where a name is not of one alone


@staff_page(Right.MATCHING_RUN)
def why(request, program, ref):
    """Two people by name or by choice; where both are found, what stands between them."""
    kept = round_or_404(request, program, ref)
    people = Participant.objects.visible_to(request.user, Right.MATCHING_RUN).filter(program=program)
    people = people.select_related("person", "site", "program").order_by("person__given_name", "pk")
    sides = {"mentee": people.filter(pk__in=of_round(kept)), "mentor": people.mentors().active()}
    typed = {side: letters_of(request.GET.get(side, "")) for side in sides}
    found = {side: named(rows, typed[side], program) for side, rows in sides.items()}
    context = {"round": kept, "typed": typed, "found": found}
    if all(len(rows) == 1 for rows in found.values()):
        two = [rows[0] for rows in found.values()]
        context |= reasons.why(kept, *two, request.user, timezone.now())
    return render(request, "matching/why.html", context)


@staff_page(Right.MATCHING_RUN)
def recruit(request, program, ref):
    """What further mentors would bring, worked out for who asks."""
    kept = round_or_404(request, program, ref)
    context = {"round": kept, "found": recruiting.worked_out(kept, request.user, timezone.now())}
    return render(request, "matching/recruit.html", context)


def named(rows, typed, program):
    """Whoever has this ref, or a name that begins so."""
    if not typed:
        return []
    one = list(rows.filter(ref=typed))
    first, _space, last = typed.partition(" ")
    if not one:
        everybody = Person.objects.filter(organization=program.organization_id)
        one = list(rows.filter(called(typed, everybody))[:FOUND])
    if not one and last:
        fits = called(first, everybody)
        one = [who for who in rows.filter(fits)[:100] if who.person.full_name.lower().startswith(typed.lower())][:FOUND]
    return one
