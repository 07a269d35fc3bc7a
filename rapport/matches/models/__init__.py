"""Matches, what must be ticked, how they rest and end."""

from rapport.matches.models.away import Away
from rapport.matches.models.match import Change, Closure, Match, Member, Pause, Point, taken_back

__all__ = [
    "Away",
    "Change",
    "Closure",
    "Match",
    "Member",
    "Pause",
    "Point",
    "taken_back",
]  # fmt: skip
