"""The page of a letter that asks about a match, without signing in. GET shows and changes nothing; POST acts.

It tells nobody who else was asked or what they said, and never shows what was said before. Whatever the cause, a match
that does not come about reads the same on every page.
"""

from functools import partial

from django.http import Http404
from django.shortcuts import render

from rapport.core.refused import Refused
from rapport.matches.models import Match
from rapport.matching.actions import answering
from rapport.matching.models import Party, Proposal
from rapport.matching.proposals.forms import Say
from rapport.matching.proposals.shown import shown_to
from rapport.matching.proposals.turns import may_change, still_theirs, with_matches
from rapport.outbox.guests import context
from rapport.outbox.public import before_it_starts, link_page, must_press_again, renew
from rapport.safeguarding.questions import emergency_numbers

PURPOSE = "proposal"
PRESSES = 30  # within an hour; no figure of the field: no person meets it, a machine does
FOLDER = "matching/public"
OVER = [Match.State.NOT_BEGUN, Match.State.CLOSED]


def proposal_of(link, at):
    """The proposal that a link opens. Whoever may know nothing of it any more meets what a stranger meets."""
    rows = Proposal.objects.filter(pk=link.about_id, person=link.person_id, program=link.program_id, closed_at=None)
    found = next(iter(with_matches(rows.exclude(asked_at=None))), None)
    return found if found and still_theirs(found, at) else None


def run_out(request, link, found, at):
    """A link that no longer opens anything. One whose time ran out may be asked for anew, to the address on file."""
    if link.closed_at is not None:
        raise Http404
    return renew(request, link, partial(answering.send_new_link, found, at=at)) or told(request, found, "new-link")


def slowly(request, link, found, at):
    return told(request, found, "slowly")


@link_page(PURPOSE, proposal_of, run_out=run_out, presses=PRESSES, slowly=slowly)
def ask(request, link, found, at):
    if before_it_starts(request):
        return render(request, f"{FOLDER}/start.html", context(found))
    return act(request, link, found, at) if request.method == "POST" else show(request, found, at)


def act(request, link, found, at):
    """One press: an answer, or one of the buttons that say something else instead."""
    instead = request.POST.get("instead", "")
    if instead == "not-me":
        answering.not_them(found, at=at)
    elif instead == "talk":
        answering.ask_for_talk(found, at=at)
    else:
        return answer(request, link, found, at)
    return told(request, found, instead)


def answer(request, link, found, at):
    if not is_open(found, at):
        return told(request, found, stands(found), status=409)
    form = form_of(found, request.POST)
    if not form.is_valid():
        return show(request, found, at, form, status=422)
    if must_press_again(request, link, at):
        return show(request, found, at, form, again=True, status=409)
    said = answering.Answer(way=Proposal.Way.LINK, **form.answer())
    try:
        answering.hear_answer(found, said, link=link, by=found.person, at=at)
    except Refused as refusal:
        return show(request, found, at, refusal=refusal, status=409)
    return told(request, found, "thanks")


def form_of(found, data=None):
    return Say(data, party=found.party, initial={"seen": answering.mark_of(found)})


def is_open(found, at):
    """Whether there is still something to answer on this page."""
    rows = list(Proposal.objects.filter(match=found.match_id))
    return may_change(found, rows, at)


def stands(found):
    """What is told where nothing is to be answered any more: in the same words, whoever said what."""
    return "over" if found.match.state in OVER else "passed-on"


def page_of(found, at, form=None):
    """What the page tells: the other as far as it may be shown, and what its reader may answer."""
    return {
        "others": shown_to(found, at), "form": form or form_of(found), "party": found.party,
        "is_guardian": found.party == Party.GUARDIAN, "is_mentee": found.party == Party.MENTEE,
        "child": found.child, "until": found.expires_at,
    }  # fmt: skip


def in_danger(found):
    """The numbers to call, for a child and whoever stands for one: what they write is read on the next working day."""
    program = found.match.program
    is_near_a_child = found.party != Party.MENTOR and not program.adults_only
    return emergency_numbers(program, found.match) if is_near_a_child else ""


def show(request, found, at, form=None, *, again=False, refusal=None, status=200):
    if not is_open(found, at):
        return told(request, found, stands(found), status=status)
    more = page_of(found, at, form) | {"press_again": again, "refusal": refusal, "emergency": in_danger(found)}
    return render(request, f"{FOLDER}/page.html", context(found) | more, status=status)


def told(request, found, what, *, status=200):
    more = context(found) | {"what": what, "emergency": in_danger(found)}
    return render(request, f"{FOLDER}/told.html", more, status=status)
