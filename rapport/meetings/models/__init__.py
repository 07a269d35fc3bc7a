"""Plans, meetings, what each party says of one, and what stands around them."""

from rapport.meetings.models.feed import Feed
from rapport.meetings.models.log import Alike, Attempt, FormerLog, Log
from rapport.meetings.models.meeting import DayKeeper, Mark, Meeting, Plan
from rapport.meetings.models.outing import Outing, OutingWord
from rapport.meetings.models.planning import AgendaItem, FreeTime, HolidayPlan, Rearrangement
from rapport.meetings.models.practice import GoodPractice
from rapport.meetings.models.remembered import Remembered

__all__ = [
    "AgendaItem",
    "Alike",
    "Attempt",
    "DayKeeper",
    "Feed",
    "FormerLog",
    "FreeTime",
    "GoodPractice",
    "HolidayPlan",
    "Log",
    "Mark",
    "Meeting",
    "Outing",
    "OutingWord",
    "Plan",
    "Rearrangement",
    "Remembered",
]  # fmt: skip
