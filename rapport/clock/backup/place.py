"""What an install holds, and PostgreSQL's own tools on it."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Count

from rapport.clock.backup.refusals import ToolMissing
from rapport.core.refused import Refused


def stored_files() -> list[Path]:
    """What is kept for long: not the lists that wait to be read, in which anything may stand."""
    folder = files_folder()
    files = [file for file in folder.rglob("*") if file.is_file()] if folder.exists() else []
    return sorted(file for file in files if not file.is_relative_to(folder / "imports"))


def files_folder() -> Path:
    stores: dict = settings.STORAGES
    return Path(stores["default"]["OPTIONS"]["location"])


def sha256(file: Path, end: int | None = None) -> str:
    """The checksum of a file, or of its bytes before `end`."""
    with file.open("rb") as stream:
        if end is None:
            return hashlib.file_digest(stream, "sha256").hexdigest()
        total = hashlib.sha256()
        while end and (block := stream.read(min(end, 1 << 20))):
            total.update(block)
            end -= len(block)
        return total.hexdigest()


def row_counts(tables=None) -> dict[str, int]:
    """Rows per table now; of these tables only, where they are named."""
    models = apps.get_models(include_auto_created=True)
    wanted = [model for model in models if tables is None or model._meta.db_table in tables]
    return {model._meta.db_table: model._base_manager.aggregate(n=Count("pk"))["n"] for model in wanted}


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
