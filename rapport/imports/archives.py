"""A zip of CSV files, unpacked with as much suspicion as a workbook: it may be a bomb, or lie about what is in it.

Only files of names we know are written, under names of our own, so none can reach out of the folder.
"""

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as lazy

from rapport.imports.files import Unreadable
from rapport.imports.workbook_child import MEGABYTE, MOST_TIMES, SMALL, overlap

MOST_PARTS, MOST_UNPACKED = 200, 500 * MEGABYTE
WITH_A_ZIP = b"PK"
BESIDES = ("__MACOSX", ".")  # what some systems put into every zip
WITHOUT = lazy("Bring the CSV files themselves.")
SENTENCES = {
    "broken": lazy("This zip cannot be read: it is damaged."),
    "encrypted": lazy("This zip is protected by a password."),
    "bomb": lazy("This zip unpacks to far more than a roster."),
    "forged": lazy("The parts of this zip are not what its contents say. It is damaged, or was made to do harm."),
    "outside": lazy("This zip names a place outside itself. It was made to do harm, and is not opened."),
    "nested": lazy("This zip holds other zips or workbooks inside, and is not opened."),
    "twice": lazy("This zip holds a file twice. Nobody can tell which one counts."),
    "empty": lazy("This zip holds no file of a roster."),
}


def is_zip(file: Path) -> bool:
    return file.suffix.casefold() == ".zip"


def unpack(file: Path, folder: Path, names) -> list[Path]:
    """Write the files of these names into a folder. Raises Unreadable."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = wanted(archive, file.stat().st_size, names)
            return [write(archive, part, folder / f"{stem}.csv") for stem, part in parts.items()]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise refused("forged" if "CRC" in str(error) or "differ" in str(error) else "broken") from error


def refused(why):
    return Unreadable(None, format_lazy("{} {}", SENTENCES[why], WITHOUT))


def wanted(archive, size, names):
    """{name: part} of what is read of it; all of it is looked at. Raises Unreadable."""
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise refused("encrypted")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise refused("broken")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > size * MOST_TIMES):
        raise refused("bomb")
    if any(leads_out(part.filename) for part in parts):
        raise refused("outside")
    if len({part.filename for part in parts}) != len(parts):
        raise refused("twice")
    if overlap(archive, parts):
        raise refused("forged")
    return by_stem(parts, names)


def by_stem(parts, names):
    found = {}
    for part in parts:
        path = PurePosixPath(part.filename)
        stem = path.stem.casefold()
        is_besides = any(step.startswith(BESIDES) for step in path.parts)
        if part.is_dir() or is_besides or path.suffix.casefold() != ".csv" or stem not in names:
            continue
        if stem in found:
            raise refused("twice")
        found[stem] = part
    if not found:
        raise refused("empty")
    return found


def leads_out(name):
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not name.isprintable()


def write(archive, part, place):
    """Write one part; its size and checksum are held against the directory on the way. Raises Unreadable."""
    written = 0
    with archive.open(part) as stream, place.open("wb") as out:
        while piece := stream.read(MEGABYTE):
            if not written and piece.startswith(WITH_A_ZIP):
                raise refused("nested")
            written += len(piece)
            out.write(piece)
    if written != part.file_size:
        raise refused("forged")
    return place
