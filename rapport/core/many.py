"""Writing a value of its own into each of many rows, by one statement.

Django's `bulk_update` asks each row about each value, so its time grows with the square. PostgreSQL is given the values
as a table that is joined. SQLite is given them one by one: by the figures it once counted of a table, it may read all
of it for each of them instead.
"""

from django.db import connection

BATCH = 500


def write_each(rows, names, *, while_empty=""):
    """Write these columns of each row. Returns how many were written.

    `while_empty`: of those alone in which this column is still empty.
    """
    return sum(write(rows[start : start + BATCH], names, while_empty) for start in range(0, len(rows), BATCH))


def write(rows, names, while_empty):
    meta = rows[0]._meta
    fields = [meta.get_field(name) for name in names]
    values = [[*said_by(row, fields), row.pk] for row in rows]
    words = one_by_one if connection.vendor == "sqlite" else joined
    empty = f" AND {column(meta.get_field(while_empty))} IS NULL" if while_empty else ""
    with connection.cursor() as cursor:
        words(cursor, meta, fields, values, empty)
        return cursor.rowcount


def one_by_one(cursor, meta, fields, values, empty):
    told = ", ".join(f"{name(field.column)} = %s" for field in fields)
    cursor.executemany(f"UPDATE {name(meta.db_table)} SET {told} WHERE {column(meta.pk)} = %s{empty}", values)  # noqa: S608


def joined(cursor, meta, fields, values, empty):
    told = ", ".join(f"{name(field.column)} = {cast(field, n)}" for n, field in enumerate(fields, 1))
    one = f"({', '.join(['%s'] * (len(fields) + 1))})"
    found = f"{column(meta.pk)} = {cast(meta.pk, len(fields) + 1)}"
    said = f"(VALUES {', '.join([one] * len(values))}) AS said"
    words = f"UPDATE {name(meta.db_table)} SET {told} FROM {said} WHERE {found}{empty}"  # noqa: S608
    cursor.execute(words, [value for row in values for value in row])


def column(field):
    return f"{name(field.model._meta.db_table)}.{name(field.column)}"


def name(words):
    return connection.ops.quote_name(words)


def said_by(row, fields):
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


def cast(field, number):
    """PostgreSQL is told of which kind a value is: a column of nothing but empty ones is text to it."""
    return f"CAST(said.column{number} AS {field.db_type(connection)})"
