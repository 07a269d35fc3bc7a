"""Writes that take rows of several apps at once."""

from rapport.portal.actions.archiving import StillGoingOn, archive, in_the_way, reopen
from rapport.portal.actions.foretelling import foretell_next, forget_forecasts, keep_change, look_ahead, tell_beside

__all__ = [
    "StillGoingOn",
    "archive",
    "foretell_next",
    "forget_forecasts",
    "in_the_way",
    "keep_change",
    "look_ahead",
    "reopen",
    "tell_beside",
]
