"""Every write about people: bringing them in, who stands for a child, who is kept away from whom."""

from rapport.people.actions.bringing import (
    AlreadyThere,
    NotAGuardian,
    add_contact_point,
    add_person,
    change_participant,
    drop_contact_point,
    enroll,
    let_sign_in,
    save_people,
    say,
)
from rapport.people.actions.families import save_guardians
from rapport.people.actions.guarding import (
    NotThatDay,
    NotTheirOwn,
    StandsAlready,
    change_guardianship,
    correct_birth_date,
    end_guardianship,
    end_guardianships,
    entrust,
    find_or_add_adult,
    stand_for,
)
from rapport.people.actions.likening import note_likenesses, tell_apart
from rapport.people.actions.restricting import (
    AlreadyEnded,
    NotThemselves,
    change_paper,
    end_restriction,
    keep_away,
    review_restriction,
)

__all__ = [
    "AlreadyEnded",
    "AlreadyThere",
    "NotAGuardian",
    "NotThatDay",
    "NotTheirOwn",
    "NotThemselves",
    "StandsAlready",
    "add_contact_point",
    "add_person",
    "change_guardianship",
    "change_paper",
    "change_participant",
    "correct_birth_date",
    "drop_contact_point",
    "end_guardianship",
    "end_guardianships",
    "end_restriction",
    "enroll",
    "entrust",
    "find_or_add_adult",
    "keep_away",
    "let_sign_in",
    "note_likenesses",
    "review_restriction",
    "save_guardians",
    "save_people",
    "say",
    "stand_for",
    "tell_apart",
]
