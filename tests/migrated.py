"""Tables that migrations made once, copied wherever the tests need a database that is new.

Whoever needs one first runs every migration, and leaves the tables: of SQLite in `.pytest_cache`, of PostgreSQL as a
database beside, which goes with the tests' own server. All that the migrations stand on is in its name, so that
whatever changes there is migrated anew. What a test starts as a process of its own (`tests/clock/test_serve.py`) knows
nothing of this, and always migrates.
"""

import fcntl
import hashlib
import os
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".pytest_cache"
STANDS_ON = (
    "*/migrations/*.py", "*/triggers.py", "core/*.py", "people/names.py", "people/models/*.py", "programs/profiles.py",
)  # fmt: skip
PACKAGES = ("django", "django-allauth")
PARTS = ("app_label", "migration_name", "plan", "fake", "fake_initial", "check_unapplied", "prune")


def name():
    """The file's name, from all that the tables could depend on."""
    said = hashlib.sha256(repr([version(package) for package in PACKAGES]).encode())
    for file in sorted({file for pattern in STANDS_ON for file in (ROOT / "rapport").glob(pattern)}):
        said.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return f"migrated-{said.hexdigest()[:24]}"


@contextmanager
def alone(place):
    """One process at a time: whoever comes while the tables are made waits for them, and has them."""
    place.mkdir(exist_ok=True)
    with (place / "migrated.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def reuse():
    """From now on `migrate` copies what it would make."""
    from django.core.management.commands import migrate

    plain, tell = migrate.Command.handle, migrate.emit_post_migrate_signal

    def handle(self, *arguments, **options):
        connection = migrate.connections[options["database"]]
        if not is_new(connection, options):
            return plain(self, *arguments, **options)
        kept = (File if connection.vendor == "sqlite" else Beside)(connection)
        with alone(kept.place):
            if kept.is_there():
                kept.copy()
            else:
                make(lambda: plain(self, *arguments, **options))
                kept.keep()
        return tell(options["verbosity"], options["interactive"], connection.alias, plan=[], apps=migrate.apps)

    def make(migrate_all):
        migrate.emit_post_migrate_signal = lambda *_told, **_more: None  # it is told once, by `handle`
        try:
            migrate_all()
        finally:
            migrate.emit_post_migrate_signal = tell

    migrate.Command.handle = handle


def is_new(connection, options):
    """Whether every migration is asked for, in a database that holds nothing yet: SQLite, or the tests' own server."""
    from django.conf import settings

    is_ours = connection.vendor == "sqlite" or "/rapport-pg-" in os.environ.get("DATABASE_URL", "")  # tests/postgres.py
    if not is_ours or settings.MIGRATION_MODULES or any(options.get(word) for word in PARTS):
        return False
    return not connection.introspection.table_names()


class File:
    """The tables as a file of SQLite."""

    place = PLACE

    def __init__(self, connection):
        self.connection, self.file = connection, PLACE / f"{name()}.sqlite3"

    def is_there(self):
        return self.file.exists()

    def copy(self):
        self.connection.ensure_connection()
        with closing(self.open(f"file:{self.file}?mode=ro", uri=True)) as source:
            source.backup(self.connection.connection)

    def keep(self):
        """Leave the tables for the next; those of other migrations go."""
        begun = self.file.with_suffix(".begun")
        begun.unlink(missing_ok=True)
        with closing(self.open(begun)) as target:
            self.connection.connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        for other in PLACE.glob("migrated-*.sqlite3"):
            other.unlink()
        begun.replace(self.file)

    @staticmethod
    def open(*arguments, **options):
        from django.db.backends.sqlite3.base import Database

        return Database.connect(*arguments, **options)


class Beside:
    """The tables as another database of the same server: PostgreSQL copies a whole one by itself."""

    def __init__(self, connection):
        self.connection, self.own = connection, connection.settings_dict["NAME"]
        self.place = Path(connection.settings_dict["OPTIONS"]["host"]).parent  # the server's own folder, gone with it

    def is_there(self):
        with self.connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name()])
            return cursor.fetchone() is not None

    def copy(self):
        self.ask(f'DROP DATABASE "{self.own}"', f'CREATE DATABASE "{self.own}" TEMPLATE "{name()}"')

    def keep(self):
        self.ask(f'CREATE DATABASE "{name()}" TEMPLATE "{self.own}"')

    def ask(self, *statements):
        self.connection.close()  # of a database that somebody is in, there is no copy
        with self.connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
