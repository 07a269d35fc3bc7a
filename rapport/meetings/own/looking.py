"""The page of a pair's meetings behind a letter, shown to staff as its person will see it: nothing on it works.

What a mentee wants to talk about stands on it only where the mentee lets staff read it, too.
"""

from django.conf import settings

from rapport.access.rights import Right
from rapport.core.languages import known
from rapport.matches.models import Match
from rapport.meetings.own.place import ours
from rapport.meetings.own.public import TEMPLATE, told
from rapport.outbox.looking import seen
from rapport.programs.doors import too_close_to


def behind_the_link(request, message, at, look):
    """What the link will open; None where this reader may know nothing of the pair, or it is no longer theirs."""
    mine = Match.objects.visible_to(request.user, Right.MATCH_VIEW, at).filter(program=message.program)
    mine = mine.exclude(too_close_to("match", request.user)).select_related("program", "site")
    match = mine.filter(pk=message.about_id).with_people().first()
    if match is None or ours(message.to, match, at) is None:
        return None
    language = message.to.language if known(message.to.language) else settings.LANGUAGE_CODE

    def tell():
        found = ours(message.to, match, at)
        found.topics = [one for one in found.topics if one.for_staff_too]
        return told(found, at)

    return seen(request, TEMPLATE, tell, look=look, language=language)
