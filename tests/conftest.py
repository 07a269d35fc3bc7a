"""What every test stands on: the cast, cheap passwords, and how much of each property is tried."""

import os

from hypothesis import HealthCheck, settings

FULL = bool(os.environ.get("RAPPORT_FULL"))

pytest_plugins = ["tests.cast", "tests.trail_flush", "tests.browser"]

slow_is_fine = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
settings.register_profile("small", max_examples=25, **slow_is_fine)
settings.register_profile("full", max_examples=1000, **slow_is_fine)
settings.load_profile("full" if FULL else "small")


def pytest_configure(config):
    from django.conf import settings as house

    house.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a test signs in a hundred times
    if house.IS_SQLITE:  # a file, so that other threads and processes can open it, as in a real install
        house.DATABASES["default"].setdefault("TEST", {})["NAME"] = os.environ["RAPPORT_DIR"] + "/test.sqlite3"


def pytest_report_header():
    from django.db import connection

    return f"database: {connection.vendor}, figures: {'full' if FULL else 'small'}"


def pytest_collection_modifyitems(items):
    """A test that asks for a browser is a browser's test."""
    for item in items:
        if {"browser", "phone", "desk"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
