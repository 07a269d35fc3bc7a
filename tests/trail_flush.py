"""Between tests that really commit, Django empties every table; the trail's triggers stand aside for just that."""

import pytest
from django.db import connection

from rapport.audit import triggers
from rapport.safeguarding import triggers as safety


@pytest.fixture(autouse=True, scope="session")
def the_trail_may_be_emptied_between_tests():
    """Wrap SQLite's emptying of tables (PostgreSQL truncates, which fires no row trigger)."""
    if connection.vendor != "sqlite":
        yield
        return
    operations = type(connection.ops)
    plain = operations.sql_flush

    def flush(self, style, tables, **options):
        statements = plain(self, style, tables, **options)
        if "audit_event" in tables:
            statements = [*triggers.SQLITE_OFF, *statements, *triggers.SQLITE]
        if "safeguarding_entry" in tables:
            statements = [*safety.SQLITE_KEEPING_OFF, *statements, *safety.SQLITE_KEEPING]
        return statements

    operations.sql_flush = flush
    yield
    operations.sql_flush = plain
