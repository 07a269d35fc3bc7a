"""Every write about what is done in a group."""

from rapport.events.actions.circles import (
    SILENT,
    AnotherThen,
    NotAhead,
    OverAlready,
    StillAhead,
    ask_to,
    begin_circle,
    call_about_circles,
    call_off,
    end_circle,
    note,
    settle_seat,
)

__all__ = [
    "SILENT",
    "AnotherThen",
    "NotAhead",
    "OverAlready",
    "StillAhead",
    "ask_to",
    "begin_circle",
    "call_about_circles",
    "call_off",
    "end_circle",
    "note",
    "settle_seat",
]
