"""A copy made by the command while a clock ticks and people answer: whole, silent, and only if it is what it was."""

import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import zipfile
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from tests.clock.conftest import ROOT, free_port
from tests.clock.test_serve import wait_for
from tests.conftest import FULL
from tests.walks.walker import A_PERSON, FEEL

PAIRS, COPIES = (12, 5) if FULL else (2, 1)
ANSWERS = 25  # of one ask within an hour; at thirty the page asks people to wait
COUNTED = ("checkins_answer", "checkins_ask", "outbox_message", "outbox_delivery", "matches_match", "people_person")


@pytest.fixture
def busy(places, founded):
    """An install whose links open now: pairs of a week ago, asked this morning."""
    place = places("busy", like=founded)
    place.bring_pairs(PAIRS, date.today() - timedelta(days=8), 0)
    walker = place.walker()
    this_morning = datetime.now(UTC) - timedelta(hours=1)
    while this_morning.hour not in range(10, 19):
        this_morning -= timedelta(hours=1)
    walker.tick(this_morning)
    place.paths = sorted(place.links(this_morning.date()).values())
    assert place.letters() == len(place.paths) == 3 * PAIRS
    return place


@pytest.fixture
def served(busy):
    """Its pages, served by a process of their own."""
    port = free_port()
    line = [sys.executable, "-m", "rapport", "serve", "--only", "web", "--port", str(port)]
    process = subprocess.Popen(
        line, env=busy.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    assert wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(60)


def answers(address):
    try:
        urllib.request.urlopen(address, timeout=10).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def ask(address, body=None):
    asked = urllib.request.Request(address, body, {"User-Agent": A_PERSON})
    with urllib.request.urlopen(asked, timeout=60) as page:
        return page.read().decode()


class Writer(threading.Thread):
    """Somebody who answers and answers anew until told to stop."""

    def __init__(self, address):
        super().__init__()
        self.address, self.stop, self.pressed, self.error = address, threading.Event(), 0, None

    def run(self):
        try:
            card = FEEL.search(ask(self.address + "?start=1"))[1]
            while not self.stop.is_set() and self.pressed < ANSWERS:
                ask(self.address, f"form_id=press-{self.pressed}&{card}={self.pressed % 5 + 1}".encode())
                self.pressed += 1
                time.sleep(0.05)
        except Exception as error:
            self.error = error


def test_a_copy_under_a_clock_and_answers_is_whole_silent_and_verified(busy, served, places, tmp_path):
    clock, hours = busy.walkers[0], count(1)
    writers, began = [Writer(served + path) for path in busy.paths], datetime.now(UTC)
    copies = [tmp_path / f"copy{n}.zip" for n in range(COPIES)]

    for writer in writers:
        writer.start()
    assert wait_for(lambda: all(writer.pressed or writer.error for writer in writers))
    for copy in copies:
        made = subprocess.Popen(
            [sys.executable, "-m", "rapport", "backup", str(copy)], env=busy.environment, cwd=ROOT, text=True,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        while made.poll() is None:
            clock.tick(began + timedelta(hours=next(hours)))
        assert made.communicate()[0].startswith("Copied and verified: ")
    for writer in writers:
        writer.stop.set()
        writer.join()

    assert [writer.error for writer in writers] == [None] * len(writers)
    print(f"{sum(writer.pressed for writer in writers)} answers while {COPIES} copies were made")
    for copy in copies:
        assert_whole_and_silent(copy, places(copy.stem))


def assert_whole_and_silent(copy, place):
    done = place.rapport("restore", copy)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(manifest(copy))["counts"]
    walker = place.walker()
    assert {table: rows_of(walker, table) for table in COUNTED} == {table: told[table] for table in COUNTED}
    said = walker("rows", sql="SELECT count(*) FROM audit_event WHERE verb = 'check-in.answered'")
    assert said == walker("rows", sql="SELECT count(*) FROM checkins_answer")
    assert place.rapport("audit", "verify").returncode == 0
    done = place.rapport("tick", "--deliver", "--json")
    assert (done.returncode, json.loads(done.stdout)["done"]["messages are handed over"]) == (0, 0)
    assert place.letters() == 0
    print(f"restored {sum(told.values())} rows, {said[0][0]} answers among them; no letter goes out again")


def manifest(copy):
    with zipfile.ZipFile(copy) as zipped:
        return zipped.read("manifest.json")


def rows_of(walker, table):
    return walker("rows", sql=f"SELECT count(*) FROM {table}")[0][0]


def test_a_damaged_copy_is_refused_with_one_line(founded, places, tmp_path):
    copy = tmp_path / "copy.zip"
    assert founded.rapport("backup", copy).returncode == 0
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2] + b"!" + whole[len(whole) // 2 + 1 :])
    place = places("new")

    done = place.rapport("restore", copy)

    words = "This is no whole backup of Rapport: it is damaged, or it is something else."
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"rapport restore: {words}\n")
    assert not place.folder.exists()
