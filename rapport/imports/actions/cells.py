"""A newcomer as the cells of a staged row, and back."""

from dataclasses import asdict
from datetime import date

from rapport.people.enrolling import Newcomer


def to_cells(newcomer):
    said = {name: value for name, value in asdict(newcomer).items() if value not in ("", None, {})}
    said |= {"born_on": newcomer.born_on.isoformat()} if newcomer.born_on else {}
    return said | ({"guardian": to_cells(newcomer.guardian)} if newcomer.guardian else {})


def from_cells(cells):
    born_on, guardian = cells.get("born_on"), cells.get("guardian")
    read = {
        "born_on": date.fromisoformat(born_on) if born_on else None,
        "guardian": from_cells(guardian) if guardian else None,
    }
    return Newcomer(**(cells | read))
