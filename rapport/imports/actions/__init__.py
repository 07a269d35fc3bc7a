"""Staging a list, bringing it in, dropping it."""

from rapport.imports.actions.applying import AlreadyDone, apply_list, drop
from rapport.imports.actions.rosters import apply_roster, stage_roster
from rapport.imports.actions.staging import stage_list

__all__ = ["AlreadyDone", "apply_list", "apply_roster", "drop", "stage_list", "stage_roster"]
