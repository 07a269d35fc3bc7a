"""What is done in a group: a file for each noun."""

from rapport.events.models.circles import Circle, Gathering, Seat
from rapport.events.models.days import EventDay, EventPair, Invitation
from rapport.events.models.groups import Absence, Group, GroupMember, GroupWord, PairWord, Presence, Session
from rapport.events.models.leads import LeadLink, NamedLead

__all__ = [
    "Absence",
    "Circle",
    "EventDay",
    "EventPair",
    "Gathering",
    "Group",
    "GroupMember",
    "GroupWord",
    "Invitation",
    "LeadLink",
    "NamedLead",
    "PairWord",
    "Presence",
    "Seat",
    "Session",
]
