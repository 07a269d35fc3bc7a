"""A throw-away install to measure on: SQLite in a folder, or a real PostgreSQL from the wheel. Gone with the process.

Import this before anything of Django; `stand(database)` makes the tables.
"""

import argparse
import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATABASES = ("sqlite", "postgres")


def line(name: str) -> argparse.ArgumentParser:
    """What every measure may be told: on which databases (both, unless one is named), and whether to print JSON."""
    words = argparse.ArgumentParser(prog=f"bin/bench {name}")
    words.add_argument("--database", choices=DATABASES, action="append")
    words.add_argument("--json", action="store_true")
    return words


def stand(database: str, keep: str = "") -> None:
    """Make an empty install on this database, and set Django up on it.

    `keep` names a folder that stays, and may hold a network already; a PostgreSQL that stays is named by DATABASE_URL.
    """
    folder = keep or tempfile.mkdtemp(prefix="rapport-bench-")
    started_by = os.getpid()
    if not keep:
        atexit.register(lambda: os.getpid() == started_by and shutil.rmtree(folder, ignore_errors=True))
    Path(folder).mkdir(parents=True, exist_ok=True)
    os.environ |= {"RAPPORT_DIR": folder, "DJANGO_SETTINGS_MODULE": "rapport.settings", "RAPPORT_LOG": "ERROR"}
    if database == "postgres" and not (keep and os.environ.get("DATABASE_URL")):
        os.environ["DATABASE_URL"] = start_postgres()
    set_up()
    from rapport.clock.install import make_ready

    make_ready()


def start_postgres() -> str:
    """A server as an ordinary host would run it: it writes its log to disk before it says yes."""
    from tests import postgres

    postgres.SETTINGS |= {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "shared_buffers": "512MB",
    }
    postgres.SETTINGS |= {"work_mem": "16MB", "max_wal_size": "4GB"}
    return postgres.start()


def set_up() -> None:
    """Set Django up on the install the environment names."""
    import django

    django.setup()
