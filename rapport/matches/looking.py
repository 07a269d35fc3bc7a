"""Of which matches staff may look at what stands behind a letter, before it leaves or beside its person."""

from rapport.access.rights import Right
from rapport.matches.models import Match
from rapport.programs.doors import too_close_to


def matches_to_look_at(user, program, at, right=Right.MATCH_VIEW):
    """The matches of a program within this user's reach that they are no party to."""
    mine = Match.objects.filter(program=program).visible_to(user, right, at)
    return mine.exclude(too_close_to("match", user)).select_related("program", "site")
