"""How the database is asked to plan: for many short questions of pages."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_postgres_compiles_no_question_and_takes_disks_as_they_are():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has neither")
    said = {}

    with connection.cursor() as cursor:
        for name in ("jit", "random_page_cost"):
            cursor.execute(f"SHOW {name}")
            said[name] = cursor.fetchone()[0]

    assert said == {"jit": "off", "random_page_cost": "1.1"}
