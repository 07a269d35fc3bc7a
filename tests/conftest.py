"""What every test stands on: a folder of its own, SQLite or a real PostgreSQL, and the cast.

RAPPORT_TEST_DB=postgres runs on PostgreSQL, RAPPORT_FULL=1 at full figure (`bin/test` sets both).
"""

import atexit
import os
import shutil
import tempfile

from hypothesis import HealthCheck, settings

from tests import postgres

FULL = bool(os.environ.get("RAPPORT_FULL"))

os.environ["RAPPORT_DIR"] = tempfile.mkdtemp(prefix="rapport-test-")
atexit.register(shutil.rmtree, os.environ["RAPPORT_DIR"], ignore_errors=True)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps an event loop in the tests' thread
if os.environ.get("RAPPORT_TEST_DB") == "postgres" and not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = postgres.start()  # workers inherit it

pytest_plugins = ["tests.cast", "tests.trail_flush", "tests.browser"]

slow_is_fine = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
settings.register_profile("small", max_examples=25, **slow_is_fine)
settings.register_profile("full", max_examples=1000, **slow_is_fine)
settings.load_profile("full" if FULL else "small")


def pytest_configure(config):
    """Cheap passwords, for a test signs in a hundred times."""
    from django.conf import settings as house

    house.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items):
    """A test that asks for a browser is a browser's test."""
    for item in items:
        if {"browser", "phone", "desk"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
