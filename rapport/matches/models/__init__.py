"""Matches, what must be ticked, how they rest and end."""

from rapport.matches.models.away import Away
from rapport.matches.models.goals import (
    Goal,
    GoalAsk,
    GoalSeen,
    GoalTask,
    Growth,
    Headway,
    Seen,
    Way,
)
from rapport.matches.models.match import Change, Closure, Match, Member, Pause, Point, taken_back
from rapport.matches.models.milestones import (
    Achievement,
    AchievementRule,
    Milestone,
    MilestoneRule,
    PhaseStep,
    UnitGiven,
    UnitRule,
)

__all__ = [
    "Achievement",
    "AchievementRule",
    "Away",
    "Change",
    "Closure",
    "Goal",
    "GoalAsk",
    "GoalSeen",
    "GoalTask",
    "Growth",
    "Headway",
    "Match",
    "Member",
    "Milestone",
    "MilestoneRule",
    "Pause",
    "PhaseStep",
    "Point",
    "Seen",
    "UnitGiven",
    "UnitRule",
    "Way",
    "taken_back",
]  # fmt: skip
