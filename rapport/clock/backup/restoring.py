"""Bringing a copy into an empty place."""

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from rapport.audit.actions import record_many, verify
from rapport.clock.backup.checking import unpack
from rapport.clock.backup.place import dsn, files_folder, row_counts, run_tool
from rapport.clock.backup.refusals import BackupDamaged, CannotWrite, PlaceTaken
from rapport.clock.sealed import lost
from rapport.programs.models import Program


def restore(file: Path) -> dict:
    """Bring a copy into an empty place; everything outgoing waits for release. Returns its manifest, with `trail`:
    what the audit trail says, and `lost`: how many papers have no key here. Neither a trail that was broken when the
    copy was made nor a missing key is a reason to keep the rest from its owner.

    Raises BackupDamaged, PlaceTaken, CannotWrite; nothing was touched then.
    """
    from rapport.clock.install import make_folder, make_ready

    if not place_is_empty():
        raise PlaceTaken(file)
    with tempfile.TemporaryDirectory(prefix="rapport-restore-") as scratch:
        manifest = unpack(file, Path(scratch))
        refuse_what_we_cannot_read(file, manifest)
        try:
            make_folder()
            put_in_place(Path(scratch), manifest)
        except OSError as error:
            raise CannotWrite(settings.RAPPORT_DIR, error) from error
    require_counts(file, manifest)
    make_ready()
    hold_everything()
    return manifest | {"trail": verify(), "lost": lost()}


def refuse_what_we_cannot_read(file: Path, manifest: dict) -> None:
    """A copy of another kind of database, or of a newer Rapport, is refused before anything is touched."""
    if (Path(manifest["database"]).suffix == ".sqlite3") != settings.IS_SQLITE:
        raise BackupDamaged(file, "This backup is of another kind of database; set DATABASE_URL as it was.")
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = [name for name in manifest["migrations"] if name not in known]
    if newer:
        raise BackupDamaged(file, f"This backup was made by a newer Rapport ({newer[0]}). Install that one first.")


def place_is_empty() -> bool:
    """A folder that is not there or holds no more than keys; with PostgreSQL, a database without tables as well."""
    folder = settings.RAPPORT_DIR
    if folder.exists() and (not folder.is_dir() or any(one.name != "keys" for one in folder.iterdir())):
        return False
    return settings.IS_SQLITE or not connection.introspection.table_names()


def put_in_place(scratch: Path, manifest: dict) -> None:
    connections.close_all()
    if settings.IS_SQLITE:
        shutil.copy2(scratch / manifest["database"], settings.DATABASES["default"]["NAME"])
    else:
        copy = str(scratch / manifest["database"])
        run_tool("pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", "--dbname", dsn(), copy)
    if (scratch / "files").exists():
        shutil.copytree(scratch / "files", files_folder(), dirs_exist_ok=True)


def require_counts(file: Path, manifest: dict) -> None:
    """What came in is as many rows as went out, in tables we still have."""
    found = row_counts(manifest["counts"])
    if found != {table: manifest["counts"][table] for table in found}:
        raise BackupDamaged(file, "This backup is damaged: its tables do not hold what they held.")


def hold_everything() -> None:
    """Nothing goes out again by itself: messages wait, and the sessions of the old place end."""
    from django.contrib.sessions.models import Session

    from rapport.access.models import Draft
    from rapport.outbox.actions import hold_all

    at = timezone.now()
    began = list(Program.objects.filter(quiet_start=False).order_by("pk"))
    Program.objects.update(quiet_start=True)
    record_many("program.restored", about=began, by=None, at=at, was={"quiet_start": False}, now={"quiet_start": True})
    hold_all(at=at)
    Session.objects.all().delete()
    Draft.objects.all().delete()
