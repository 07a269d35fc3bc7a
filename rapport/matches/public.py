"""The page of a letter that asks for permission, without signing in. GET shows and changes nothing; POST acts.

It never shows what was said before: a family may share the link, and the phone.
"""

from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language

from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches import actions
from rapport.onboarding import actions as onboarding
from rapport.onboarding.actions.calling import CALL_ME
from rapport.onboarding.consenting import may_answer, texts_of
from rapport.onboarding.forms import Choice
from rapport.onboarding.models import ConsentAsk
from rapport.outbox.guests import context
from rapport.outbox.public import before_it_starts, link_page, must_press_again, renew

PURPOSE = "consent"
PRESSES = 30  # within an hour; no figure of the field: no person meets it, a machine does


def ask_of(link, at):
    """The ask that a link opens. Whoever may no longer answer it meets what a stranger meets."""
    asks = ConsentAsk.objects.open().filter(pk=link.about_id, person=link.person_id, program=link.program_id)
    found = asks.select_related("program", "person", "participant__person").first()
    return found if found and may_answer(found, day_in(at, found.program.zone)) else None


def run_out(request, link, found, at):
    """A link that no longer opens anything. One whose time ran out may be asked for anew, to the address on file."""
    if link.closed_at is not None:
        raise Http404
    return renew(request, link, partial(onboarding.send_new_link, found, at=at)) or told(request, found, "new-link")


def slowly(request, link, found, at):
    return told(request, found, "slowly")


@link_page(PURPOSE, ask_of, run_out=run_out, presses=PRESSES, slowly=slowly)
def ask(request, link, found, at):
    if before_it_starts(request):
        return render(request, "matches/public/start.html", context(found))
    return act(request, link, found, at) if request.method == "POST" else show(request, found)


def act(request, link, found, at):
    """One press: yes and no to what is asked, or one of the buttons that say something else instead."""
    instead = request.POST.get("instead", "")
    if instead == "not-me":
        onboarding.not_them(found, at=at)
    elif instead == "talk":
        onboarding.call(found, CALL_ME, cause=str(day_in(at, found.program.zone)), at=at)
    else:
        return answer(request, link, found, at)
    return told(request, found, instead)


def answer(request, link, found, at):
    choices = choices_of(found, request.POST)
    if any(one.errors for one in choices):
        return show(request, found, choices, status=422)
    said = [one.said() for one in choices if one.was_touched]
    if not said:
        return show(request, found, choices, empty=True, status=422)
    if must_press_again(request, link, at):
        return show(request, found, choices, again=True, status=409)
    if any(not one.is_fresh for one in choices if one.was_touched):
        return show(request, found, changed=True, status=409)
    try:
        actions.hear_consent(found, said=said, link=link, by=found.person, at=at)
    except Refused as refusal:
        return show(request, found, choices, refusal=refusal, status=409)
    return told(request, found, "thanks")


def choices_of(found, data=None):
    return [Choice(data, shown=one) for one in texts_of(found, get_language())]


def show(request, found, choices=None, *, empty=False, again=False, changed=False, refusal=None, status=200):
    """What is asked, with what was chosen just now where something is to be put right; never what was said before."""
    more = {
        "choices": choices or choices_of(found), "is_empty": empty, "press_again": again, "has_changed": changed,
        "refusal": refusal,
    }  # fmt: skip
    return render(request, "matches/public/ask.html", context(found) | more, status=status)


def told(request, found, what):
    return render(request, "matches/public/told.html", context(found) | {"what": what})
