"""A large network from one of its programs, copied within the database: the same rows with keys of their own.

Much faster than building each, and the same to every query: each copy is a program with its own people, matches,
staff and all that lies in it.
"""

from django.apps import apps
from django.db import connection, models, transaction

APART = 10_000_000  # between the keys of one copy and the next
SHARED = {"Organization", "Role", "Grant", "Watermark"}  # what programs have in common
NOT_COPIED = {"audit", "core", "clock", "demo"}
REF = 2  # letters of a random name that tell the copy


def copy(times: int) -> None:
    """Copy everything that stands, so many times."""
    copied = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("rapport.") and model._meta.app_label not in NOT_COPIED
        if model.__name__ not in SHARED and model._meta.managed and not model._meta.proxy
    ]
    most = {model: model.objects.count() for model in copied}
    statements = [statement(model, set(copied)) for model in copied if most[model]]
    for number in range(1, times + 1):
        with transaction.atomic(), connection.cursor() as cursor:
            for words in statements:
                cursor.execute(words.format(apart=number * APART, copy=f"c{number:x}-", mark=f"{number:02x}"))
    go_on_counting(copied)


def statement(model, copied):
    """The words that copy one table; only rows of the first program are read."""
    quote = connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    columns = ", ".join(quote(field.column) for field in fields)
    values = ", ".join(value(field, quote(field.column), copied) for field in fields)
    table, key = quote(model._meta.db_table), model._meta.pk
    first = f" WHERE {quote(key.column)} < {APART}" if is_key(key) else ""
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}{first}"


def value(field, column, copied):
    """What stands in a column of the copy."""
    to_copied = field.is_relation and field.related_model in copied
    if to_copied or is_key(field) or field.name == "about_id":
        return f"{column} + {{apart}}"
    if field.unique and isinstance(field, models.CharField) and field.max_length <= 64 and field.name != "slug":
        return f"substr({column}, 1, length({column}) - {REF}) || '{{mark}}'"
    if field.unique or (field.name in ("email", "slug") and field.model.__name__ in ("User", "Program")):
        return f"'{{copy}}' || {column}"
    return column


def is_key(field):
    return field.primary_key and isinstance(field, models.AutoField | models.BigAutoField)


def go_on_counting(copied):
    """PostgreSQL gives new rows the keys after the largest."""
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for words in connection.ops.sequence_reset_sql(no_style(), copied):
            cursor.execute(words)
