"""Rounds: the list, and one round from draft to proposal. Mentors and mentees never see them."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.notices import kept as say_kept
from rapport.matching import actions
from rapport.matching.models import Round
from rapport.matching.rounds import late, prices, reading, recruiting
from rapport.programs.doors import staff_page

ALREADY = lazy("This draft is there already: nothing that it looked at is different since.")


@staff_page(Right.MATCHING_RUN)
def rounds(request, program):
    """The rounds so far; POST drafts the next one."""
    if request.method == "POST":
        at = timezone.now()
        made = actions.draft_round(program, by=request.user, at=at)
        if made.made_at != at:
            say_kept(request, ALREADY)
        return redirect(made)
    rows, older = reading.rounds_of(program, request.user, places.find(request.GET.get("before")))
    mentees, mentors = reading.waiting_now(program, request.user)
    context = {"rounds": rows, "older": older, "mentees": mentees, "mentors": mentors}
    context |= {"late": late.mentors(program, request.user, timezone.now()) if mentees and mentors else ()}
    return render(request, "matching/rounds.html", context)


@staff_page(Right.MATCHING_RUN)
def show(request, program, ref):
    """One round: the pairs and why, who is left without and why; POST publishes or drops it."""
    kept = get_object_or_404(
        Round.objects.visible_to(request.user).filter(program=program).select_related("program", "made_from"), ref=ref
    )
    if request.method == "POST" and request.POST.get("do") == "publish":
        matches = actions.publish(kept, by=request.user, at=timezone.now())
        if not matches and kept.drafts.exists():
            raise actions.NothingLeft(kept)
        words = ngettext("One match is proposed.", "%(n)d matches are proposed.", len(matches))
        say_kept(request, words % {"n": len(matches)})
        return redirect(kept)
    if request.method == "POST" and request.POST.get("do") == "drop":
        actions.drop_round(kept, by=request.user, at=timezone.now())
        return redirect("matching:rounds", program.slug)
    reading.count_pairs([kept], request.user)
    pairs, more = reading.pairs_of(kept, request.user, places.find(request.GET.get("after")))
    left, left_more = reading.left_of(kept, request.user)
    context = {"round": kept, "pairs": pairs, "more": more, "left": left, "left_more": left_more}
    context |= reading.of_draft(kept, request.user) | {"prices": prices.of_round(kept, request.user)}
    context |= {"recruit": recruiting.of_round(kept, request.user)}
    context |= {"late": late.mentors(program, request.user, timezone.now()) if kept.is_draft and left else ()}
    return render(request, "matching/round.html", context)
