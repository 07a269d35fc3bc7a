"""The page of an ask, reached by a link without signing in. GET shows and changes nothing; POST acts.

It is exempt from the check for forged forms, on purpose: that check needs a cookie, and this page must work without
any. Its proof is the token in the address, 128 random bits that only the reader's own letter holds; whoever could make
a browser send this form would have to know the token, and could then send it anyway.
"""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from rapport.checkins import actions, forms, guests
from rapport.checkins.actions.answering import WORRIES
from rapport.checkins.cards import page_of
from rapport.checkins.models import Ask
from rapport.core.languages import said_in
from rapport.core.refs import new_ref
from rapport.core.refused import Refused
from rapport.outbox import links
from rapport.outbox.guests import context, kept_apart, language_of, token_of
from rapport.programs.doors import public_page

PURPOSE = "ask"


@csrf_exempt
@public_page
def ask(request, token):
    at = timezone.now()
    link = links.find(token_of(token), PURPOSE)
    found = ask_of(link) if link else None
    if found is None:
        return kept_apart(nothing_here(request, busy=guests.guesses_too_often(request)))
    request.program = found.program
    view = open_ask if link.is_open(at) and found.takes_answers(at) else run_out
    return kept_apart(said_in(language_of(request, found.person), view, request, link, found, at))


def ask_of(link):
    """The ask that a link opens, with its person and program, who are the link's own."""
    found = Ask.objects.filter(pk=link.about_id, person=link.person_id, program=link.program_id).first()
    if found is not None:
        found.person, found.program = link.person, link.program
    return found


def open_ask(request, link, found, at):
    if request.method == "POST":
        return act(request, link, found, at)
    if request.GET.get("start") != "1":
        return render(request, "checkins/public/start.html", context(found))
    return show(request, found, page_of(found, at))


def act(request, link, found, at):
    """One press: an answer, or one of the buttons that say something else instead."""
    instead = request.POST.get("instead", "")
    if guests.presses_too_often(found, at):
        return told(request, found, "slowly", status=429)
    if instead == "not-me":
        actions.not_me(found, at=at)
    elif instead == "talk":
        actions.ask_to_talk(found, by=found.person, at=at)
    elif instead == "not-this-month":
        actions.not_this_month(found, by=found.person, at=at)
    else:
        return answer(request, link, found, at)
    return told(request, found, instead)


def answer(request, link, found, at):
    page = page_of(found, at, sent=request.POST.getlist("goal"))
    cards = [forms.Card(request.POST, shown=one) for one in page.cards]
    meetings = [forms.Meet(request.POST, meeting=one) for one in page.meetings]
    press = forms.Press(request.POST)
    if any([*(form.errors for form in forms.everything(cards, press, *meetings))]):
        return show(request, found, page, cards, meetings, status=422)
    said, met = [[form.said() for form in some if form.was_touched] for some in (cards, meetings)]
    if not said and not met:
        return show(request, found, page, cards, meetings, empty=True, status=422)
    suspect = guests.is_suspect(request, link, at)
    try:
        kept = actions.answer_ask(
            found, cards=said, meetings=met, going=[one for form in cards for one in form.going()], is_suspect=suspect,
            form_id=press.cleaned_data["form_id"], by=found.person, at=at,
        )  # fmt: skip
    except Refused as refusal:
        return show(request, found, page, cards, meetings, refusal=refusal, status=409)
    worries = any(one.worry in WORRIES for one in kept)
    return told(request, found, "worry" if worries else "thanks", page=page)


def show(request, found, page, cards=None, meetings=None, *, empty=False, refusal=None, status=200):
    """The cards, with what was typed just now where something is to be put right; never what was sent before."""
    cards = cards or [forms.Card(None, shown=one) for one in page.cards]
    meetings = meetings or [forms.Meet(None, meeting=one) for one in page.meetings]
    more = {
        "page": page, "cards": cards, "meetings": meetings, "form_id": new_ref(), "is_empty": empty, "refusal": refusal,
        "tells_words": found.program.adults_only,
    }  # fmt: skip
    template = "checkins/public/ask.html" if page.cards or page.meetings else "checkins/public/nothing_left.html"
    return render(request, template, context(found) | more, status=status)


def told(request, found, what, *, page=None, status=200):
    return render(request, "checkins/public/told.html", context(found) | {"what": what, "page": page}, status=status)


def run_out(request, link, found, at):
    """A link that no longer opens anything. A real one whose time ran out may be asked for anew; the address on file
    gets it, and nobody learns which address that is."""
    may_renew = link.closed_at is None and link.expires_at <= at and found.takes_answers(at)
    if may_renew and request.method == "POST" and request.POST.get("instead") == "new-link":
        if not guests.wants_links_too_often(link):
            actions.send_new_link(found, at=at)
        return told(request, found, "new-link")
    ended = has_ended(found)
    if ended and request.method == "POST" and request.POST.get("instead") == "talk" and link.closed_at is None:
        actions.ask_to_talk(found, by=found.person, at=at)
        return told(request, found, "talk")
    return nothing_here(request, may_renew=may_renew, ended=found if ended and link.closed_at is None else None)


def has_ended(found):
    """Whether every pair this ask was about has ended."""
    asked = found.check_ins
    return asked.exists() and not asked.of_open_matches().exists()


def nothing_here(request, *, may_renew=False, ended=None, busy=False):
    """One page with one status for every token that opens nothing, whatever is wrong with it."""
    if not may_renew and not ended:
        request.program = None
    context = {"may_renew": may_renew, "ended": ended}
    return render(request, "checkins/public/nothing_here.html", context, status=429 if busy else 404)
