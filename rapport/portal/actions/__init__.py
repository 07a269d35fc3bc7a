"""Writes that take rows of several apps at once."""

from rapport.portal.actions.archiving import StillGoingOn, archive, in_the_way, reopen
from rapport.portal.actions.foretelling import foretell_next, forget_forecasts, keep_change, look_ahead, tell_beside
from rapport.portal.actions.opening import print_own_page, send_own_page, shut_own_pages
from rapport.portal.actions.turning import (
    ANOTHER,
    NOT_WORKING,
    TALK,
    NobodyToTell,
    NotAskedNow,
    colleagues,
    open_our_goals,
    open_our_meetings,
    open_own_ask,
    open_own_invitation,
    say_worry,
    turn_to_us,
    write_down,
)

__all__ = [
    "ANOTHER",
    "NOT_WORKING",
    "TALK",
    "NobodyToTell",
    "NotAskedNow",
    "StillGoingOn",
    "archive",
    "colleagues",
    "foretell_next",
    "forget_forecasts",
    "in_the_way",
    "keep_change",
    "look_ahead",
    "open_our_goals",
    "open_our_meetings",
    "open_own_ask",
    "open_own_invitation",
    "print_own_page",
    "reopen",
    "say_worry",
    "send_own_page",
    "shut_own_pages",
    "tell_beside",
    "turn_to_us",
    "write_down",
]
