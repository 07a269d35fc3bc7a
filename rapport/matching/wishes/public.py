"""The page of a letter with suggestions, without signing in: whom a grown-up would like, and whom not.

GET shows and changes nothing; POST acts. What was said before is not shown, and nobody on it learns of it.
"""

from functools import partial

from django.http import Http404
from django.shortcuts import render

from rapport.core.refused import Refused
from rapport.matching.actions import wishing
from rapport.matching.gathering import not_to_be_shown
from rapport.matching.models import Proposal, WishAsk
from rapport.matching.proposals.shown import listed_for, one_shown
from rapport.matching.wishes.forms import Say, suggestions_of
from rapport.outbox.guests import context
from rapport.outbox.public import before_it_starts, link_page, must_press_again, renew
from rapport.people.models import Restriction

PURPOSE = "suggestions"
PRESSES = 30  # within an hour; no figure of the field: no person meets it, a machine does
FOLDER = "matching/public"


def ask_of(link, at):
    """What a link opens, while it is theirs and the program takes grown-ups alone."""
    rows = WishAsk.objects.filter(pk=link.about_id, person=link.person_id, program=link.program_id)
    found = rows.select_related("program", "person", "participant").first()
    return found if found and wishing.still_theirs(found, at) else None


def run_out(request, link, found, at):
    if link.closed_at is not None:
        raise Http404
    return renew(request, link, partial(wishing.send_new_link, found, at=at)) or told(request, found, "new-link")


def slowly(request, link, found, at):
    return told(request, found, "slowly")


@link_page(PURPOSE, ask_of, run_out=run_out, presses=PRESSES, slowly=slowly)
def ask(request, link, found, at):
    if before_it_starts(request):
        return render(request, f"{FOLDER}/wishes_start.html", context(found))
    if request.method != "POST":
        return show(request, found, at)
    if request.POST.get("instead") == "not-me":
        wishing.not_them(found, at=at)
        return told(request, found, "not-me")
    return answer(request, link, found, at)


def answer(request, link, found, at):
    form = Say(request.POST, rows=may_be_shown(found, at))
    if not form.is_valid():
        return show(request, found, at, form, status=422)
    if must_press_again(request, link, at):
        return show(request, found, at, form, again=True, status=409)
    try:
        wishing.hear_wishes(found, **form.answer(), way=Proposal.Way.LINK, by=found.person, at=at)
    except Refused as refusal:
        return show(request, found, at, form, refusal=refusal, status=409)
    return told(request, found, "thanks")


def may_be_shown(found, at):
    """The suggestions whose people are still there, let themselves be shown, and are not kept apart from the reader."""
    rows = [row for row in suggestions_of(found) if row.other.left_at is None]
    hidden = not_to_be_shown([row.other for row in rows], found.program, at)
    live = Restriction.objects.live_at(at)
    away = set(live.filter(kept_away=found.person).values_list("subject", flat=True))
    away |= set(live.filter(subject=found.person).values_list("kept_away", flat=True))
    return [row for row in rows if row.other.person_id not in hidden | away]


def page_of(found, at, form=None):
    """What the page tells of each suggestion, beside its field."""
    form = form or Say(rows=may_be_shown(found, at))
    listed = listed_for(found.participant.side, found.program)
    pairs = [(one_shown(row.other, found, listed, False, at), field) for row, field in form.fields_of()]
    return {"form": form, "pairs": pairs, "until": found.expires_at}


def show(request, found, at, form=None, *, again=False, refusal=None, status=200):
    more = page_of(found, at, form) | {"press_again": again, "refusal": refusal}
    return render(request, f"{FOLDER}/wishes.html", context(found) | more, status=status)


def told(request, found, what, *, status=200):
    return render(request, f"{FOLDER}/wishes_told.html", context(found) | {"what": what}, status=status)
