"""Plans, meetings, what each party says of one, and what stands around them."""

from rapport.meetings.models.feed import Feed
from rapport.meetings.models.meeting import DayKeeper, Log, Mark, Meeting, Plan
from rapport.meetings.models.outing import Outing, OutingWord
from rapport.meetings.models.planning import AgendaItem, FreeTime, HolidayPlan, Rearrangement

__all__ = [
    "AgendaItem",
    "DayKeeper",
    "Feed",
    "FreeTime",
    "HolidayPlan",
    "Log",
    "Mark",
    "Meeting",
    "Outing",
    "OutingWord",
    "Plan",
    "Rearrangement",
]  # fmt: skip
