"""The files of a school, whatever kind of roster they are, as single files or as a zip of them."""

import tempfile
from datetime import date
from pathlib import Path

from rapport.imports import archives, oneroster, roster
from rapport.imports.files import Unreadable

READ = {*roster.NEEDED, *roster.OPTIONAL, *oneroster.NEEDED}
NAMES = READ | oneroster.NOT_READ


def read_school(files: list[Path], *, on: date) -> roster.Roster:
    """Read a roster as of a day from its files, in whatever order they were named, or from a zip. Raises Unreadable."""
    with tempfile.TemporaryDirectory(prefix="rapport-roster-") as folder:
        unpacked = []
        for file in files:
            unpacked += archives.unpack(file, Path(folder), READ) if archives.is_zip(file) else [file]
        by_name: dict[str, Path] = {}
        for file in unpacked:
            if by_name.setdefault(file.stem.casefold(), file) is not file:
                raise Unreadable(None, f"There are two files called {file.name}. Bring one set at a time.")
        if oneroster.is_oneroster(by_name):
            return oneroster.read_set(by_name, on=on)
        return roster.read_roster(list(by_name.values()))
