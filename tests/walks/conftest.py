"""Installs to walk through: each in a folder (and a database) of its own, moved by the real command."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import psycopg
import pytest

from rapport.programs.profiles import FOLDER
from tests import warm
from tests.checkins.conftest import letters
from tests.clock.conftest import ROOT, environment
from tests.walks.oracle import ANOTHER_WAY, ASKED, REMINDED, TALK, Promised

SAMPLES = ROOT / "tests" / "samples" / "uk-civil-service-50"
TEN = time(10, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")  # where the demo's programs are
EVENTS = {
    "checkins/invitation": ASKED,
    "checkins/reminder": REMINDED,
    "checkins/talk-instead": TALK,
    "checkins/another-way": ANOTHER_WAY,
}
YOUTH, PROFESSIONAL = (Promised(FOLDER / f"{slug}.toml") for slug in ("youth-one-to-one", "professional"))
numbers = count()


class Walker:
    """A process that runs verbs in one install, and answers."""

    def __init__(self, place):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.walks.walker"], env=place.environment, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.answer() == "ready"

    def order(self, name, **given):
        self.process.stdin.write(json.dumps([name, given]) + "\n")
        self.process.stdin.flush()

    def answer(self):
        return json.loads(self.process.stdout.readline())

    def __call__(self, name, **given):
        self.order(name, **given)
        return self.answer()

    def verb(self, *line):
        """Run one verb that must end with 0. Returns what it printed."""
        done = self("verb", line=list(line))
        assert (done["code"], done["err"]) == (0, ""), done
        return done["out"]

    def tick(self, at):
        """Returns what the clock did."""
        return json.loads(self.verb("tick", "--at", at.isoformat(), "--deliver", "--json"))["done"]

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(60)


class Place:
    """One install: a folder and, where the tests run on PostgreSQL, a database."""

    def __init__(self, folder, like=None):
        self.folder, self.walkers, self.database, self.read = folder, [], "", set()
        self.mailbox = folder / "mailbox"
        self.environment = environment(RAPPORT_DIR=str(folder), PYTHONPATH=str(ROOT))
        if like:
            shutil.copytree(like.folder, folder)
        if os.environ.get("RAPPORT_TEST_DB") == "postgres":
            self.database = f"walk_{os.getpid()}_{next(numbers)}"
            server(f"CREATE DATABASE {self.database}" + (f" TEMPLATE {like.database}" if like else ""))
            self.environment["DATABASE_URL"] = os.environ["DATABASE_URL"].replace("/postgres?", f"/{self.database}?")

    def rapport(self, *line):
        """Run a verb as a process of its own, as a person does."""
        return warm.run("rapport", *line, env=self.environment)

    def bring_pairs(self, number, first, every_days, *more):
        warm.run("tests.walks.pairs", number, first, every_days, *more, env=self.environment).check_returncode()

    def walker(self):
        self.walkers.append(Walker(self))
        return self.walkers[-1]

    def leave(self):
        for walker in self.walkers:
            walker.close()
        if self.database:
            server(f"DROP DATABASE {self.database} WITH (FORCE)")

    def links(self, on):
        """{address: path of the link} in the letters that came since the last look and were written on that day."""
        files = set(self.mailbox.glob("*.eml"))
        new, self.read = letters(files - self.read), files
        return {to: path for to, _subject, at, path in new if path and at.date() == on}

    def links_of(self, address):
        """Every link this address got, oldest first."""
        all_ = letters(self.mailbox.glob("*.eml"))
        return [path for to, _subject, _at, path in all_ if path and to == address]

    def letters(self):
        return len(list(self.mailbox.glob("*.eml")))


def server(statement):
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute(statement)


@pytest.fixture
def places(tmp_path):
    """Make places; all of them are left at the end."""
    made = []

    def make(name, like=None):
        made.append(Place(tmp_path / name, like))
        return made[-1]

    yield make
    for place in made:
        place.leave()


@pytest.fixture(scope="session")
def founded(tmp_path_factory):
    """An install with the demo's programs and staff and nobody else, to be copied; founded in October 2026."""
    place = Place(tmp_path_factory.mktemp("walks") / "founded")
    place.bring_pairs(0, date(2026, 10, 26), 0, "--found")
    yield place
    place.leave()


def mornings(first, days, every=1):
    """Ten o'clock of these days."""
    return [datetime.combine(first + timedelta(days=n), TEN) for n in range(0, days + 1, every)]


def happened(walker):
    """Everything the clock did about asking: rows of (person, what, day), one for each time."""
    sent = walker("rows", sql="SELECT to_id, kind, final_at, state FROM outbox_message WHERE kind LIKE 'checkins/%'")
    made = walker("rows", sql="SELECT person_id, kind, made_at, '' FROM tasks_task WHERE kind LIKE 'checkins/%'")
    assert {state for *_, state in sent} <= {"accepted"}
    return [(person, EVENTS[kind], date.fromisoformat(at[:10])) for person, kind, at, _ in sent + made]


def addresses(walker):
    """{person: address}"""
    return dict(walker("rows", sql="SELECT person_id, value FROM people_contactpoint WHERE kind = 'email'"))
