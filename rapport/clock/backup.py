"""A copy of an install that is known to open again.

The copy is one zip: the database, the files, and a manifest with counts, checksums and the trail's head. Keys stay
out: sessions and sign-in tokens die with a restore, and a stolen copy opens nothing. After a restore everything
outgoing waits for release, because what was waiting at the copy's moment may have gone out since (security.md §3.5 G28).
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess  # noqa: S404  (only PostgreSQL's own tools are started)
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count

from rapport.audit.actions import verify
from rapport.core.refused import Refused
from rapport.programs.models import Program

FORMAT = 1
MANIFEST = "manifest.json"


class BackupDamaged(Refused):
    """The copy is not what it was when it was made; nothing was touched."""


class PlaceTaken(Refused):
    """A restore goes into an empty place only."""

    sentence = "There is something here already. Restore into an empty folder, and into an empty database."


class ToolMissing(Refused):
    """PostgreSQL's own tools make and read its copies."""

    def __init__(self, tool):
        super().__init__(tool, f"{tool} is not on this machine; it comes with PostgreSQL's client tools.")


def back_up(file: Path, *, at: datetime) -> dict:
    """Write a consistent copy, open it again to prove it, and only then give it its name. Returns its manifest."""
    with tempfile.TemporaryDirectory(prefix="rapport-backup-", dir=file.parent) as scratch:
        place = Path(scratch)
        database = copy_database(place)
        manifest = manifest_of(database, at)
        part = place / "copy.zip"
        write_zip(part, database, manifest)
        check(part)
        part.chmod(0o600)
        os.replace(part, file)
    return manifest


def copy_database(place: Path) -> Path:
    """One consistent moment of the database, taken while others write."""
    if settings.IS_SQLITE:
        copy = place / "rapport.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        return copy
    copy = place / "rapport.pgdump"
    run_tool("pg_dump", "--format=custom", "--no-owner", f"--file={copy}")
    return copy


def manifest_of(database: Path, at: datetime) -> dict:
    files = {file.relative_to(files_folder()).as_posix(): sha256(file) for file in stored_files()}
    return {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "database": database.name,
        "sha256": sha256(database),
        "counts": counts_in(database),
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
        "files": files,
    }


def counts_in(database: Path) -> dict[str, int]:
    """Rows per table, counted in the copy itself where it is SQLite, so that they belong to the same moment."""
    if not settings.IS_SQLITE:
        return {}
    copy = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
        return {table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}  # noqa: S608
    finally:
        copy.close()


def write_zip(part: Path, database: Path, manifest: dict) -> None:
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        copy.writestr(MANIFEST, json.dumps(manifest, indent=1))
        copy.write(database, database.name)
        for file in stored_files():
            copy.write(file, "files/" + file.relative_to(files_folder()).as_posix())


def check(file: Path) -> dict:
    """Open a copy and prove it whole. Returns its manifest; raises BackupDamaged with what is wrong."""
    with tempfile.TemporaryDirectory(prefix="rapport-check-") as scratch:
        return unpack(file, Path(scratch))


def unpack(file: Path, place: Path) -> dict:
    """Unpack into an empty folder, comparing every checksum. Raises BackupDamaged."""
    try:
        with zipfile.ZipFile(file) as copy:
            manifest = json.loads(copy.read(MANIFEST))
            names = expected_names(manifest)
            if set(copy.namelist()) != {MANIFEST, *names}:
                raise BackupDamaged(file, "This backup is damaged: parts are missing or strange.")
            for name in names:
                copy.extract(name, place)
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, KeyError, RuntimeError, EOFError) as error:
        raise BackupDamaged(file, f"This backup is damaged and was not used: {error or type(error).__name__}.") from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise BackupDamaged(file, "This backup is damaged: it cannot be unpacked.") from error
        raise
    compare(file, manifest, place)
    return manifest


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
    if database.suffix == ".sqlite3" and counts_in(database) != manifest["counts"]:
        raise BackupDamaged(file, "This backup is damaged: its tables do not hold what they held.")
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


def restore(file: Path) -> dict:
    """Bring a copy into an empty place; everything outgoing waits for release. Raises BackupDamaged, PlaceTaken."""
    from rapport.clock.install import make_folder, make_ready

    if not place_is_empty():
        raise PlaceTaken(file)
    with tempfile.TemporaryDirectory(prefix="rapport-restore-") as scratch:
        manifest = unpack(file, Path(scratch))
        refuse_what_we_cannot_read(file, manifest)
        make_folder()
        put_in_place(Path(scratch), manifest)
    make_ready()
    found = verify()
    if found["broken"]:
        raise BackupDamaged(file, f"The audit trail in this backup is broken: {found['broken']}.")
    hold_everything()
    return manifest


def refuse_what_we_cannot_read(file: Path, manifest: dict) -> None:
    """A copy of another kind of database, or of a newer Rapport, is refused before anything is touched."""
    if (Path(manifest["database"]).suffix == ".sqlite3") != settings.IS_SQLITE:
        raise BackupDamaged(file, "This backup is of another kind of database; set DATABASE_URL as it was.")
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_initial=True).disk_migrations}
    newer = [name for name in manifest["migrations"] if name not in known]
    if newer:
        raise BackupDamaged(file, f"This backup was made by a newer Rapport ({newer[0]}). Install that one first.")


def place_is_empty() -> bool:
    if settings.IS_SQLITE:
        return not Path(settings.DATABASES["default"]["NAME"]).exists()
    return not connection.introspection.table_names()


def put_in_place(scratch: Path, manifest: dict) -> None:
    connections.close_all()
    if settings.IS_SQLITE:
        shutil.copy2(scratch / manifest["database"], settings.DATABASES["default"]["NAME"])
    else:
        run_tool("pg_restore", "--no-owner", "--exit-on-error", "--dbname", dsn(), str(scratch / manifest["database"]))
    if (scratch / "files").exists():
        shutil.copytree(scratch / "files", files_folder(), dirs_exist_ok=True)


def hold_everything() -> None:
    """Nothing goes out again by itself: messages wait, sessions and open links of the old place end."""
    from django.contrib.sessions.models import Session

    from rapport.outbox.actions import hold_all

    Program.objects.update(quiet_start=True)
    hold_all()
    Session.objects.all().delete()


def stored_files() -> list[Path]:
    return sorted(file for file in files_folder().rglob("*") if file.is_file()) if files_folder().exists() else []


def files_folder() -> Path:
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"])


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def run_tool(tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own tools on our database. Raises ToolMissing, or Refused with what it said."""
    path = shutil.which(tool)
    if path is None:
        raise ToolMissing(tool)
    place = [] if tool == "pg_restore" else ["--dbname", dsn()]
    done = subprocess.run([path, *place, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Refused(tool, f"{tool} did not succeed: {done.stderr.strip()[-300:]}")


def dsn() -> str:
    """The database's address for PostgreSQL's tools."""
    from psycopg.conninfo import make_conninfo

    given = connection.get_connection_params()
    wanted = {key: given[key] for key in ("host", "port", "user", "password", "dbname") if given.get(key)}
    return make_conninfo(**wanted)


def row_counts() -> dict[str, int]:
    """Rows per table now, for comparing before and after."""
    return {
        model._meta.db_table: model._base_manager.aggregate(n=Count("pk"))["n"]
        for model in apps.get_models(include_auto_created=True)
    }
