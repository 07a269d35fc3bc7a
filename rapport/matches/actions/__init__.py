"""What is done with matches: propose, begin, pause, hold, close; tick, assign; hear a yes or a no; take back a gate."""

from rapport.matches.actions.away import AlreadyAway, NothingToPause, come_back_to_all, rest_from_all
from rapport.matches.actions.beginning import AlreadyBegun, NotReady, begin
from rapport.matches.actions.closing import AlreadyClosed, close
from rapport.matches.actions.confirming import AlreadyConfirmed, call_about_checks, confirm
from rapport.matches.actions.consenting import hear_consent
from rapport.matches.actions.gates import call_about_lost_gates, withdraw_gate
from rapport.matches.actions.leaving import HasLeft, NotOver, StillInAMatch, TakesPart, come_back, decide, leave
from rapport.matches.actions.moving import DayNotRight, NotAllowedNow
from rapport.matches.actions.pausing import StaysPaused, hold, let_go, pause, resume
from rapport.matches.actions.points import WordsMissing, tick, tick_codes
from rapport.matches.actions.proposing import (
    AlreadyProposed,
    CannotCoordinate,
    NewMatch,
    NotAPair,
    NotToBeMatched,
    assign,
    propose,
    set_aside,
)
from rapport.matches.actions.restricting import call_about_restrictions
from rapport.matches.actions.taking_over import add_what_was, take_over

__all__ = [
    "AlreadyAway",
    "AlreadyBegun",
    "AlreadyClosed",
    "AlreadyConfirmed",
    "AlreadyProposed",
    "CannotCoordinate",
    "DayNotRight",
    "HasLeft",
    "NewMatch",
    "NotAPair",
    "NotAllowedNow",
    "NotOver",
    "NotReady",
    "NotToBeMatched",
    "NothingToPause",
    "StaysPaused",
    "StillInAMatch",
    "TakesPart",
    "WordsMissing",
    "add_what_was",
    "assign",
    "begin",
    "call_about_checks",
    "call_about_lost_gates",
    "call_about_restrictions",
    "close",
    "come_back",
    "come_back_to_all",
    "confirm",
    "decide",
    "hear_consent",
    "hold",
    "leave",
    "let_go",
    "pause",
    "propose",
    "rest_from_all",
    "resume",
    "set_aside",
    "take_over",
    "tick",
    "tick_codes",
    "withdraw_gate",
]
