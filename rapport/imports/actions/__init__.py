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
from rapport.imports.actions.pairs import apply_pairs, stage_pairs
from rapport.imports.actions.rosters import apply_roster, stage_roster
from rapport.imports.actions.staging import stage_list
from rapport.imports.actions.supervisors import apply_supervisors, names_supervisors, stage_supervisors
from rapport.imports.actions.undoing import undo
from rapport.imports.actions.working import ask_to_stop, go_on, stop_here, work_next

IN_ONE = {  # brought in whole, or not at all
    "roster": apply_roster, "supervisors": apply_supervisors, "matches": apply_pairs,
}  # fmt: skip

__all__ = [
    "IN_ONE",
    "AlreadyDone",
    "FileGone",
    "Interrupted",
    "apply_list",
    "apply_pairs",
    "apply_roster",
    "apply_supervisors",
    "ask_to_apply",
    "ask_to_stop",
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
    "stage_pairs",
    "stage_roster",
    "stage_supervisors",
    "stop_here",
    "take",
    "undo",
    "work_next",
]
