"""Between tests that really commit, Django empties every table; the trail's triggers stand aside for just that."""

import pytest
from django.db.backends.sqlite3.operations import DatabaseOperations as Sqlite

from rapport.audit import triggers


@pytest.fixture(autouse=True, scope="session")
def the_trail_may_be_emptied_between_tests():
    """Wrap SQLite's emptying of tables (PostgreSQL truncates, which fires no row trigger)."""
    plain = Sqlite.sql_flush

    def flush(self, style, tables, **options):
        statements = plain(self, style, tables, **options)
        return [*triggers.SQLITE_OFF, *statements, *triggers.SQLITE] if "audit_event" in tables else statements

    Sqlite.sql_flush = flush
    yield
    Sqlite.sql_flush = plain
