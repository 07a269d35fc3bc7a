"""The page of a pair's goals behind a letter, shown to staff as its person will see it: nothing on it works."""

from rapport.core.languages import theirs
from rapport.matches.goals import reader_of
from rapport.matches.goals_public import TEMPLATE, told
from rapport.matches.looking import matches_to_look_at
from rapport.outbox.looking import seen


def behind_the_link(request, message, at, look):
    """What the link will open; None where this reader may know nothing of the pair, or it is no longer theirs."""
    mine = matches_to_look_at(request.user, message.program, at)
    match = mine.filter(pk=message.about_id).with_people().first()
    reader = reader_of(message.to, match, at) if match else None
    if reader is None:
        return None
    language = theirs(message.to)
    return seen(request, TEMPLATE, lambda: told((match, reader), at), look=look, language=language)
