"""Writing a value of its own into each of many rows, by one statement.

Django's `bulk_update` asks each row about each value, so its time grows with the square; here the values are a table
that is joined, on SQLite as on PostgreSQL.
"""

from django.db import connection

BATCH = 500


def write_each(rows, names, *, while_empty=""):
    """Write these columns of each row. Returns how many were written.

    `while_empty`: of those alone in which this column is still empty.
    """
    return sum(write(rows[start : start + BATCH], names, while_empty) for start in range(0, len(rows), BATCH))


def write(rows, names, while_empty):
    meta, quote = rows[0]._meta, connection.ops.quote_name
    fields = [meta.get_field(name) for name in names]
    table, key = quote(meta.db_table), quote(meta.pk.column)
    told = ", ".join(f"{quote(f.column)} = {cast(f, n)}" for n, f in enumerate(fields, 2))
    one = f"({', '.join(['%s'] * (len(fields) + 1))})"
    values = ", ".join([one] * len(rows))
    words = f"UPDATE {table} SET {told} FROM (VALUES {values}) AS said WHERE {table}.{key} = {cast(meta.pk, 1)}"  # noqa: S608
    if while_empty:
        words += f" AND {unsought(f'{table}.{quote(meta.get_field(while_empty).column)}')} IS NULL"
    with connection.cursor() as cursor:
        cursor.execute(words, [value for row in rows for value in (row.pk, *said_by(row, fields))])
        return cursor.rowcount


def unsought(column):
    """Rows are found by their keys. By its figures SQLite may look for all empty ones instead, each in all values."""
    return f"+{column}" if connection.vendor == "sqlite" else column


def said_by(row, fields):
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


def cast(field, number):
    """PostgreSQL is told of which kind a value is: a column of nothing but empty ones is text to it."""
    if connection.vendor == "sqlite":
        return f"said.column{number}"
    return f"CAST(said.column{number} AS {field.db_type(connection)})"
