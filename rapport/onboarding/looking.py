"""The page behind a letter that asks for permission, shown to staff as its person will see it: nothing on it works."""

from rapport.access.rights import Right
from rapport.core.languages import theirs
from rapport.core.months import day_in
from rapport.onboarding.consenting import may_answer, texts_of
from rapport.onboarding.forms import Choice
from rapport.onboarding.models import ConsentAsk
from rapport.outbox.looking import seen
from rapport.people.models import Participant, kept_from
from rapport.programs.doors import too_close_to


def behind_the_link(request, message, at, look):
    """What the link will open; None where this reader may know nothing of it, or its person may no longer answer."""
    asks = open_asks(request.user, message.program, at).filter(pk=message.about_id, person=message.to_id)
    return page_seen(request, asks.first(), at, look)


def open_asks(user, program, at):
    """The asks for permission in a program that this reader may know of."""
    mine = Participant.objects.filter(program=program).visible_to(user, Right.PARTICIPANT_VIEW, at)
    mine = mine.exclude(too_close_to("word", user))
    return (
        ConsentAsk.objects.open()
        .filter(participant__in=mine)
        .exclude(person__in=kept_from(user, at))
        .select_related("program", "person", "participant__person")
    )


def open_ask_of(person, match, user, at):
    """The ask for permission that this person has in their hands about somebody in this match, if one is open."""
    asks = open_asks(user, match.program, at).filter(person=person, participant__in=[*match.mentors, *match.mentees])
    return next((one for one in asks.order_by("-pk") if may_answer(one, day_in(at, match.program.zone))), None)


def page_seen(request, ask, at, look):
    """The page of this ask; None where there is none, or its person may no longer answer."""
    if ask is None or not may_answer(ask, day_in(at, ask.program.zone)):
        return None
    language = theirs(ask.person)

    def tell():
        choices = [Choice(None, shown=one) for one in texts_of(ask, language)]
        return {"ask": ask, "person": ask.person, "choices": choices, "language": language, "languages": ()}

    return seen(request, "matches/public/ask.html", tell, look=look, language=language)
