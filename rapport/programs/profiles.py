"""Reading a profile: a program's promises, limits, gates and criteria as a file people can read."""

import pickle
import tomllib
from functools import cache
from pathlib import Path

from rapport.core.refused import Refused

FOLDER = Path(__file__).with_name("profiles")
PATTERN = "youth-one-to-one"  # the profile whose limits the others must name, too


class ProfileMissing(Refused):
    """There is no profile of this name."""

    def __init__(self, slug):
        super().__init__(slug, f"There is no profile {slug!r}. There are: {', '.join(slugs())}.")


def slugs() -> list[str]:
    """The profiles that Rapport ships."""
    return list(shipped(FOLDER))


def read(slug: str) -> dict:
    """One profile as plain values, the caller's own to change. Raises ProfileMissing."""
    kept(slug)
    return pickle.loads(packed(FOLDER / f"{slug}.toml"))  # noqa: S301  (our own; four times as fast as to copy it)


def kept(slug: str) -> dict:
    """The same as it stands, for looking something up in it: nobody changes this one."""
    if slug not in shipped(FOLDER):
        raise ProfileMissing(slug)
    return parsed(FOLDER / f"{slug}.toml")


@cache
def shipped(folder: Path) -> tuple[str, ...]:
    """A folder of profiles is part of what is installed: it is looked through once."""
    return tuple(sorted(file.stem for file in folder.glob("*.toml")))


@cache
def parsed(file: Path) -> dict:
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def packed(file: Path) -> bytes:
    return pickle.dumps(parsed(file))


def limit_row(slug: str, code: str) -> dict:
    """What a profile says of one limit; where it says nothing, the one whose limits the others name, too."""
    told = [kept(name)["limit"] for name in (slug, PATTERN) if name in slugs()]
    return dict(next(row for rows in told for row in rows if row["code"] == code))


def asks(program, name: str) -> bool:
    """A rule of the profile that no program's own file can loosen; where children may be, it always holds.

    `asks_each_side`: a match begins only after each side (a child's guardian, too) said yes for themselves.
    `gates_before_round`: a round looks only at people whose gates are met.
    """
    words = kept(program.profile) if program.profile in slugs() else {}
    return not program.adults_only or words.get(name, True)


def on_site_only(program) -> bool:
    """Whether pairs of this profile meet at their site and nowhere else; no program's own file can loosen it."""
    return program.profile in slugs() and kept(program.profile).get("on_site_only", False)


def mentees_are_parents(program) -> bool:
    """Whether whoever is mentored in this profile is a parent, who may tell which children it is about (S3-20)."""
    told = program.profile in slugs() and kept(program.profile).get("mentees_are_parents", False)
    return bool(told and program.adults_only)


def calendar_first(program) -> bool:
    """Whether a pair of this profile is planned only once the calendar of its site is set."""
    return program.profile in slugs() and kept(program.profile).get("calendar_first", False)


def many_at_once(program) -> bool:
    """Whether whoever meets at an event is in as many pairs as come of it: nobody's places run out (S4-33)."""
    return program.profile in slugs() and kept(program.profile).get("many_at_once", False)
