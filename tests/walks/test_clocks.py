"""Two clocks at once are one clock; a clock that stood still catches up without a storm."""

import json
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta

import pytest

from tests.clock.conftest import ROOT
from tests.clock.test_serve import wait_for
from tests.conftest import FULL
from tests.walks.conftest import LONDON, YOUTH, happened, mornings
from tests.walks.oracle import EXACT, compared
from tests.walks.test_first_weeks import is_reader, live, owed_in

FIRST = date(2026, 11, 2)
PAIRS = 12 if FULL else 2
WEEKS = 6 if FULL else 2
BEATS = "SELECT 1 FROM core_heartbeat WHERE name = 'clock'"
LETTERS = """SELECT m.to_id, m.is_urgent FROM outbox_delivery d JOIN outbox_message m ON m.id = d.message_id
    WHERE d.id > {} ORDER BY d.id"""


def differences(one, other):
    """{table: what only the one holds, and what only the other}, of two states."""
    differing = [table for table in one if one[table] != other[table]]
    return {table: (only(one[table], other[table]), only(other[table], one[table])) for table in differing}


def only(here, there):
    return list(Counter(here) - Counter(there))[:2]


@pytest.fixture
def young(places, founded):
    place = places("young", like=founded)
    place.bring_pairs(PAIRS, FIRST, 2)
    return place


def test_two_clocks_at_the_same_moments_do_what_one_does(young, places):
    other = places("twice", like=young)
    alone, two = young.walker(), [other.walker(), other.walker()]

    for at in mornings(FIRST, WEEKS * 7):
        alone.tick(at)
        for clock in two:
            clock.order("verb", line=["tick", "--at", at.isoformat(), "--deliver"])
        assert [clock.answer()["code"] for clock in two] == [0, 0]

    one, both = alone("state"), two[0]("state")
    print(f"{sum(map(len, one.values()))} kinds of rows in {len(one)} tables")
    assert differences(one, both) == {}
    assert one["outbox.delivery"]
    assert young.letters() == other.letters() > 0


def test_two_clock_processes_of_serve_do_what_one_does(places, founded):
    """By the machine's own time: every pair of a week ago is due just now, and both clocks begin at once."""
    alone, both = places("alone", like=founded), places("both", like=founded)
    for place in (alone, both):
        place.bring_pairs(PAIRS, date.today() - timedelta(days=8), 0)

    for place, number in ((alone, 1), (both, 2)):
        line = [sys.executable, "-m", "rapport", "serve", "--only", "clock"]
        clocks = [
            subprocess.Popen(line, env=place.environment, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(number)
        ]
        walker = place.walker()
        assert wait_for(lambda walker=walker: walker("rows", sql=BEATS))
        time.sleep(6 if FULL else 1)
        for clock in clocks:
            clock.terminate()
        assert [clock.wait(60) for clock in clocks] == [0] * number

    one, two = (place.walkers[0]("state", without_moments=True) for place in (alone, both))
    assert differences(one, two) == {}
    assert sum(one["checkins.ask"].values()) in (0, 3 * PAIRS)  # none where it is not yet nine o'clock


def test_a_clock_that_stood_still_for_three_days_brings_no_storm(young):
    walker = young.walker()
    people = owed_in(walker, is_reader)
    before = mornings(FIRST, 7)
    live(young, walker, people, before)
    last = before[-1] + timedelta(hours=3)
    path = young.links_of("child0@example.org")[-1]
    assert walker("press", path=path, at=last.isoformat(), worry="yes") == 200
    stood = walker("rows", sql="SELECT max(id) FROM outbox_delivery")[0][0]

    back = [before[-1] + timedelta(days=4)]
    live(young, walker, people, back)

    letters = walker("rows", sql=LETTERS.format(stood))
    urgent = [bool(is_urgent) for _to, is_urgent in letters]
    ordinary = Counter(to for to, is_urgent in letters if not is_urgent)
    assert urgent == sorted(urgent, reverse=True)
    assert any(urgent)
    assert set(ordinary.values()) == {1}

    after = [back[0] + timedelta(days=n) for n in range(1, 7 * WEEKS)]
    live(young, walker, people, after)
    ticks = [*before, *back, *after]
    expected = sum((YOUTH.events(one, ticks, LONDON) for one in people), Counter())
    print(f"after three days: {sum(urgent)} urgent letters first, then {sum(ordinary.values())}, one a person")
    assert compared(Counter(happened(walker)), expected) == EXACT


def test_status_says_that_it_stood_still(founded):
    done = founded.rapport("status", "--json")

    assert done.returncode == 0
    assert "the clock has not ticked for five minutes" in json.loads(done.stdout)["warnings"]
