"""What else stands in somebody's calendar beside the meetings of pairs: apps above say it in `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

_told: list[Callable] = []


@dataclass(frozen=True)
class Beside:
    """One thing with a time. Its title and its place name no young person."""

    ref: str
    title: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    place: str = ""
    is_off: bool = False
    version: int = 0


def also(tell: Callable) -> None:
    """Let `tell(person, program, at, since=, known_since=, given_by=)` say what else stands there: a list of `Beside`.

    What the three mean: `seen.seen_by`. It is asked in the language of the reader.
    """
    if tell not in _told:
        _told.append(tell)


def beside(person, program, at, **how) -> list[Beside]:
    """All of it, in order; nothing of a program that is archived."""
    rows = [] if program.archived_at else [row for tell in _told for row in tell(person, program, at, **how)]
    return sorted(rows, key=lambda row: (row.starts_at, row.ref))
