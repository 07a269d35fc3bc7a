"""One pass of the clock: in order, once, sealed, seen from outside, and never moved through time but in a demo."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.audit.actions import record, verify
from rapport.clock import timetable
from rapport.clock.actions import ClockMayNotJump, may_tell, tick
from rapport.clock.timetable import TIMETABLE, Entry
from rapport.core.models import Heartbeat
from rapport.outbox.models import Message
from rapport.tasks.models import Task
from tests.at_once import at_once
from tests.cast import DAY, MONDAY
from tests.clock.conftest import rapport

MINUTE = timedelta(minutes=1)


def test_a_tick_seals_the_trail_and_beats(riverside, cora):
    record("match.paused", about=riverside, by=cora, at=MONDAY)

    done = tick(at=MONDAY)

    beat = Heartbeat.objects.get(name="clock")
    assert list(done) == [entry.name for entry in TIMETABLE]
    assert (verify()["unsealed"], verify()["broken"]) == (0, None)
    assert beat.facts == {"told": MONDAY.isoformat(), "done": done}
    assert timezone.now() - beat.beat_at < MINUTE


def test_a_second_tick_at_the_same_moment_does_nothing_more(match):
    tick(at=MONDAY)

    assert tick(at=MONDAY) == dict.fromkeys([entry.name for entry in TIMETABLE], 0)


def test_what_is_left_after_one_batch_is_done_in_the_next(riverside, cora):
    for number in range(7):
        record("match.paused", about=riverside, by=cora, at=MONDAY, number=number)

    done = tick(at=MONDAY, batch=2)

    assert done["the trail is sealed"] >= 7
    assert verify()["unsealed"] == 0


def test_what_stumbles_keeps_nothing_else_from_being_done_but_the_clock_does_not_beat(riverside, cora, monkeypatch):
    def stumble(*, at, limit):
        raise ValueError("the library is on fire")

    monkeypatch.setattr("rapport.clock.actions.TIMETABLE", [Entry("stumbles", stumble), *TIMETABLE])
    record("match.paused", about=riverside, by=cora, at=MONDAY)

    with pytest.raises(ValueError, match="on fire"):
        tick(at=MONDAY)

    assert verify()["unsealed"] == 0
    assert not Heartbeat.objects.filter(name="clock").exists()


@pytest.mark.parametrize(("moved", "allowed"), [(DAY, False), (-DAY, True), (timedelta(0), True)])
def test_outside_a_demo_no_time_to_come_is_told(db, settings, moved, allowed):
    settings.IS_DEMO = False
    at = timezone.now() + moved

    if allowed:
        assert may_tell(at, now=timezone.now()) == at
    else:
        with pytest.raises(ClockMayNotJump, match="demo only"):
            may_tell(at, now=timezone.now())


def test_outside_a_demo_the_clock_never_goes_back(db, settings):
    settings.IS_DEMO = False
    tick(at=MONDAY)

    with pytest.raises(ClockMayNotJump, match="only a demo goes back"):
        may_tell(MONDAY - MINUTE, now=MONDAY + DAY)

    assert may_tell(MONDAY, now=MONDAY + DAY) == MONDAY


def test_a_demo_goes_back_and_forth(db, settings):
    settings.IS_DEMO = True
    tick(at=MONDAY)

    assert may_tell(MONDAY - DAY, now=MONDAY) == MONDAY - DAY
    assert may_tell(MONDAY + 400 * DAY, now=MONDAY) == MONDAY + 400 * DAY


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_do_everything_once(match, ama, ben, grace):
    for number in range(60):
        record("match.paused", about=match, by=None, at=MONDAY, number=number)

    def clock():
        for day in range(10):
            tick(at=MONDAY + day * DAY, batch=7)

    at_once(clock)
    tick(at=MONDAY + 10 * DAY)

    found = verify()
    assert (found["broken"], found["unsealed"]) == (None, 0)
    assert no_doubles(Message.objects.values_list("dedupe_key", flat=True))
    assert no_doubles(Task.objects.values_list("cause_key", flat=True))


def no_doubles(keys):
    keys = list(keys)
    return len(keys) == len(set(keys))


def test_another_clock_that_seals_just_now_is_left_to_it(db, monkeypatch):
    def busy(*, limit):
        raise timetable.audit.AlreadySealed("row 7")

    monkeypatch.setattr(timetable.audit, "seal_next", busy)

    assert timetable.seal_the_trail(at=MONDAY, limit=5) == 0


def test_the_verb_ticks_and_says_what_it_did(install):
    done = rapport("tick", "--json", "--deliver", "--dir", install)

    said = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(said["done"]) == [*(entry.name for entry in TIMETABLE), "messages are handed over"]


@pytest.mark.parametrize("at", ["2999-01-01T09:00", "2999-01-01T09:00+02:00"])
def test_the_verb_refuses_a_time_to_come(install, at):
    done = rapport("tick", "--at", at, "--dir", install)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "rapport tick: A time to come can be told to a demo only.\n"
