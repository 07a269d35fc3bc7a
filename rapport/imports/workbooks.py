"""A workbook becomes a list: read by a child process that may be killed, and from then on as any CSV file."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.core.refused import Refused

READER = Path(__file__).with_name("workbook_child.py")
SECONDS = 90  # by the clock on the wall; of the processor's time it gets less
MOST_BYTES = 20 * 1024 * 1024
OPEN_XML, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SEALED = "EncryptedPackage".encode("utf-16-le")
AS_CSV = lazy("Save the sheet as CSV and bring that.")
SENTENCES = {
    "no workbook": lazy("This is no workbook that can be read here."),
    "encrypted": lazy("This workbook is protected by a password."),
    "macros": lazy("This workbook holds macros, small programs, and is not opened."),
    "bomb": lazy("This workbook unpacks to far more than a list of people."),
    "forged": lazy("The parts of this workbook are not what its contents say. It is damaged, or was made to do harm."),
    "nested": lazy("This workbook holds other files inside, and is not opened."),
    "declares": lazy("This workbook asks for more than is in it, and is not opened."),
    "too large": lazy("This workbook is too large to be read as it is."),
    "too long": lazy("This workbook takes too long to read."),
    "broken": lazy("This workbook cannot be read: it is damaged."),
    "empty": lazy("No sheet of this workbook that can be seen holds anything."),
    "too many rows": lazy("This workbook has more than 20 000 rows."),
    "old": lazy("This is a workbook of the old kind (.xls), whatever its name says."),
}


class WorkbookRefused(Refused):
    """A workbook that is not read, and why."""


def is_workbook(sample: bytes) -> bool:
    return sample.startswith((OPEN_XML, OLD, b"PK\x05\x06"))


def as_csv(stream: BinaryIO) -> tuple[BinaryIO, list[str]]:
    """The sheet of a workbook as CSV, and sentences on what of it was read. Raises WorkbookRefused."""
    stream.seek(0)
    written = tempfile.TemporaryFile()  # noqa: SIM115 closed by whoever reads it
    with tempfile.TemporaryDirectory(prefix="rapport-workbook-") as folder:
        kept = Path(folder) / "workbook.xlsx"
        with kept.open("wb") as file:
            shutil.copyfileobj(stream, file)
        refuse_what_cannot_be(kept)
        said = read(kept, written)
    if "refused" in said:
        written.close()
        raise WorkbookRefused(None, sentence(said))
    written.seek(0)
    return written, notes(said)


def refuse_what_cannot_be(kept: Path) -> None:
    if kept.stat().st_size > MOST_BYTES:
        raise WorkbookRefused(None, sentence({"refused": "too large"}))
    content = kept.read_bytes()
    if content.startswith(OLD):
        why = "encrypted" if SEALED in content else "old"
        raise WorkbookRefused(None, sentence({"refused": why}))


def read(kept: Path, written: BinaryIO) -> dict:
    """Let the child read it. What it says; its death says something, too."""
    alone = {"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8", "TZ": "UTC"}
    command = [sys.executable, "-I", str(READER), str(kept)]
    try:
        done = subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.PIPE, timeout=SECONDS, env=alone,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"refused": "too long"}
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    try:
        return json.loads(lines[-1])
    except (IndexError, ValueError):
        return {"refused": "too large"}


def sentence(said: dict):
    if said["refused"] == "merged":
        words = _("Cells of the sheet %(sheet)s are merged (%(cells)s): nobody can tell whose they are. Unmerge them.")
        return words % said
    if said["refused"] == "empty":
        return SENTENCES["empty"]
    return format_lazy("{} {}", SENTENCES[said["refused"]], AS_CSV)


def notes(said: dict) -> list[str]:
    """Which sheet was read, where there was a choice, and which were not."""
    lines = []
    if said["others"]:
        words = _("The sheet %(sheet)s was read. Not read: %(others)s.")
        lines.append(words % {"sheet": said["sheet"], "others": ", ".join(said["others"])})
    if said["hidden"]:
        lines.append(_("Hidden sheets were not read: %(names)s.") % {"names": ", ".join(said["hidden"])})
    return lines
