"""Making a copy while others write, and proving it before it gets its name."""

import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from rapport.clock.backup.checking import FORMAT, MANIFEST, SEAL, check, expected_names
from rapport.clock.backup.place import files_folder, row_counts, run_tool, sha256, stored_files
from rapport.clock.backup.refusals import CannotWrite


def back_up(file: Path, *, at: datetime) -> dict:
    """Write a consistent copy, open it again to prove it, and only then give it its name. Returns its manifest.

    Raises CannotWrite, ToolMissing; a file of this name stays as it was then.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="rapport-backup-", dir=file.parent) as scratch:
            place = Path(scratch)
            manifest = copy_everything(place, at)
            part = write_zip(place, manifest)
            check(part)
            part.chmod(0o600)
            os.replace(part, file)
    except (OSError, DatabaseError) as error:
        raise CannotWrite(file, error) from error
    return manifest


def copy_everything(place: Path, at: datetime) -> dict:
    """The database first, then the files it names; what comes in meanwhile belongs to the next copy."""
    with one_moment() as snapshot:
        database = copy_database(place, snapshot)
        counts = counts_in(database) if settings.IS_SQLITE else row_counts()
        migrations = MigrationRecorder(connection).applied_migrations()
    return {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "database": database.name,
        "sha256": sha256(database),
        "counts": counts,
        "migrations": sorted(f"{app}.{name}" for app, name in migrations),
        "files": copy_files(place / "files"),
    }


@contextmanager
def one_moment():
    """On PostgreSQL, a transaction that sees one moment and lends it to pg_dump; SQLite's copy is one by itself."""
    if settings.IS_SQLITE:
        yield ""
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def copy_database(place: Path, snapshot: str) -> Path:
    """One consistent moment of the database, taken while others write."""
    if settings.IS_SQLITE:
        copy = place / "rapport.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        return copy
    copy = place / "rapport.pgdump"
    run_tool("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={copy}")
    return copy


def copy_files(place: Path) -> dict[str, str]:
    """Copy every stored file, and say each one's checksum. One that goes away meanwhile is left out."""
    digests = {}
    for file in stored_files():
        name = file.relative_to(files_folder())
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(file, place / name)
        except FileNotFoundError:
            continue
        digests[name.as_posix()] = sha256(place / name)
    return digests


def counts_in(database: Path) -> dict[str, int]:
    """Rows per table, counted in the copy itself, so that they belong to the same moment."""
    copy = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
        standing = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        counted = [table for table in tables if table in standing]
        return {table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in counted}  # noqa: S608
    finally:
        copy.close()


def write_zip(place: Path, manifest: dict) -> Path:
    part = place / "copy.zip"
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        copy.writestr(MANIFEST, json.dumps(manifest, indent=1))
        for name in expected_names(manifest):
            copy.write(place / name, name)
        copy.comment = b"0" * SEAL
    with part.open("r+b") as stream:
        stream.seek(-SEAL, os.SEEK_END)
        end = stream.tell()
        seal = sha256(part, end)
        stream.seek(end)
        stream.write(seal.encode())
    return part
