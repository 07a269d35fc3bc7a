"""Nobody is brought into one room with whom they are to be kept away from."""

from rapport.events.refusals import NotTogether
from rapport.people.models import Restriction


def require_together(people, *, at):
    """Of these persons (keys) nobody is kept away from another. Raises NotTogether, which says no more than that."""
    if Restriction.objects.live_at(at).filter(kept_away__in=people, subject__in=people).exists():
        raise NotTogether(None)
