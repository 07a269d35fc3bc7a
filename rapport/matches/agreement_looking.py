"""The page behind a letter with an agreement, shown to staff as its person will see it: nothing on it works."""

from django.conf import settings

from rapport.access.rights import Right
from rapport.core.languages import known
from rapport.matches.models import Match, SignAsk
from rapport.outbox.looking import seen
from rapport.programs.doors import too_close_to


def behind_the_link(request, message, at, look):
    """What the link will open; None where this reader may know nothing of it, or its person may no longer sign."""
    from rapport.matches.actions.signing import with_match
    from rapport.matches.agreement import still_theirs
    from rapport.matches.agreement_public import FOLDER, page_of

    mine = Match.objects.visible_to(request.user, Right.MATCH_VIEW, at).filter(program=message.program)
    mine = mine.exclude(too_close_to("match", request.user))
    asks = SignAsk.objects.filter(pk=message.about_id, person=message.to_id, closed_at=None)
    found = next(iter(with_match(asks.filter(agreement__match__in=mine))), None)
    if found is None or not still_theirs(found, at):
        return None
    language = found.person.language if known(found.person.language) else settings.LANGUAGE_CODE

    def tell():
        return {"ask": found, "person": found.person, "language": language, "languages": (), **page_of(found, at)}

    return seen(request, f"{FOLDER}/page.html", tell, look=look, language=language)
