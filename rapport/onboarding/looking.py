"""The page behind a letter that asks for permission, shown to staff as its person will see it: nothing on it works."""

from django.conf import settings

from rapport.access.rights import Right
from rapport.core.languages import known
from rapport.core.months import day_in
from rapport.onboarding.consenting import may_answer, texts_of
from rapport.onboarding.forms import Choice
from rapport.onboarding.models import ConsentAsk
from rapport.outbox.looking import seen
from rapport.people.models import Participant


def behind_the_link(request, message, at, look):
    """What the link will open; None where this reader may know nothing of it, or its person may no longer answer."""
    mine = Participant.objects.filter(program=message.program).visible_to(request.user, Right.PARTICIPANT_VIEW, at)
    asks = ConsentAsk.objects.open().filter(pk=message.about_id, person=message.to_id, participant__in=mine)
    ask = asks.select_related("program", "person", "participant__person").first()
    if ask is None or not may_answer(ask, day_in(at, ask.program.zone)):
        return None
    language = ask.person.language if known(ask.person.language) else settings.LANGUAGE_CODE

    def tell():
        choices = [Choice(None, shown=one) for one in texts_of(ask, language)]
        return {"ask": ask, "person": ask.person, "choices": choices, "language": language, "languages": ()}

    return seen(request, "matches/public/ask.html", tell, look=look, language=language)
