"""How a round served one group and another, and what matching looks at held against past matches. Figures alone."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from rapport.access.rights import Right
from rapport.matching.figures import audit, tested
from rapport.programs.doors import staff_page


@staff_page(Right.PROGRAM_VIEW)
def of_round(request, program, ref):
    """Who found a mentor in a round, by site, language, gender and waiting time."""
    at, sees = timezone.now(), Right.MATCHING_RUN in request.rights_of_staff
    kept = get_object_or_404(audit.rounds_for(request.user, program, sees).select_related("program"), ref=ref)
    context = {
        "round": kept, "sees": sees, "at_least": program.limit(audit.SMALLEST), "spans": audit.spans_in_days(program),
        "most": sum(one["weight"] for one in kept.criteria), **audit.of_round(kept, request.user, sees, at),
    }  # fmt: skip
    return render(request, "matching/audit.html", context)


@staff_page(Right.PROGRAM_VIEW)
def weights(request, program):
    """Each criterion with how long past matches lasted and why they ended, where it was right and where not."""
    at, rights = timezone.now(), request.rights_of_staff
    rows, looked_at = tested.tested(program, request.user, Right.MATCH_VIEW in rights, at)
    published = [] if Right.MATCHING_RUN in rights else audit.rounds_for(request.user, program, sees=False)
    context = {
        "rows": rows, "looked_at": looked_at, "at": at, "at_least": program.limit(audit.SMALLEST),
        "sees_rounds": Right.MATCHING_RUN in rights, "published": published and published.order_by("-pk")[:20],
        "most": tested.LOOKED_AT,
    }  # fmt: skip
    return render(request, "matching/weights.html", context)
