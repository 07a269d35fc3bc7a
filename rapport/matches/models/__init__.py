"""Matches, what must be ticked, how they rest and end."""

from rapport.matches.models.agreement import (
    Agreement,
    ClauseRule,
    ClauseText,
    Proposal,
    SignAsk,
    Signature,
    SignedBy,
    SignerRule,
)
from rapport.matches.models.away import Away
from rapport.matches.models.feedback import Feedback
from rapport.matches.models.goals import (
    Goal,
    GoalSeen,
    GoalTask,
    Growth,
    Headway,
    Seen,
    Way,
)
from rapport.matches.models.match import Change, Closure, Match, Member, Pause, Point, taken_back, torn
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
    "Agreement",
    "Away",
    "Change",
    "ClauseRule",
    "ClauseText",
    "Closure",
    "Feedback",
    "Goal",
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
    "Proposal",
    "Seen",
    "SignAsk",
    "Signature",
    "SignedBy",
    "SignerRule",
    "UnitGiven",
    "UnitRule",
    "Way",
    "taken_back",
    "torn",
]  # fmt: skip
