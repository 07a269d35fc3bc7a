"""Staging a list, bringing it in, stopping on the way, dropping it."""

from rapport.imports.actions.applying import AlreadyDone, apply_list, ask_to_apply, drop
from rapport.imports.actions.columns import (
    FileGone,
    first_rows,
    forget_files,
    hold,
    remember,
    remembered,
    samples_of,
    settle,
)  # fmt: skip
from rapport.imports.actions.holding import Interrupted, is_held, take
from rapport.imports.actions.rosters import stage_roster
from rapport.imports.actions.staging import stage_list
from rapport.imports.actions.supervisors import apply_supervisors, names_supervisors, stage_supervisors
from rapport.imports.actions.taking_back import ask_to_undo, stays_of, undo
from rapport.imports.actions.working import ask_to_stop, go_on, stop_here, work_next

IN_ONE = {"supervisors": apply_supervisors}  # brought in whole, or not at all

__all__ = [
    "IN_ONE",
    "AlreadyDone",
    "FileGone",
    "Interrupted",
    "apply_list",
    "apply_supervisors",
    "ask_to_apply",
    "ask_to_stop",
    "ask_to_undo",
    "drop",
    "first_rows",
    "forget_files",
    "go_on",
    "hold",
    "is_held",
    "names_supervisors",
    "remember",
    "remembered",
    "samples_of",
    "settle",
    "stage_list",
    "stage_roster",
    "stage_supervisors",
    "stays_of",
    "stop_here",
    "take",
    "undo",
    "work_next",
]
