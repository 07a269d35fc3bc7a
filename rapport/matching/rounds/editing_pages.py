"""A draft round changed by hand, and two rounds side by side. Mentors and mentees never see any of it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.notices import kept as say_kept
from rapport.matches.views import letters_of
from rapport.matching import actions
from rapport.matching.models import Draft, Round
from rapport.matching.rounds import beside, candidates
from rapport.matching.rounds.pages import ALREADY
from rapport.people.models import Participant
from rapport.programs.doors import staff_page


def round_or_404(request, program, ref):
    return get_object_or_404(
        Round.objects.visible_to(request.user).filter(program=program).select_related("program", "made_from"), ref=ref
    )


@staff_page(Right.MATCHING_RUN)
def pairs(request, program, ref):
    """One pair locked, unlocked or taken out; or the rest run again around those that are locked.

    Whoever had to sign in anew after a press comes back here without it, and is shown the round.
    """
    kept, do = round_or_404(request, program, ref), request.POST.get("do")
    if request.method != "POST":
        return redirect(kept)
    if do == "again":
        return run_again(request, kept)
    draft = get_object_or_404(
        Draft.objects.visible_to(request.user).filter(round=kept).select_related("mentee__person", "mentor__person"),
        mentee__ref=request.POST.get("pair", "")[:12],
    )
    draft.round, done = kept, {"lock": actions.lock_pair, "unlock": actions.unlock_pair, "out": actions.take_out}
    if do not in done:
        raise Http404
    done[do](draft, by=request.user, at=timezone.now())
    if do == "out":
        say_kept(request, _("%(who)s is left without in this draft.") % {"who": draft.mentee.person.first_name})
    return redirect(kept)


def run_again(request, kept):
    at = timezone.now()
    made, goes = actions.run_again(kept, by=request.user, at=at)
    seen = Draft.objects.visible_to(request.user).filter(pk__in=[draft.pk for draft in goes]).count()
    new = _("A new draft. The one it was made from is still there.")
    say_kept(request, new if made.made_at == at else ALREADY)
    if seen:
        words = ngettext(
            "One locked pair can no longer be, and was let go.",
            "%(n)d locked pairs can no longer be, and were let go.",
            seen,
        )
        say_kept(request, words % {"n": seen})
    return redirect(made)


@staff_page(Right.MATCHING_RUN)
def by_hand(request, program, ref, mentee):
    """One mentee of a draft and who else there is; POST puts two together, once what it breaks was read."""
    kept = round_or_404(request, program, ref)
    people = Participant.objects.visible_to(request.user, Right.MATCHING_RUN).filter(program=program)
    people = people.select_related("person", "site", "program")
    one = get_object_or_404(people.filter(pk__in=candidates.of_round(kept)), ref=mentee)
    context = {"round": kept, "mentee": one}
    if request.method == "POST":
        mentor = get_object_or_404(people.mentors(), ref=request.POST.get("mentor", "")[:12])
        even_so = request.POST.get("sure") == "yes"
        try:
            actions.pair_by_hand(kept, one, mentor, even_so=even_so, by=request.user, at=timezone.now())
        except actions.BreaksRules as broken:
            context |= {"broken": broken, "mentor": mentor}
        else:
            said = {"mentee": one.person.first_name, "mentor": mentor.person.first_name}
            say_kept(request, _("%(mentee)s and %(mentor)s are together in this draft, and locked.") % said)
            return redirect(kept)
    letters = letters_of(request.GET.get("q", ""))
    context |= {"now": candidates.now_with(kept, one, request.user), "letters": letters}
    if kept.is_draft and "broken" not in context:
        context |= {"rows": candidates.rows(kept, one, request.user, letters, timezone.now())}
    return render(request, "matching/by_hand.html", context, status=409 if "broken" in context else 200)


@staff_page(Right.MATCHING_RUN)
def compare(request, program, ref):
    """Two rounds side by side: who is served in one alone, who has another mentor, and the figures of both."""
    kept = round_or_404(request, program, ref)
    others = Round.objects.visible_to(request.user).filter(program=program).exclude(pk=kept.pk).order_by("-pk")
    wanted = request.GET.get("with", "")[:12]
    if wanted:
        other = get_object_or_404(others.select_related("program"), ref=wanted)
    else:
        other = kept.made_from or others.select_related("program").first()
    context = {"round": kept, "others": others[: beside.OFFERED], "other": other}
    if other:
        context |= beside.of_two(kept, other, request.user, places.find(request.GET.get("after")))
    return render(request, "matching/compare.html", context)
