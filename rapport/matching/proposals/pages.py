"""Proposals on the pages of staff: who is asked, what each said, what is next; on paper, and written down."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.codes import square
from rapport.core.languages import said_in
from rapport.core.months import day_in
from rapport.core.notices import kept as say_kept
from rapport.matches.models import Match
from rapport.matches.printing import require_printable
from rapport.matches.views import answer, reach
from rapport.matching.actions import answering, releasing
from rapport.matching.models import Proposal
from rapport.matching.proposals import reading
from rapport.matching.proposals.following import noes_of, who_next
from rapport.matching.proposals.forms import Aside, OnPaper
from rapport.matching.proposals.public import page_of
from rapport.matching.proposals.turns import with_matches
from rapport.onboarding.wording import language_for, languages_of
from rapport.people.models import Participant, kept_from
from rapport.programs.doors import staff_page

KINDS = ("stuck", "unasked", "waiting", "yes")


@staff_page(Right.MATCH_EDIT)
def proposals(request, program):
    """Who waits on whom, and what is to be done now; POST lets the chosen ones be asked about, or all not asked yet."""
    at = timezone.now()
    kinds = reading.of_kind(reading.reached(request.user, program))
    if request.method == "POST":
        return release(request, program, kinds["unasked"], at)
    counts = {kind: kinds[kind].count() for kind in KINDS}
    show = request.GET.get("show", "")
    show = show if show in KINDS else next((kind for kind in KINDS if counts[kind]), "waiting")
    rows, more = reading.page_of(kinds[show], places.find(request.GET.get("after")), request.user, at)
    context = {"rows": rows, "more": more, "show": show, "counts": counts, "all": sum(counts.values())}
    return render(request, "matching/proposals.html", context)


def release(request, program, unasked, at):
    """One press: those chosen, or all of them. What cannot be asked about is said, each with its reason."""
    chosen = unasked if request.POST.get("do") == "all" else unasked.filter(ref__in=request.POST.getlist("match"))
    told = releasing.release(chosen.select_related("program"), by=request.user, at=at)
    say_kept(request, in_words(told))
    return redirect("proposals:all", program.slug)


def in_words(told):
    """What came of one press, in words."""
    if not told.asked and not told.held:
        return _("Nobody was asked: no pair was chosen, or all of them are asked about already.")
    words = ngettext("One pair is asked about now.", "%(n)d pairs are asked about now.", len(told.asked))
    words = words % {"n": len(told.asked)}
    if told.held:
        why = " ".join(sorted(set(told.held.values()))[:5])
        words += " " + _("Not asked: %(n)d. %(why)s") % {"n": len(told.held), "why": why}
    return words


@staff_page(Right.MATCH_EDIT)
def proposal(request, program, ref):
    """One proposed match: each turn, what was said, and what may be done now."""
    at = timezone.now()
    match = reach(request, program, ref, Right.MATCH_EDIT)
    return deed(request, match, at) if request.method == "POST" else show(request, match, at, Aside())


def show(request, match, at, form):
    standing = reading.standings([match], request.user, at)[0]
    reads = Match.objects.visible_to(request.user, Right.ANSWER_VIEW).filter(pk=match.pk).exists()
    may_match = Match.objects.visible_to(request.user, Right.MATCHING_RUN).filter(pk=match.pk).exists()
    mentors = {one.person_id: one.person for one in match.mentors}
    noes = noes_of(list(mentors), match.program, request.user, at)
    context = {"match": match, "standing": standing, "reads": reads, "may_match": may_match, "form": form}
    context |= {"noes": [(mentors[pk], n) for pk, n in noes.items()]}
    return answer(request, "matching/proposal.html", context, form)


def deed(request, match, at):
    """One press of the page. An unknown one does nothing."""
    by = {"by": request.user, "at": at}
    asked = request.POST.get("do", "")
    if asked == "release":
        told = releasing.release([match], **by)
        if told.held:
            raise releasing.CannotBeAsked(match, next(iter(told.held.values())))
        say_kept(request, _("They are asked now, one after the other."))
    elif asked == "again":
        releasing.ask_again(match, **by)
        say_kept(request, _("Asked once more."))
    elif asked == "let-go":
        form = Aside(request.POST)
        if not form.is_valid():
            return show(request, match, at, form)
        releasing.let_go(match, words=form.cleaned_data["words"], **by)
        say_kept(request, _("Let go. Whoever was asked reads that it did not come about, and never why."))
    return redirect("proposals:one", match.program.slug, match.ref)


@staff_page(Right.MATCHING_RUN)
def choose_next(request, program, ref):
    """Who could be asked about this mentee next; POST lets the proposal go and asks whom somebody chose."""
    at = timezone.now()
    match = reach(request, program, ref, Right.MATCH_EDIT)
    if match.state != Match.State.PROPOSED:
        return redirect("proposals:one", program.slug, match.ref)
    if request.method == "POST":
        mentors = Participant.objects.visible_to(request.user, Right.MATCHING_RUN, at).filter(program=program).mentors()
        mentor = get_object_or_404(mentors.select_related("person"), ref=request.POST.get("mentor", ""))
        new = releasing.release_next(match, mentor=mentor, by=request.user, at=at)
        say_kept(request, _("%(pair)s: they are asked now, one after the other.") % {"pair": new.title})
        return redirect("proposals:one", program.slug, new.ref)
    return render(request, "matching/next.html", {"match": match, "rows": who_next(match, request.user, at)})


def proposal_of(request, program, ref):
    """The proposal of this sheet, with its match; a 404 to strangers and who is kept away from its person."""
    seen = Match.objects.visible_to(request.user, Right.MATCH_EDIT).filter(program=program)
    rows = Proposal.objects.filter(match__in=seen, ref=ref, closed_at=None)
    rows = rows.exclude(person__in=kept_from(request.user, timezone.now()))
    found = next(iter(with_matches(rows)), None)
    if found is None:
        raise Http404
    return found


@staff_page(Right.MATCH_EDIT)
def sheet(request, program, ref):
    """What is asked on paper, in the reader's language, with a code that leads back to where it is written down."""
    found = proposal_of(request, program, ref)
    if found.asked_at is None:
        raise answering.NotTheirTurn(found)
    require_printable(found.match, timezone.now())
    language = language_for(found.person, program, request.GET.get("in", ""))
    return said_in(language, print_sheet, request, program, found, language)


