"""Which column means what. Proposed from the headings; a file may say otherwise, except what may never be."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rapport.core.refused import Refused

RECIPES = Path(__file__).with_name("recipes")
PLAIN_FIELDS = {
    "given_name", "family_name", "full_name", "email", "phone", "born_on", "language", "external_id", "site",
    "capacity", "would_be_both",
}  # fmt: skip


class MappingRefused(Refused):
    """A column that may not be mapped so."""


@dataclass
class Mapping:
    """Column to field, and what was left out with the reason."""

    fields: dict[str, str]
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def many(self) -> set[str]:
        return set(recipe()["many"]["traits"])


@cache
def recipe() -> dict:
    return tomllib.loads((RECIPES / "people.toml").read_text(encoding="utf-8"))


def squeezed(heading: str) -> str:
    """A heading without case, spaces, dots, hyphens and underscores."""
    return re.sub(r"[\s._\-]+", "", heading).casefold()


@cache
def meanings() -> dict[str, str]:
    """Squeezed heading to field."""
    return {squeezed(name): wanted for wanted, names in recipe()["fields"].items() for name in [wanted, *names]}


def listed(section: str) -> set[str]:
    return {squeezed(name) for name in recipe()[section]["headings"]}


def propose(headings: list[str], chosen: dict[str, str] | None = None) -> Mapping:
    """The mapping of a list: what its headings say, then what somebody chose on purpose. Raises MappingRefused."""
    mapping = Mapping({})
    for heading in headings:
        choose(mapping, heading, (chosen or {}).get(heading))
    unknown = set(chosen or {}) - set(headings)
    if unknown:
        raise MappingRefused(None, f"There is no column {sorted(unknown)[0]!r} in this list.")
    taken = list(mapping.fields.values())
    twice = {name for name in taken if taken.count(name) > 1}
    if twice:
        raise MappingRefused(None, f"Two columns would both be {sorted(twice)[0]!r}. Map one of them to nothing.")
    return mapping


def choose(mapping: Mapping, heading: str, wanted: str | None) -> None:
    name = squeezed(heading)
    if name in listed("never"):
        refuse_or_leave_out(mapping, heading, wanted, "never kept")
    elif name in listed("clears_nobody"):
        refuse_or_leave_out(mapping, heading, wanted, "an import clears nobody; staff record it after seeing the paper")
    elif wanted == "":
        mapping.left_out[heading] = "left out on purpose"
    elif wanted is not None:
        mapping.fields[heading] = known_field(wanted)
    elif name in listed("protected"):
        mapping.left_out[heading] = "protected: kept only when mapped on purpose"
    elif name in meanings():
        mapping.fields[heading] = meanings()[name]
    else:
        mapping.left_out[heading] = "not known"


def refuse_or_leave_out(mapping, heading, wanted, reason):
    if wanted:
        raise MappingRefused(None, f"The column {heading!r} cannot be brought in: {reason}.")
    mapping.left_out[heading] = reason


def known_field(wanted: str) -> str:
    if wanted not in PLAIN_FIELDS and not re.fullmatch(r"trait\.[a-z][a-z0-9_]{0,39}", wanted):
        raise MappingRefused(
            None, f"There is no field {wanted!r}. There are: {', '.join(sorted(PLAIN_FIELDS))}, trait.…"
        )
    return wanted


def read_map(file: Path) -> dict[str, str]:
    """A mapping somebody wrote: a TOML file of `"heading" = "field"` lines. Raises MappingRefused."""
    try:
        words = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingRefused(None, f"The mapping cannot be read: {error}.") from error
    if not all(isinstance(wanted, str) for wanted in words.values()):
        raise MappingRefused(None, 'A mapping is lines such as "E-mail of parent" = "email".')
    return words
