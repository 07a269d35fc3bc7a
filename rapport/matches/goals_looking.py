"""The page of a pair's goals behind a letter, shown to staff as its person will see it: nothing on it works."""

from django.conf import settings

from rapport.access.rights import Right
from rapport.core.languages import known
from rapport.matches.goals import reader_of
from rapport.matches.goals_public import TEMPLATE, told
from rapport.matches.models import Match
from rapport.outbox.looking import seen
from rapport.programs.doors import too_close_to


def behind_the_link(request, message, at, look):
    """What the link will open; None where this reader may know nothing of the pair, or it is no longer theirs."""
    mine = Match.objects.visible_to(request.user, Right.MATCH_VIEW, at).filter(program=message.program)
    mine = mine.exclude(too_close_to("match", request.user)).select_related("program", "site")
    match = mine.filter(pk=message.about_id).with_people().first()
    reader = reader_of(message.to, match, at) if match else None
    if reader is None:
        return None
    language = message.to.language if known(message.to.language) else settings.LANGUAGE_CODE
    return seen(request, TEMPLATE, lambda: told((match, reader), at), look=look, language=language)
