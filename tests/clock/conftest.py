"""Running the command as a person would, in folders of its own."""

import os
import socket
import sqlite3
from pathlib import Path

import pytest

from tests import warm

ROOT = Path(__file__).resolve().parents[2]


def environment(**more):
    """The environment of a machine that was told nothing about Rapport."""
    ours = ("DATABASE_URL", "RAPPORT_DIR", "RAPPORT_TEST_DB", "DJANGO_SETTINGS_MODULE", "RAPPORT_SMTP")
    return {**{name: value for name, value in os.environ.items() if name not in ours}, **more}


def rapport(*arguments, cwd=ROOT, **more):
    """Run one verb to its end. Returns the finished process, with its words as text."""
    return warm.run("rapport", *arguments, cwd=cwd, env=environment(PYTHONPATH=str(ROOT), **more))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as place:
        return place.getsockname()[1]


def rows(folder, statement, *values):
    """What a query on an install's own database says."""
    with sqlite3.connect(f"file:{folder / 'rapport.sqlite3'}?mode=ro", uri=True) as database:
        return database.execute(statement, values).fetchall()


@pytest.fixture(scope="session")
def install(tmp_path_factory):
    """A folder of an install that is no demo, with one program; nobody changes it."""
    folder = tmp_path_factory.mktemp("install") / "data"
    made = warm.run("tests.clock.install", env=environment(RAPPORT_DIR=str(folder)))
    assert made.returncode == 0, made.stderr
    return folder
