"""The page behind a letter about a match, shown to staff as its person will see it: nothing on it works."""

from rapport.core.languages import theirs
from rapport.matches.looking import matches_to_look_at
from rapport.matching.models import Proposal
from rapport.outbox.looking import seen


def behind_the_link(request, message, at, look):
    """What the link will open; None where this reader may know nothing of it, or it is no longer its person's."""
    from rapport.matching.public import FOLDER, page_of
    from rapport.matching.turns import still_theirs, with_matches

    mine = matches_to_look_at(request.user, message.program, at)
    rows = Proposal.objects.filter(pk=message.about_id, person=message.to_id, match__in=mine)
    found = next(iter(with_matches(rows)), None)
    if found is None or not still_theirs(found, at):
        return None
    language = theirs(found.person)

    def tell():
        return {"ask": found, "person": found.person, "language": language, "languages": (), **page_of(found, at)}

    return seen(request, f"{FOLDER}/page.html", tell, look=look, language=language)
