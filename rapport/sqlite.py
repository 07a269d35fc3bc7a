"""Which SQLite we stand on, and whether it may keep a write-ahead log.

SQLite 3.7.0 to 3.51.2 can lose committed writes in WAL mode when two connections write and checkpoint at once
(security.md F1). 3.51.3 and the backports 3.50.7 and 3.44.6 are safe. Where Python's own is older, pysqlite3 brings
a safe one; where there is neither, we run with a rollback journal instead.
"""

import importlib
import sqlite3
import sys

SAFE_FROM = (3, 51, 3)
SAFE_BACKPORTS = ((3, 50, 7), (3, 44, 6))


def is_wal_safe(version: tuple[int, ...]) -> bool:
    """Whether this version of SQLite keeps its promises in WAL mode."""
    backported = any(version[:2] == safe[:2] and version >= safe for safe in SAFE_BACKPORTS)
    return version >= SAFE_FROM or backported


def use_the_safest() -> tuple[int, ...]:
    """Put pysqlite3 in the place of Python's own sqlite3 where that one is too old. Returns the version in use."""
    if is_wal_safe(sqlite3.sqlite_version_info):
        return sqlite3.sqlite_version_info
    try:
        safer = importlib.import_module("pysqlite3")
    except ImportError:
        return sqlite3.sqlite_version_info
    if safer.sqlite_version_info > sqlite3.sqlite_version_info:
        sys.modules["sqlite3"] = safer
        sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")
        return safer.sqlite_version_info
    return sqlite3.sqlite_version_info


def journal_mode(version: tuple[int, ...]) -> str:
    """The fastest journal this version keeps safely."""
    return "WAL" if is_wal_safe(version) else "TRUNCATE"