def print_sheet(request, program, found, language):
    back = request.build_absolute_uri(reverse("proposals:write-down", args=[program.slug, found.ref]))
    context = {
        "ask": found, "person": found.person, "language": language, "languages": languages_of(program),
        "code": square(f"{back}?in={language}"), **page_of(found, timezone.now()),
    }  # fmt: skip
    return render(request, "matching/public/sheet.html", context)


@staff_page(Right.MATCH_EDIT)
def record_answer(request, program, ref):
    """What stands on the sheet, or was said to staff. It counts like a pressed one. What was said before is not
    shown."""
    at = timezone.now()
    found = proposal_of(request, program, ref)
    match, today = found.match, day_in(at, program.zone)
    people = [found.person, *(one.person for one in [*match.mentors, *match.mentees])]
    form = OnPaper(
        request.POST or None, party=found.party, program=program, people=people, at=at,
        earliest=found.asked_at and day_in(found.asked_at, program.zone),
        initial={"said_on": today, "way": "paper"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        answering.hear_answer(found, answering.Answer(**form.answer()), by=request.user, at=at)
        say_kept(request, _("Written down. It counts like a pressed answer."))
        return redirect("proposals:one", program.slug, match.ref)
    return answer(request, "matching/record_answer.html", {"ask": found, "match": match, "form": form}, form)
