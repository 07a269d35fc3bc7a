"""Opening a copy and proving it whole, in a folder of its own; nothing else is touched."""

import json
import os
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path

from rapport.clock.backup.place import sha256
from rapport.clock.backup.refusals import BackupDamaged, NotABackup

FORMAT = 1
MANIFEST = "manifest.json"
SEAL = 64  # signs of a sha256
MOST_MANIFEST = 50_000_000  # bytes
BROKEN: tuple[type[Exception], ...] = (
    OSError,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    ValueError,
    TypeError,
)
BROKEN += (AttributeError, KeyError, RuntimeError, EOFError, OverflowError)


def check(file: Path) -> dict:
    """Open a copy and prove it whole. Returns its manifest; raises BackupDamaged with what is wrong."""
    with tempfile.TemporaryDirectory(prefix="rapport-check-", dir=file.parent) as scratch:
        return unpack(file, Path(scratch))


def unpack(file: Path, place: Path) -> dict:
    """Unpack into an empty folder, comparing every checksum. Raises NotABackup, BackupDamaged."""
    require_seal(file)
    try:
        with zipfile.ZipFile(file) as copy:
            manifest = read_manifest(copy)
            names = expected_names(manifest)
            if sorted(copy.namelist()) != sorted([MANIFEST, *names]):
                raise BackupDamaged(file, "This backup is damaged: parts are missing or strange.")
            for name in names:
                copy.extract(name, place)
    except BROKEN as error:
        raise BackupDamaged(
            file, f"This backup is damaged and was not used: {error or type(error).__name__}."
        ) from error
    compare(file, manifest, place)
    return manifest


def require_seal(file: Path) -> None:
    """The last signs are the checksum of all before them. Raises NotABackup, BackupDamaged."""
    if not zipfile.is_zipfile(file) or file.stat().st_size <= SEAL:
        raise NotABackup(file)
    with file.open("rb") as stream:
        stream.seek(-SEAL, os.SEEK_END)
        end, seal = stream.tell(), stream.read()
    if seal != sha256(file, end).encode():
        raise BackupDamaged(file, "This is no whole backup of Rapport: it is damaged, or it is something else.")


def read_manifest(copy: zipfile.ZipFile) -> dict:
    if copy.getinfo(MANIFEST).file_size > MOST_MANIFEST:
        raise ValueError("its list of parts is too long")
    return json.loads(copy.read(MANIFEST))


def expected_names(manifest: dict) -> dict[str, str]:
    """The parts a copy must have, with their checksums."""
    if manifest["format"] != FORMAT:
        raise ValueError(f"it has format {manifest['format']}, this Rapport reads {FORMAT}")
    names = {manifest["database"]: manifest["sha256"]}
    names |= {f"files/{name}": digest for name, digest in manifest["files"].items()}
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in names):
        raise ValueError("a part would lie outside the folder")
    return names


def compare(file: Path, manifest: dict, place: Path) -> None:
    for name, digest in expected_names(manifest).items():
        if sha256(place / name) != digest:
            raise BackupDamaged(file, f"This backup is damaged: {name} was changed.")
    database = place / manifest["database"]
    if database.suffix == ".sqlite3" and not is_whole(database):
        raise BackupDamaged(file, "This backup is damaged: the database in it is not whole.")


def is_whole(database: Path) -> bool:
    copy = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False
    finally:
        copy.close()
