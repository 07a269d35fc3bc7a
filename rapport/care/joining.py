"""What becomes of looking for a way to somebody whose two records are put together."""

from rapport.care.actions.reaching import close_plans
from rapport.care.models import ReachPlan
from rapport.core.joining import stands_aside


def one_is_enough(stays, goes, at):
    """They were looked for twice: the plan of the kept record goes on."""
    close_plans([goes], ReachPlan.End.SAID, by=None, at=at)


TABLE = {"care.reachplan.person": stands_aside("one runs at a time: that of the kept record goes on", one_is_enough)}
