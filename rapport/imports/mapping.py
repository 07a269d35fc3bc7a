"""Which column means what: as its heading says, as what stands in it tells, as last time, or as somebody chose.

A choice may say anything, except what may never be. What is left out says why.
"""

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.core.refused import Refused
from rapport.imports import guessing

RECIPES = Path(__file__).with_name("recipes")
MONTH_FIRST, DAY_FIRST = "born_on.month_first", "born_on.day_first"
GUARDIAN_FIELDS = {
    "guardian_given_name", "guardian_family_name", "guardian_full_name", "guardian_email", "guardian_phone",
    "guardian_relation",
}  # fmt: skip
PLAIN_FIELDS = {
    "given_name", "family_name", "full_name", "email", "phone", "born_on", DAY_FIRST, MONTH_FIRST, "language",
    "external_id", "site", "capacity", "would_be_both",
}  # fmt: skip
NAMES = {"given_name", "family_name", "full_name"}
PROTECTED = "protected: kept only when mapped on purpose"
LEFT_OUT, NOT_KNOWN = "left out on purpose", "not known"
NEVER = {  # section of people.toml: why, and what to do instead
    "passwords": lazy("Passwords are never kept. Everybody chooses their own, or signs in without one."),
    "rights": lazy("No list gives anybody rights. Invite colleagues by name, under Program, Staff."),
    "clears_nobody": lazy(
        "No list clears anybody or permits anything. Look at the paper, and write it down under Checks, on their page."
    ),
    "sealed": lazy(
        "What a list brings is read by many. If somebody must know this, write it down on their page, in a note."
    ),
    "numbers": lazy("Rapport never needs this number, and it would harm them in other hands. Leave it where it is."),
}
NOT_SURE = lazy("Its days can be read in two ways, such as 3/4/2012. Say which comes first, the day or the month.")


class MappingRefused(Refused):
    """A column that may not be mapped so."""


@dataclass
class Mapping:
    """Column to field, what was left out with the reason, and what a person must say first."""

    fields: dict[str, str]
    left_out: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)

    @property
    def many(self) -> set[str]:
        return set(recipe()["many"]["traits"])


@cache
def recipe() -> dict:
    return tomllib.loads((RECIPES / "people.toml").read_text(encoding="utf-8"))


def squeezed(heading: str) -> str:
    """A heading without case, spaces, dots, hyphens, slashes and underscores."""
    return re.sub(r"[\s._\-/()]+", "", heading).casefold()


def words_of(heading: str) -> set[str]:
    """The words of a heading; `userPassword` has two."""
    return {word.casefold() for word in re.findall(r"[^\W\d_]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", heading))}


@cache
def meanings() -> dict[str, str]:
    """Squeezed heading to field."""
    return {squeezed(name): wanted for wanted, names in recipe()["fields"].items() for name in [wanted, *names]}


def is_listed(section: str, heading: str) -> bool:
    listed = recipe()[section]
    names = {squeezed(name) for name in listed["headings"]}
    return squeezed(heading) in names or bool(words_of(heading) & set(listed["words"]))


def is_protected(heading: str) -> bool:
    return is_listed("protected", heading)


def headings_key(headings: list[str]) -> str:
    """One name for a set of headings, whatever their order."""
    return hashlib.sha256("\n".join(sorted(headings)).encode()).hexdigest()


def why_never(heading: str) -> str:
    """Why this column may not come in whatever somebody says, and what to do instead; empty if it may."""
    return next((str(why) for section, why in NEVER.items() if is_listed(section, heading)), "")


def refuse_never(heading: str) -> None:
    """Raises MappingRefused for a column that may not come in."""
    words = _("The column %(name)r cannot be brought in: %(why)s")
    raise MappingRefused(None, words % {"name": heading, "why": why_never(heading)})


