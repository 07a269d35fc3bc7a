"""Every write about safety: worries and concerns come in, climb their ladder, and are handled by a lead."""

from rapport.safeguarding.actions.duty import name_duty
from rapport.safeguarding.actions.handling import (
    accuse,
    acknowledge,
    called_outside,
    close_concern,
    close_triage,
    hold_contact,
    let_go,
    look_over,
    name_reader,
    note,
    read,
    read_triage,
    set_risk,
    tell_whom,
)
from rapport.safeguarding.actions.ladder import climb, climb_early
from rapport.safeguarding.actions.leaving import hand_on
from rapport.safeguarding.actions.raising import add_triage, raise_concern

__all__ = [
    "accuse",
    "acknowledge",
    "add_triage",
    "called_outside",
    "climb",
    "climb_early",
    "close_concern",
    "close_triage",
    "hand_on",
    "hold_contact",
    "let_go",
    "look_over",
    "name_duty",
    "name_reader",
    "note",
    "raise_concern",
    "read",
    "read_triage",
    "set_risk",
    "tell_whom",
]
