"""A newcomer as the cells of a staged row, and back."""

from dataclasses import asdict
from datetime import date

from rapport.people.enrolling import Newcomer


def to_cells(newcomer):
    said = {name: value for name, value in asdict(newcomer).items() if value not in ("", None, {}, [])}
    said |= {"born_on": newcomer.born_on.isoformat()} if newcomer.born_on else {}
    return said | ({"guardians": [to_cells(one) for one in newcomer.guardians]} if newcomer.guardians else {})


def from_cells(cells):
    born_on = cells.get("born_on")
    read = {
        "born_on": date.fromisoformat(born_on) if born_on else None,
        "guardians": [from_cells(one) for one in cells.get("guardians", [])],
    }
    said = {name: value for name, value in cells.items() if name != "maybe"}  # whom a row may be is not of the row
    return Newcomer(**(said | read))
