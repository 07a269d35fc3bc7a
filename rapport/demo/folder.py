"""The demo's own folder: marked, so that a demo never takes the place of anything else."""

import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import connections

from rapport.core.refused import Refused

MARK = "demo"
OURS = ("rapport.sqlite3", "rapport.sqlite3-wal", "rapport.sqlite3-shm", "rapport.sqlite3-journal", "files", "mailbox")


class NotADemo(Refused):
    """There is something in this folder, and it is no demo."""

    def __init__(self, folder: Path):
        super().__init__(folder, f"{folder.name} is not empty and holds no demo. Name another folder with --dir.")


class KeepsItsOwn(Refused):
    """A demo keeps everything in its folder, the database too."""

    sentence = "The demo keeps its database in its own folder. Unset DATABASE_URL and try again."


def prepare(folder: Path) -> None:
    """Empty and mark the folder. Raises NotADemo, KeepsItsOwn; touches nothing then."""
    if not settings.IS_SQLITE:
        raise KeepsItsOwn(folder)
    if is_something_else(folder):
        raise NotADemo(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark(folder)
    connections.close_all()
    for name in OURS:
        remove(folder / name)
    settings.IS_DEMO, settings.SMTP_URL = True, ""  # as settings read it from the mark at the next start


def is_something_else(folder: Path) -> bool:
    """Whether there is anything but a demo; keys alone are what settings make in an empty folder."""
    if not folder.exists():
        return False
    if not folder.is_dir():
        return True
    return not (folder / MARK).is_file() and any(one.name != "keys" for one in folder.iterdir())


def mark(folder: Path) -> None:
    descriptor = os.open(folder / MARK, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("This folder holds a demo of Rapport. Its names are invented; `rapport demo` makes it anew.\n")


def remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
