"""Between tests that really commit, every table that holds a row is emptied, and the roles are made anew.

Django would empty each of two hundred tables, most of them empty, and then make all kinds of records and rights of its
own again; no test changes those. The trail's triggers stand aside for just that moment.
"""

import os
from functools import cache

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from rapport.access.actions import refresh_roles
from rapport.audit import triggers
from rapport.safeguarding import triggers as safety

STAYS = {"django_content_type", "auth_permission"}  # made with the tables
OFF = {"sqlite": [*triggers.SQLITE_OFF, *safety.SQLITE_KEEPING_OFF]}
ON = {"sqlite": [*triggers.SQLITE, *safety.SQLITE_KEEPING]}
OFF["postgresql"] = ["SET LOCAL session_replication_role = replica"]  # no trigger fires, no key is looked after


@pytest.fixture(autouse=True, scope="session")
def the_trail_may_be_emptied_between_tests():
    """On SQLite, and on the tests' own PostgreSQL, where we may do all; on any other Django truncates."""
    if connection.vendor == "postgresql" and "/rapport-pg-" not in os.environ["DATABASE_URL"]:
        yield
        return
    plain = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _test: empty()
    yield
    TransactionTestCase._fixture_teardown = plain


def empty():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables()))
        filled = [name for (name,) in cursor.fetchall()]
        deletions = [f"DELETE FROM {name}" for name in filled]
        for statement in (*OFF[connection.vendor], *deletions, *ON.get(connection.vendor, ())):
            cursor.execute(statement)
    with transaction.atomic():
        refresh_roles()


@cache
def tables():
    """Of every model, those between two of them among them."""
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    return [connection.ops.quote_name(name) for name in sorted(names - STAYS)]
