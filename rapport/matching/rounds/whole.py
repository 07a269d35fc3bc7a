"""Who sees everybody a round looked at: a figure of all of them is told to nobody else.

Whoever may not see somebody would learn from it, by taking away what they see, that there is somebody, and how many.
"""

from rapport.access.rights import Right, Scope
from rapport.people.models import Participant, kept_from
from rapport.people.scopes import close_to
from rapport.programs.models import Membership


def sees_everybody(user, program, at) -> bool:
    """Whether this user runs rounds of the whole program, and is near to nobody in it nor kept away. Few queries."""
    runs = Membership.objects.live(at).filter(
        user=user, program=program, role__grants__right=Right.MATCHING_RUN, role__grants__scope=Scope.PROGRAM
    )
    unseen = {*close_to(user), *kept_from(user, at)}
    return runs.exists() and not Participant.objects.filter(program=program, person__in=unseen).exists()
