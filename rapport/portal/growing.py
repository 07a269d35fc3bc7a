"""What grows in a match, for its page: its phase, what they want to reach, and the days worth remembering."""

from rapport.core.months import day_in
from rapport.matches.goals import goals_of, tasks_of
from rapport.matches.models import Seen
from rapport.matches.phases import phases_of
from rapport.people.models import kept_from
from rapport.portal.milestones import milestones_of

SHOWN = 6  # open goals on the page of a match; the page of its goals has them all


def growing(match, level, user, at):
    """{phases, goals, milestones} as this reader may see them, in a fixed number of queries."""
    level = min(level, Seen.STAFF)
    goals = list(
        goals_of(match, level, kept_from(user, at))
        .open().select_related("person", "mentee__person").order_by("pk")[: SHOWN + 1]
    )  # fmt: skip
    steps = tasks_of(goals[:SHOWN])
    return {
        "phases": phases_of([match], day_in(at, match.program.zone))[match.pk],
        "goals": [(goal, steps[goal.pk]) for goal in goals[:SHOWN]],
        "more_goals": len(goals) > SHOWN,
        "milestones": milestones_of(match, level, at),
    }
