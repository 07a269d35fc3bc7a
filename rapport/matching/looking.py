"""The pages behind letters of matching, shown to staff as their person will see them: nothing on them works."""

from rapport.access.rights import Right
from rapport.core.languages import theirs
from rapport.matches.looking import matches_to_look_at
from rapport.matching.models import Proposal
from rapport.outbox.looking import seen
from rapport.people.models import Participant


def behind_the_link(request, message, at, look):
    """What the link will open; None where this reader may know nothing of it, or it is no longer its person's."""
    from rapport.matching.proposals.public import FOLDER, page_of
    from rapport.matching.proposals.turns import still_theirs, with_matches

    mine = matches_to_look_at(request.user, message.program, at)
    rows = Proposal.objects.filter(pk=message.about_id, person=message.to_id, match__in=mine)
    found = next(iter(with_matches(rows)), None)
    if found is None or not still_theirs(found, at):
        return None
    language = theirs(found.person)

    def tell():
        return {"ask": found, "person": found.person, "language": language, "languages": (), **page_of(found, at)}

    return seen(request, f"{FOLDER}/page.html", tell, look=look, language=language)


def behind_suggestions(request, message, at, look):
    """The page with suggestions; None where this reader may know nothing of one of those on it, or it is over."""
    from rapport.matching.actions.wishing import still_theirs
    from rapport.matching.models import WishAsk
    from rapport.matching.wishes.public import FOLDER, page_of

    seen_by = Participant.objects.visible_to(request.user, Right.PARTICIPANT_VIEW, at).filter(program=message.program)
    rows = WishAsk.objects.filter(pk=message.about_id, person=message.to_id, participant__in=seen_by)
    found = rows.select_related("program", "person", "participant").first()
    others = found.suggestions.count() if found else 0
    if found is None or not still_theirs(found, at) or found.suggestions.filter(other__in=seen_by).count() < others:
        return None
    language = theirs(found.person)

    def tell():
        return {"ask": found, "person": found.person, "language": language, "languages": (), **page_of(found, at)}

    return seen(request, f"{FOLDER}/wishes.html", tell, look=look, language=language)
