"""Writes that take rows of several apps at once."""

from rapport.portal.actions.archiving import StillGoingOn, archive, in_the_way, reopen

__all__ = ["StillGoingOn", "archive", "in_the_way", "reopen"]
