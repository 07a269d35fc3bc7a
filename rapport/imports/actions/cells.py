"""A newcomer as the cells of a staged row, and back."""

from dataclasses import asdict
from datetime import date

from rapport.people.enrolling import Newcomer


def to_cells(newcomer):
    said = {name: value for name, value in asdict(newcomer).items() if value not in ("", None, {})}
    return said | ({"born_on": newcomer.born_on.isoformat()} if newcomer.born_on else {})


def from_cells(cells):
    born_on = cells.get("born_on")
    return Newcomer(**(cells | {"born_on": date.fromisoformat(born_on) if born_on else None}))
