"""The page behind a letter with an agreement, shown to staff as its person will see it: nothing on it works."""

from rapport.core.languages import theirs
from rapport.matches.looking import matches_to_look_at
from rapport.matches.models import SignAsk
from rapport.outbox.looking import seen


def behind_the_link(request, message, at, look):
    """What the link will open; None where this reader may know nothing of it, or its person may no longer sign."""
    from rapport.matches.actions.signing import with_match
    from rapport.matches.agreement import still_theirs
    from rapport.matches.agreement_public import FOLDER, page_of

    mine = matches_to_look_at(request.user, message.program, at)
    asks = SignAsk.objects.filter(pk=message.about_id, person=message.to_id, closed_at=None)
    found = next(iter(with_match(asks.filter(agreement__match__in=mine))), None)
    if found is None or not still_theirs(found, at):
        return None
    language = theirs(found.person)

    def tell():
        return {"ask": found, "person": found.person, "language": language, "languages": (), **page_of(found, at)}

    return seen(request, f"{FOLDER}/page.html", tell, look=look, language=language)