def propose(headings, chosen=None, *, samples=None, what="mentees") -> Mapping:
    """The mapping of a list: what its headings and samples say, then what was chosen on purpose. Raises MappingRefused.

    Days that can be read in two ways are no field yet, but a doubt.
    """
    chosen, samples = chosen or {}, samples or guessing.Samples()
    unknown = set(chosen) - set(headings)
    if unknown:
        raise MappingRefused(None, f"There is no column {sorted(unknown)[0]!r} in this list.")
    mapping = Mapping({})
    for heading in headings:
        choose(mapping, heading, chosen.get(heading), what)
    guess(mapping, samples, chosen)
    doubt(mapping, samples, chosen)
    refuse_twice(mapping)
    return mapping


def choose(mapping: Mapping, heading: str, wanted: str | None, what: str) -> None:
    """What this column is: as chosen, or as its heading says."""
    meant = meanings().get(squeezed(heading))
    if why := why_never(heading):
        if wanted:
            refuse_never(heading)
        mapping.left_out[heading] = why
    elif wanted == "":
        mapping.left_out[heading] = PROTECTED if is_protected(heading) else LEFT_OUT
    elif wanted is not None:
        mapping.fields[heading] = known_field(wanted, what)
    elif is_protected(heading):
        mapping.left_out[heading] = PROTECTED
    elif meant and (meant not in GUARDIAN_FIELDS or what == "mentees"):
        mapping.fields[heading] = meant
    else:
        mapping.left_out[heading] = NOT_KNOWN


def guess(mapping, samples, chosen):
    """Take a column for what stands in it, where its heading says nothing and nothing else is that already."""
    for heading, why in list(mapping.left_out.items()):
        cells = samples.filled(heading)
        if heading in chosen or why != NOT_KNOWN or len(cells) < guessing.FEWEST:
            continue
        kind = guessing.kind_of(cells)
        taken = set(mapping.fields.values())
        is_free = not taken & NAMES if kind == "full_name" else kind not in taken
        if kind in PLAIN_FIELDS and is_free:
            del mapping.left_out[heading]
            mapping.fields[heading] = kind


def doubt(mapping, samples, chosen):
    """Days such as 3/4/2012: in the order the others tell; where none tells, a person must."""
    for heading, wanted in list(mapping.fields.items()):
        if wanted != "born_on" or heading in chosen:
            continue
        order = guessing.order_of(samples.filled(heading))
        if order == "month":
            mapping.fields[heading] = MONTH_FIRST
        elif order == "?":
            del mapping.fields[heading]
            mapping.doubts[heading] = NOT_SURE


def refuse_twice(mapping):
    """Two columns cannot be the same. Raises MappingRefused."""
    taken = [name.partition(".")[0] if name.startswith("born_on") else name for name in mapping.fields.values()]
    twice = sorted({name for name in taken if taken.count(name) > 1})
    if twice:
        raise MappingRefused(None, f"Two columns would both be {twice[0]!r}. Map one of them to nothing.")


def known_field(wanted: str, what: str) -> str:
    known = PLAIN_FIELDS | (GUARDIAN_FIELDS if what == "mentees" else set())
    if wanted not in known and not re.fullmatch(r"trait\.[a-z][a-z0-9_]{0,39}", wanted):
        raise MappingRefused(None, f"There is no field {wanted!r}. There are: {', '.join(sorted(known))}, trait.…")
    return wanted


def recipe_traits() -> list[str]:
    """The traits that have a name of their own, for matching."""
    return [name for name in recipe()["fields"] if name.startswith("trait.")]


def own_trait(heading: str, place: int) -> str:
    """The field of a column that is kept for matching under its own name."""
    slug = re.sub(r"[^a-z0-9]+", "_", heading.casefold()).strip("_")[:40].rstrip("_")
    return f"trait.{slug}" if slug[:1].isalpha() and slug[:1].isascii() else f"trait.column_{place}"


def read_map(file: Path) -> dict[str, str]:
    """A mapping somebody wrote: a TOML file of `"heading" = "field"` lines. Raises MappingRefused."""
    try:
        words = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingRefused(None, f"The mapping cannot be read: {error}.") from error
    if not all(isinstance(wanted, str) for wanted in words.values()):
        raise MappingRefused(None, 'A mapping is lines such as "E-mail of parent" = "email".')
    return words
