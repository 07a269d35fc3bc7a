"""Tables that migrations made once, copied wherever the tests need a database that is new (SQLite alone).

Whoever needs one first runs every migration, and leaves the tables in `.pytest_cache`. All that the migrations stand on
is in the file's name, so that whatever changes there is migrated anew. What a test starts as a process of its own
(`tests/clock/test_serve.py`) knows nothing of this, and always migrates.
"""

import fcntl
import hashlib
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
    return f"migrated-{said.hexdigest()[:24]}.sqlite3"


@contextmanager
def alone():
    """One process at a time: whoever comes while the tables are made waits for them, and has them."""
    PLACE.mkdir(exist_ok=True)
    with (PLACE / "migrated.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield PLACE / name()


def reuse():
    """From now on `migrate` copies what it would make."""
    from django.core.management.commands import migrate

    plain, tell = migrate.Command.handle, migrate.emit_post_migrate_signal

    def handle(self, *arguments, **options):
        connection = migrate.connections[options["database"]]
        if not is_new(connection, options):
            return plain(self, *arguments, **options)
        with alone() as kept:
            if kept.exists():
                copy(kept, connection)
            else:
                make(kept, connection, lambda: plain(self, *arguments, **options))
        return tell(options["verbosity"], options["interactive"], connection.alias, plan=[], apps=migrate.apps)

    def make(kept, connection, migrate_all):
        migrate.emit_post_migrate_signal = lambda *_told, **_more: None  # it is told once, by `handle`
        try:
            migrate_all()
        finally:
            migrate.emit_post_migrate_signal = tell
        keep(connection, kept)

    migrate.Command.handle = handle


def is_new(connection, options):
    """Whether every migration is asked for, in a database of SQLite that holds nothing yet."""
    from django.conf import settings

    if connection.vendor != "sqlite" or settings.MIGRATION_MODULES or any(options.get(word) for word in PARTS):
        return False
    return not connection.introspection.table_names()


def copy(kept, connection):
    from django.db.backends.sqlite3.base import Database

    connection.ensure_connection()
    with closing(Database.connect(f"file:{kept}?mode=ro", uri=True)) as source:
        source.backup(connection.connection)


def keep(connection, kept):
    """Leave the tables for the next; those of other migrations go."""
    from django.db.backends.sqlite3.base import Database

    begun = kept.with_suffix(".begun")
    begun.unlink(missing_ok=True)
    with closing(Database.connect(begun)) as target:
        connection.connection.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    for other in PLACE.glob("migrated-*.sqlite3"):
        other.unlink()
    begun.replace(kept)
