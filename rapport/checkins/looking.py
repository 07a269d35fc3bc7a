"""The page behind the link of an ask, shown to staff as its person will see it: no token, no answer, nothing to press.

It is cut to what the one who looks may know: cards and meetings of matches whose answers they may read.
"""

from django.utils.translation import override

from rapport.access.rights import Right
from rapport.checkins import forms
from rapport.checkins.cards import page_of
from rapport.checkins.models import Ask
from rapport.core.languages import theirs
from rapport.matches.looking import matches_to_look_at
from rapport.outbox.guests import context
from rapport.outbox.looking import seen


def behind_the_link(request, message, at, look):
    """What the link of a letter about an ask will open; None where this reader may know of nothing on it."""
    ask = Ask.objects.filter(pk=message.about_id, person=message.to_id).select_related("person", "program").first()
    return page_seen(request, ask, at, look) if ask and ask.takes_answers(at) else None


def open_ask_of(person, match, at):
    """The ask that this person has in their hands about this match, if one takes answers."""
    asks = Ask.objects.taking_answers(at).reached().filter(person=person, check_ins__match=match)
    return asks.select_related("person", "program").order_by("-made_at", "-pk").first()


def page_seen(request, ask, at, look, matches=None):
    """The questions of an ask as its person sees them. None where nothing of it is this reader's to know."""
    if matches is None:
        matches = matches_to_look_at(request.user, ask.program, at, Right.ANSWER_VIEW)
    language = theirs(ask.person)
    with override(language):
        page = page_of(ask, at, seen=matches)
    if not page.cards and not page.meetings:
        return None

    def tell():
        cards = [forms.Card(None, shown=one) for one in page.cards]
        meetings = [forms.Meet(None, meeting=one) for one in page.meetings]
        return context(ask) | {
            "page": page, "cards": cards, "meetings": meetings, "tells_words": ask.program.adults_only,
        }  # fmt: skip

    return seen(request, "checkins/public/ask.html", tell, look=look, language=language)
