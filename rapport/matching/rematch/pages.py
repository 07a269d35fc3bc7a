"""Mentees who wait, and a mentor for one of them: side by side, and by moving others where a person chooses so."""

from django.core import signing
from django.core.signing import BadSignature
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.notices import kept as say_kept
from rapport.matches.views import letters_of
from rapport.matching import actions
from rapport.matching.actions.placing import Move
from rapport.matching.models import Waiting
from rapport.matching.rematch import finding, waiting
from rapport.matching.rematch.forms import Kept
from rapport.onboarding.interviews import reading
from rapport.people.models import Participant
from rapport.programs.doors import staff_page

SALT = "rapport.matching.ways"
LONGEST = 2000  # signs of a way as it comes back


class NotOurs(actions.PlaceTaken):
    """What was pressed is not of this page."""

    sentence = lazy("This cannot be read any more. Look at the ways again, and choose one.")


def people_of(request, program):
    seen = Participant.objects.visible_to(request.user, Right.MATCHING_RUN).filter(program=program)
    return seen.select_related("person", "site", "program")


@staff_page(Right.MATCHING_RUN)
def who_waits(request, program):
    """Mentees without a match: those who come first, then who waits longest."""
    at, by_need = timezone.now(), request.GET.get("by") == "need"
    rows, more = waiting.rows_of(program, request.user, places.find(request.GET.get("after")), at, by_need)
    context = {"rows": rows, "more": more, "at": at, "by_need": by_need}
    context |= {"reads_needs": request.has_right(reading.RIGHT[Participant.Side.MENTEE])}
    return render(request, "matching/waiting.html", context)


@staff_page(Right.MATCHING_RUN)
def candidates(request, program, ref):
    """The best twenty for one mentee side by side; POST proposes one of them."""
    at = timezone.now()
    one = get_object_or_404(people_of(request, program).mentees(), ref=ref)
    context = {"one": one}
    if request.method == "POST":
        ref = letters_of(request.POST.get("mentor", ""))
        mentor = get_object_or_404(people_of(request, program).mentors(), ref=ref)
        try:
            match = actions.place(one, mentor, even_so=request.POST.get("sure") == "yes", by=request.user, at=at)
        except actions.BreaksRules as broken:
            return render(
                request, "matching/candidates.html", context | {"broken": broken, "mentor": mentor}, status=409
            )
        return proposed(request, match)
    place, everybody = finding.Place(one, request.user, at), request.GET.get("all") == "yes"
    context |= {"hindrance": place.hindrance, "most": place.most, "everybody": everybody}
    context["row"] = waiting.rows([one], program, request.user, at)[0]
    if not place.hindrance:
        context["found"] = place.best(everybody)
    return render(request, "matching/candidates.html", context)


@staff_page(Right.MATCHING_RUN)
def moves(request, program, ref):
    """What moving one or two others would open for a mentee, and what it brings; POST does what was chosen."""
    at = timezone.now()
    one = get_object_or_404(people_of(request, program).mentees(), ref=ref)
    if request.method == "POST":
        mentor, moved = chosen(request, program, one)
        return proposed(request, actions.place(one, mentor, moves=moved, by=request.user, at=at))
    place = finding.Place(one, request.user, at)
    context = {"one": one, "hindrance": place.hindrance}
    if not place.hindrance:
        ways, every = worth_it(place.ways())
        context |= {"ways": [(way, signed(one, way, request.user), way.gain - ways[0].gain) for way in ways]}
        context["is_no_more"] = len(ways) < every
    return render(request, "matching/moves.html", context)


def worth_it(ways):
    """(those that bring more than every one that moves fewer people, how many there are)."""
    found = [way for n, way in enumerate(ways) if all(way.gain > fewer.gain for fewer in ways[:n])]
    return found, len(ways)


def proposed(request, match):
    say_kept(request, _("Proposed. Nobody is asked before you say so on the page of the proposal."))
    return redirect(match)


def signed(mentee, way, user):
    """A way as the form carries it: nobody makes up another, and nobody presses one that was found for a colleague."""
    moved = [[person.ref for person in one[:3]] for one in way.moved]
    return signing.dumps([user.pk, mentee.ref, way.mentor.ref, moved], salt=SALT)


def chosen(request, program, mentee):
    """(the mentor, the moves) of the way that was pressed; all of it people this reader sees. What was found for
    another user is not there. Raises Http404, NotOurs."""
    try:
        found_for, ref, mentor, moved = signing.loads(request.POST.get("way", "")[:LONGEST], salt=SALT)
    except (BadSignature, ValueError, UnicodeError) as error:
        raise NotOurs(mentee) from error
    if found_for != request.user.pk:
        raise Http404
    wanted = {mentor, *(one for move in moved for one in move)}
    people = {one.ref: one for one in people_of(request, program).filter(ref__in=wanted)}
    if ref != mentee.ref or set(people) != wanted:
        raise NotOurs(mentee)
    return people[mentor], [Move(*(people[one] for one in move)) for move in moved]


@staff_page(Right.MATCHING_RUN)
def keep(request, program, ref):
    """What staff keep of a mentee who waits: whether they come first, a few words, how ready for another match."""
    at = timezone.now()
    one = get_object_or_404(people_of(request, program).mentees(), ref=ref)
    row = Waiting.objects.filter(mentee=one).first()
    was_matched = bool(waiting.history([one.pk], program, request.user, at))
    form = Kept(request.POST or None, kept=row, was_matched=was_matched)
    if request.method == "POST" and form.is_valid():
        actions.keep_waiting(one, **form.cleaned_data, by=request.user, at=at)
        say_kept(request, _("Kept."))
        return redirect("matching:waiting", program.slug)
    return render(request, "matching/keep_waiting.html", {"one": one, "form": form}, status=422 if form.errors else 200)
