"""People, how to reach them, who stands for a child, and what each agreed to."""

from rapport.people.models.conflict import Conflict, Declared
from rapport.people.models.consent import Consent, SetAside
from rapport.people.models.contact_point import UNORDERED, ContactPoint, Interpreter
from rapport.people.models.former import FormerName, OldRef
from rapport.people.models.guardianship import Guardianship
from rapport.people.models.likeness import Likeness
from rapport.people.models.participant import Participant
from rapport.people.models.person import ADULT_AT, ExternalId, Person, grown_if_born_by, grown_on
from rapport.people.models.restriction import Restriction, kept_from, paper_place
from rapport.people.models.told_child import ToldChild

__all__ = [
    "ADULT_AT",
    "UNORDERED",
    "Conflict",
    "Consent",
    "ContactPoint",
    "Declared",
    "ExternalId",
    "FormerName",
    "Guardianship",
    "Interpreter",
    "Likeness",
    "OldRef",
    "Participant",
    "Person",
    "Restriction",
    "SetAside",
    "ToldChild",
    "grown_if_born_by",
    "grown_on",
    "kept_from",
    "paper_place",
]  # fmt: skip
