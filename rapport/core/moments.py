"""Moments that PostgreSQL tells, read at once: Django takes each apart in Python, which takes eight times as long."""

from datetime import UTC, datetime

from django.db.backends.signals import connection_created

NAME = "timestamptz"


def install() -> None:
    """From here on every connection reads them so; a moment that Python has no number for stays Django's to refuse."""
    connection_created.connect(teach, dispatch_uid=__name__)


def teach(connection, **_signal) -> None:
    if connection.vendor == "postgresql" and connection.timezone is UTC:
        from psycopg.pq import Format  # a house on SQLite loads no driver of PostgreSQL

        told = connection.connection.adapters
        known = told.get_loader(told.types[NAME].oid, Format.TEXT)
        told.register_loader(NAME, known if hasattr(known, "is_at_once") else at_once(known))


def at_once(known):
    """The loader that Django put in, asked only where the words are not in the standard form."""

    class AtOnce(known):
        is_at_once = True

        def load(self, data):
            try:
                return datetime.fromisoformat(str(data, "ascii"))
            except ValueError:
                return super().load(data)

    return AtOnce
