"""What a change will send is what the clock then sends; to look at it keeps nothing, locks nothing and has no size."""

import os
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rapport.checkins.actions.handing import TALKS
from rapport.clock.actions import deliver, tick
from rapport.core.months import day_in
from rapport.meetings.models import Plan
from rapport.outbox.models import Message
from rapport.portal.ahead import changes, playing
from rapport.portal.ahead.changes import Change
from rapport.programs.models import Limit, Program, Promise
from rapport.tasks.models import Task
from tests.cast import MONDAY

FULL = bool(os.environ.get("RAPPORT_FULL"))
DAY = timedelta(days=1)
MORNING = MONDAY
SETTINGS = "/p/riverside/settings/"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def few_days(monkeypatch, settings, tmp_path):
    """A clock that looks every twelve hours of nine days; by full figures every hour of thirty days."""
    settings.MAILBOX = tmp_path / "mailbox"
    if not FULL:
        monkeypatch.setattr(playing, "GRID", 12 * HOUR)
        monkeypatch.setattr(playing, "DAYS", 9)


@pytest.fixture
def meeting_weekly(match):
    return Plan.objects.create(
        program=match.program, match=match, weekday=1, starts_at="15:30", minutes=60, from_on=date(2026, 11, 1)
    )


def live(program):
    """The clock ticks and the post goes, until those days are over; twice each time, as it looks again so soon."""
    now, until = MORNING, MORNING + playing.DAYS * DAY
    while now <= until:
        for _look in range(2):
            tick(at=now)
            deliver(at=now)
        now = playing.on_the_grid(now + timedelta(seconds=1), program)


def really_sent(program):
    went = Message.objects.filter(program=program, state="accepted", final_at__gte=MORNING)
    return Counter((day_in(m.final_at, program.zone), m.kind, m.to_id) for m in went)


def really_called(program):
    came = Task.objects.filter(program=program, kind__in=TALKS, made_at__gte=MORNING)
    return Counter((day_in(task.made_at, program.zone), task.kind) for task in came)


def talks(played):
    return Counter({(day, kind): n for (day, kind), n in played.calls.items() if kind in TALKS})


LIMITS = {
    "remind-after": (1, 6), "hand-over-after-reminder": (1, 6), "hand-over-after-sending": (1, 6), "ask-hour": (0, 23),
    "asks-in-30-days": (1, 4), "asks-in-30-days-mentor": (1, 5), "quiet-from": (15, 23), "quiet-until": (5, 12),
    "plan-ahead": (1, 28),
}  # fmt: skip


@st.composite
def change_of_a_setting(draw):
    what = draw(st.sampled_from(["limit", "promise", "off", "close-days", "quiet-end"]))
    if what == "limit":
        code = draw(st.sampled_from(sorted(LIMITS)))
        return what, code, {"value": draw(st.integers(*LIMITS[code]))}
    if what == "close-days":
        first = date(2026, 11, 16) + timedelta(days=draw(st.integers(0, 9)))
        days = {"starts_on": str(first), "ends_on": str(first + timedelta(days=draw(st.integers(0, 7))))}
        return what, "", {"kind": "holiday", "name": "", **days}
    code = draw(st.sampled_from(["ask-mentor", "ask-mentee", "ask-guardian"]))
    if what == "off":
        return "promise", code, {"is_on": False, "why_off": "We talk instead"}
    if what == "promise":
        return what, code, {"every": draw(st.integers(1, 3)), "unit": draw(st.sampled_from(["days", "weeks"]))}
    return what, "", {"quiet_start": False}


def made(said, program):
    what, code, now = said
    if what == "quiet-end":
        Program.objects.filter(pk=program.pk).update(quiet_start=True)
        program.refresh_from_db()
        return Change(what, was={"quiet_start": True}, now=now)
    rule = (Limit if what == "limit" else Promise).objects.filter(program=program, code=code).first()
    return Change(what, code, {name: getattr(rule, name) for name in now} if rule else {}, now)


@pytest.mark.django_db
@settings(max_examples=40 if FULL else 3, phases=[Phase.explicit, Phase.generate])
@given(said=change_of_a_setting(), weekly=st.booleans())
def test_what_is_said_is_what_the_clock_then_sends(said, weekly, request, transactional_rounds):
    with transactional_rounds():
        riverside, cora = request.getfixturevalue("riverside"), request.getfixturevalue("cora")
        if weekly:
            asks = Promise.objects.filter(program=riverside, kind="check-in")
            asks.update(every=1, unit="weeks", first_days=[], grace_days=5)
        change = made(said, riverside)
        tick(at=MORNING)

        played = playing.play(riverside, change, by=cora, at=MORNING)
        changes.apply(change, riverside, by=cora, at=MORNING)
        live(Program.objects.get(pk=riverside.pk))

        assert really_sent(riverside) == played.sent
        assert really_called(riverside) == talks(played)


@pytest.fixture
def transactional_rounds(match, meeting_weekly):
    """Each round of the property begins with the same pair, and takes back what it did."""
    from contextlib import contextmanager

    from django.db import transaction

    @contextmanager
    def one_round():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return one_round
