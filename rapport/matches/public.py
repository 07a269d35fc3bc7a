"""The page of a letter that asks for permission, without signing in. GET shows and changes nothing; POST acts.

Like the page of an ask it works without cookies, so it is exempt from the check for forged forms: its proof is the
token in the address. It never shows what was said before: a family may share the link, and the phone.
"""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from rapport.core.languages import said_in
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches import actions
from rapport.onboarding import actions as onboarding
from rapport.onboarding.actions.calling import CALL_ME
from rapport.onboarding.consenting import may_answer, texts_of
from rapport.onboarding.forms import Choice
from rapport.onboarding.models import ConsentAsk
from rapport.outbox import guests, links
from rapport.outbox.guests import context, kept_apart, language_of, token_of
from rapport.programs.doors import public_page

PURPOSE = "consent"
PRESSES, NEW_LINKS = 30, 3  # within an hour; no figure of the field: no person meets it, a machine does


@csrf_exempt
@public_page
def ask(request, token):
    at = timezone.now()
    link = links.find(token_of(token), PURPOSE)
    found = ask_of(link) if link else None
    if found is None or not still_theirs(found, at):
        return kept_apart(nothing_here(request, busy=guests.guesses_too_often(request)))
    request.program = found.program
    view = open_ask if link.is_open(at) else run_out
    return kept_apart(said_in(language_of(request, found.person), view, request, link, found, at))


def ask_of(link):
    """The ask that a link opens, with its person and program, who are the link's own."""
    found = ConsentAsk.objects.open().filter(pk=link.about_id, person=link.person_id, program=link.program_id)
    return found.select_related("program", "person", "participant__person").first()


def still_theirs(found, at):
    """Whoever may no longer say it meets what a stranger meets."""
    return may_answer(found, day_in(at, found.program.zone))


def open_ask(request, link, found, at):
    if request.method == "POST":
        return act(request, link, found, at)
    if request.GET.get("start") != "1":
        return render(request, "matches/public/start.html", context(found))
    return show(request, found)


def act(request, link, found, at):
    """One press: yes and no to what is asked, or one of the buttons that say something else instead."""
    instead = request.POST.get("instead", "")
    if guests.counted(f"consent-press:{found.ref}", guests.HOUR) > PRESSES:
        return told(request, found, "slowly", status=429)
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
    if guests.is_suspect(request, link, at) and request.POST.get("again") != "yes":  # no machine looks and presses anew
        return show(request, found, choices, again=True, status=409)
    if any(not one.is_fresh for one in choices if one.was_touched):
        return show(request, found, changed=True, status=409)
    try:
        actions.hear_consent(found, said=said, by=found.person, at=at)
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


def told(request, found, what, *, status=200):
    return render(request, "matches/public/told.html", context(found) | {"what": what}, status=status)


def run_out(request, link, found, at):
    """A link that no longer opens anything. One whose time ran out may be asked for anew, to the address on file."""
    may_renew = link.closed_at is None
    if may_renew and request.method == "POST" and request.POST.get("instead") == "new-link":
        if guests.counted(f"consent-new:{link.program_id}:{link.person_id}", guests.HOUR) <= NEW_LINKS:
            onboarding.send_new_link(found, at=at)
        return told(request, found, "new-link")
    return nothing_here(request, may_renew=may_renew)


def nothing_here(request, *, may_renew=False, busy=False):
    """One page with one status for every token that opens nothing, whatever is wrong with it."""
    if not may_renew:
        request.program = None
    status = 429 if busy else 404
    return render(request, "matches/public/nothing_here.html", {"may_renew": may_renew}, status=status)
