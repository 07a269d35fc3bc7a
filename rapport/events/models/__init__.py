"""What is done in a group: a file for each noun."""

from rapport.events.models.circles import Circle, Gathering, Seat
from rapport.events.models.groups import Absence, Group, GroupMember, GroupWord, PairWord, Presence, Session

__all__ = [
    "Absence",
    "Circle",
    "Gathering",
    "Group",
    "GroupMember",
    "GroupWord",
    "PairWord",
    "Presence",
    "Seat",
    "Session",
]
