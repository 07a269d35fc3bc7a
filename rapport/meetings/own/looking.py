"""The page of a pair's meetings behind a letter, shown to staff as its person will see it: nothing on it works.

What a mentee wants to talk about stands on it only where the mentee lets staff read it, too.
"""

from rapport.core.languages import theirs
from rapport.matches.looking import matches_to_look_at
from rapport.meetings.own.place import ours
from rapport.meetings.own.public import TEMPLATE, told
from rapport.outbox.looking import seen


def behind_the_link(request, message, at, look):
    """What the link will open; None where this reader may know nothing of the pair, or it is no longer theirs."""
    mine = matches_to_look_at(request.user, message.program, at)
    match = mine.filter(pk=message.about_id).with_people().first()
    if match is None or ours(message.to, match, at) is None:
        return None
    language = theirs(message.to)

    def tell():
        found = ours(message.to, match, at)
        found.summaries = []  # words of a log are for whoever may read answers
        found.topics = [one for one in found.topics if one.for_staff_too]
        return told(found, at)

    return seen(request, TEMPLATE, tell, look=look, language=language)
