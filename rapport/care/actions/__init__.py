"""Every write of care: looking at matches by the clock, noting talks, and what follows from changes in a family."""

from rapport.care.actions.interpreters import call_about_interpreters
from rapport.care.actions.keeping_time import keep_time
from rapport.care.actions.looking import refresh_findings
from rapport.care.actions.parting import (
    change_guardianship,
    correct_birth_date,
    end_guardianship,
    end_it,
    keep_apart,
    look_again,
    part_work,
    stand_for,
)
from rapport.care.actions.reaching import note_tried, say_found, say_unreachable, watch_who_is_reached
from rapport.care.actions.second_looks import call_about_who_reads
from rapport.care.actions.talking import note_talk

__all__ = [
    "call_about_interpreters",
    "call_about_who_reads",
    "change_guardianship",
    "correct_birth_date",
    "end_guardianship",
    "end_it",
    "keep_apart",
    "keep_time",
    "look_again",
    "note_talk",
    "note_tried",
    "part_work",
    "refresh_findings",
    "say_found",
    "say_unreachable",
    "stand_for",
    "watch_who_is_reached",
]
