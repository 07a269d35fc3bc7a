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
from rapport.imports.actions.rosters import apply_roster, stage_roster
from rapport.imports.actions.staging import stage_list
from rapport.imports.actions.working import ask_to_stop, go_on, stop_here, work_next

__all__ = [
    "AlreadyDone",
    "FileGone",
    "Interrupted",
    "apply_list",
    "apply_roster",
    "ask_to_apply",
    "ask_to_stop",
    "drop",
    "first_rows",
    "forget_files",
    "go_on",
    "hold",
    "is_held",
    "remember",
    "remembered",
    "samples_of",
    "settle",
    "stage_list",
    "stage_roster",
    "stop_here",
    "take",
    "work_next",
]
