"""The page of an ask, reached by a link without signing in. GET shows and changes nothing; POST acts."""

from functools import partial

from django.http import Http404
from django.shortcuts import render

from rapport.checkins import actions, forms
from rapport.checkins.actions.answering import WORRIES
from rapport.checkins.cards import page_of
from rapport.checkins.guests import presses_too_often
from rapport.checkins.models import Ask
from rapport.core.refs import new_ref
from rapport.core.refused import Refused
from rapport.outbox import guests
from rapport.outbox.guests import context
from rapport.outbox.public import before_it_starts, link_page, renew

PURPOSE = "ask"


def ask_of(link, at):
    """The ask that a link opens, with its person and program, who are the link's own."""
    found = next(iter(Ask.objects.filter(pk=link.about_id, person=link.person_id, program=link.program_id)), None)
    if found is not None:
        found.person, found.program = link.person, link.program
    return found


def run_out(request, link, found, at):
    """A link that no longer opens anything. A real one whose time ran out may be asked for anew; of a pair that has
    ended, a call is all there is left to ask for."""
    if link.closed_at is not None:
        raise Http404
    if link.expires_at <= at and found.takes_answers(at):
        return renew(request, link, partial(actions.send_new_link, found, at=at)) or told(request, found, "new-link")
    if not has_ended(found):
        raise Http404
    if request.method == "POST" and request.POST.get("instead") == "talk":
        actions.ask_to_talk(found, by=found.person, at=at)
        return told(request, found, "talk")
    return render(request, "checkins/public/ended.html", context(found), status=404)


def has_ended(found):
    """Whether every pair this ask was about has ended."""
    asked = found.check_ins
    return asked.exists() and not asked.of_open_matches().exists()


@link_page(PURPOSE, ask_of, run_out=run_out)
def ask(request, link, found, at):
    if not found.takes_answers(at):
        return run_out(request, link, found, at)
    if before_it_starts(request):
        return render(request, "checkins/public/start.html", context(found))
    return act(request, link, found, at) if request.method == "POST" else show(request, found, page_of(found, at))


def act(request, link, found, at):
    """One press: an answer, or one of the buttons that say something else instead."""
    instead = request.POST.get("instead", "")
    if presses_too_often(found, at):
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
