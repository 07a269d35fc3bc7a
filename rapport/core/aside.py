"""Tables beside the real ones: what is written meanwhile goes into copies that nobody else sees, and is thrown away.

A temporary table stands before the real one of its name, on SQLite and PostgreSQL alike. So any action can be let run
for a look, on a copy of the rows it works on, without a lock that somebody else would wait for. What would write
anywhere else is refused.
"""

import re
from contextlib import contextmanager

from django.db import connection, transaction

WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?([\w.]+)"?', re.IGNORECASE)
POINTS = re.compile(r' REFERENCES "[^"]+" \("[^"]+"\)(?: DEFERRABLE INITIALLY DEFERRED)?')


class WritesElsewhere(Exception):
    """What runs aside would write a row that is real."""


@contextmanager
def aside(copied):
    """Inside, each of these tables is a copy with the rows that the condition names; all of it is gone afterwards.

    `copied`: {table: condition in SQL, "" for all}. Nothing inside waits for a write of others, nor do others wait.
    """
    with without_the_write_lock(), transaction.atomic():
        with connection.cursor() as cursor:
            make = {"sqlite": copy_on_sqlite, "postgresql": copy_on_postgresql}[connection.vendor]
            for table, condition in copied.items():
                make(cursor, table, f" WHERE {condition}" if condition else "")
        try:
            with connection.execute_wrapper(refuse_writes_but(copied)):
                yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def without_the_write_lock():
    """On SQLite a transaction of ours begins by taking the write lock; this one only reads what is real."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()  # which sets the mode anew
    before, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = before


def copy_on_sqlite(cursor, table, where):
    """A temporary table points at none: its rows may name what only the real tables hold."""
    cursor.execute("SELECT type, sql FROM main.sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [table])
    for kind, made_by in sorted(cursor.fetchall(), key=lambda row: row[0] != "table"):
        if kind == "table":
            cursor.execute(POINTS.sub("", made_by).replace("CREATE TABLE ", "CREATE TABLE temp.", 1))
            cursor.execute(f'INSERT INTO temp."{table}" SELECT * FROM main."{table}"{where}')  # noqa: S608
        elif kind == "index":
            cursor.execute(re.sub(r"^CREATE (UNIQUE )?INDEX ", r"CREATE \1INDEX temp.", made_by, count=1))


def copy_on_postgresql(cursor, table, where):
    cursor.execute("SELECT current_schema()")
    real = f'"{cursor.fetchone()[0]}"."{table}"'
    cursor.execute(f'CREATE TEMPORARY TABLE "{table}" (LIKE {real} INCLUDING ALL) ON COMMIT DROP')
    cursor.execute(f'INSERT INTO pg_temp."{table}" SELECT * FROM {real}{where}')  # noqa: S608
    cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attidentity <> ''", [real])
    for (column,) in cursor.fetchall():  # new rows go on counting after those that were copied
        cursor.execute(f'SELECT coalesce(max("{column}"), 0) + 1 FROM pg_temp."{table}"')  # noqa: S608
        cursor.execute(f'ALTER TABLE pg_temp."{table}" ALTER COLUMN "{column}" RESTART WITH {cursor.fetchone()[0]}')
    cursor.execute(f'ANALYZE pg_temp."{table}"')


def refuse_writes_but(tables):
    def look(execute, sql, params, many, context):
        found = WRITES.match(sql)
        if found and found[1] not in tables:
            raise WritesElsewhere(found[1])
        return execute(sql, params, many, context)

    return look
