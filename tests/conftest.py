"""What every test stands on: the cast, cheap passwords, and how much of each property is tried."""

import gc
import logging
import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

from tests import migrated

FULL = bool(os.environ.get("RAPPORT_FULL"))
AGAIN = os.environ.get("RAPPORT_TEST_DB") == "postgres" and not FULL  # what SQLite was asked is asked a second time

pytest_plugins = [
    "tests.cast", "tests.once", "tests.founded", "tests.of_staff", "tests.spent",
    "tests.trail_flush", "tests.browser", "tests.spread",
]  # fmt: skip

slow_is_fine = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
settings.register_profile("small", max_examples=15, **slow_is_fine)
settings.register_profile("again", max_examples=5, **slow_is_fine)
settings.register_profile("full", max_examples=1000, **slow_is_fine)
settings.load_profile("full" if FULL else "again" if AGAIN else "small")


LEFT_OUT = pytest.StashKey[Counter]()  # of a run on PostgreSQL: how many tests for which reason


def pytest_configure(config):
    from django.conf import settings as house
    from django.middleware import csrf

    migrated.reuse()
    config.stash[LEFT_OUT] = Counter()
    house.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a test signs in a hundred times
    csrf.CSRF_ALLOWED_CHARS = "bcdfghjklmnpqrstvwxz"  # by chance a form's token says neither Ben nor 555
    logging.getLogger("django.request").setLevel(logging.ERROR)  # strangers meet a 404 some ten thousand times
    if house.IS_SQLITE:  # a file, so that other threads and processes can open it, as in a real install
        here = house.DATABASES["default"]
        here.setdefault("TEST", {})["NAME"] = os.environ["RAPPORT_DIR"] + "/test.sqlite3"
        here["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # no test cuts the power
        here["OPTIONS"]["cached_statements"] = 1000  # what one test asks the next asks, too; a page alone asks up to 70


@pytest.fixture(autouse=True)
def english_again():
    """A page in another language leaves that language to its thread until the next page; not to the next test."""
    yield
    from django.utils.translation import deactivate

    deactivate()


def pytest_report_header():
    from django.db import connection

    return f"database: {connection.vendor}, figures: {'full' if FULL else 'small'}"


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL run what it could change: neither a browser's tests, nor those that ask no database."""
    for item in items:
        if {"browser", "phone", "desk"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
    if os.environ.get("RAPPORT_TEST_DB") == "postgres":
        why = {item: needless(item) for item in items}
        config.stash[LEFT_OUT].update(filter(None, why.values()))
        config.hook.pytest_deselected(items=[item for item in items if why[item]])
        items[:] = [item for item in items if not why[item]]


def pytest_collection_finish():
    """What is loaded by now stays; that garbage is not looked for there again saves a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def needless(item):
    """Why a test tells nothing more on PostgreSQL; empty if it does."""
    if item.get_closest_marker("browser"):
        return "need a browser"
    asks = {"db", "transactional_db", "django_db_setup", "live_server"} & set(getattr(item, "fixturenames", ()))
    return "" if asks or item.get_closest_marker("django_db") else "ask no database"


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Each worker of xdist has left out the same."""
    node.config.stash[LEFT_OUT] = Counter(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(session.config.stash[LEFT_OUT])


def pytest_terminal_summary(terminalreporter, config):
    for why, number in config.stash[LEFT_OUT].items():
        terminalreporter.write_line(f"SKIPPED [{number}] tests that {why}: they run on SQLite alone")
