"""The page a guardian sees behind the letter about an outing, shown to staff: nothing on it works."""

from rapport.core.languages import theirs
from rapport.matches.looking import matches_to_look_at
from rapport.meetings.actions.outings import answer_by
from rapport.meetings.models import Outing
from rapport.meetings.outings.standing import standing_of
from rapport.outbox.looking import seen


def behind_the_link(request, message, at, look):
    """What the link will open; None where this reader may not see the pair, or its person has nothing to say."""
    mine = matches_to_look_at(request.user, message.program, at)
    found = Outing.objects.filter(pk=message.about_id, match__in=mine).select_related("program").first()
    if found is None:
        return None
    standing = standing_of(found, at)
    children = [one.child for one in standing.says if one.guardian.pk == message.to_id]
    if not children:
        return None
    person, language = message.to, theirs(message.to)

    def tell():
        return {
            "outing": found, "rows": [(child, "") for child in children], "person": person, "program": found.program,
            "language": language, "languages": (), "may_say_yes": True, "names": names_of(found),
            "until": answer_by(found),
        }  # fmt: skip

    return seen(request, "meetings/outings/ask.html", tell, look=look, language=language)


def names_of(outing):
    """The mentors' first names: the reader's child meets them."""
    return ", ".join(one.person.first_name for one in outing.match.mentors)
