"""A program: its sites, its promises, its limits, its calendar, and who works in it."""

from rapport.programs.models.calendar import ClosedTime, PlaceRule, Reopening
from rapport.programs.models.named import Holder, HolderQuerySet, Post, Preparation, Prepared
from rapport.programs.models.program import (
    ActivityRule,
    GateRule,
    Limit,
    Membership,
    MembershipQuerySet,
    Mode,
    Organization,
    Party,
    PointRule,
    Program,
    ProgramQuerySet,
    Promise,
    Site,
    Sourced,
    StarterRule,
    works_here,
)

__all__ = [
    "ActivityRule",
    "ClosedTime",
    "GateRule",
    "Holder",
    "HolderQuerySet",
    "Limit",
    "Membership",
    "MembershipQuerySet",
    "Mode",
    "Organization",
    "Party",
    "PlaceRule",
    "PointRule",
    "Post",
    "Preparation",
    "Prepared",
    "Program",
    "ProgramQuerySet",
    "Promise",
    "Reopening",
    "Site",
    "Sourced",
    "StarterRule",
    "works_here",
]
