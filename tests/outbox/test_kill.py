"""Killed again and again in the middle of sending, the house loses nothing and doubles at most what was in flight.

Real processes, a real mail server, `kill -9`. The checker compares what the server took with what was queued.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from rapport.outbox.actions import queue_many
from rapport.outbox.actions.queueing import Outgoing
from rapport.outbox.composing import message_id
from rapport.outbox.models import Message
from tests.conftest import FULL

KILLS = 200 if FULL else 20
MESSAGES = 4000 if FULL else 500
LONGEST = 600 if FULL else 90  # seconds before the test gives up
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def real_database(settings):
    """The test's database by its real address, so that other processes can open it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgresql://postgres@/{name}?host={connection.settings_dict['OPTIONS']['host']}"


@pytest.fixture
def worker(real_database, settings):
    """Start processes that deliver; all are gone at the end."""
    running = []

    def start():
        environment = {
            **os.environ,
            "DATABASE_URL": real_database,
            "RAPPORT_SMTP": settings.SMTP_URL,
            "RAPPORT_LEASE": "1",
            "DJANGO_SETTINGS_MODULE": "rapport.settings",
        }
        command = [sys.executable, "-m", "tests.outbox.worker", str(LONGEST)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n"
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()


def queued(ama, riverside, number):
    from rapport.outbox import kinds

    kinds.kind("tests/thanks", purpose=kinds.ESSENTIAL, wanted=lambda messages, at: messages, urgent=True)
    rows = [Outgoing(to=ama, about=riverside, key=f"kill:{n}") for n in range(number)]
    queue_many("tests/thanks", rows, program=riverside, at=timezone.now())
    kinds.KINDS.pop("tests/thanks")
    return Counter(message_id(message) for message in Message.objects.all())


def wait_until_all_are_sent():
    until = time.monotonic() + LONGEST
    while Message.objects.waiting().exists() and time.monotonic() < until:
        time.sleep(0.1)


def test_without_a_kill_each_message_arrives_exactly_once(ama, riverside, sink, worker):
    wanted = queued(ama, riverside, 100)

    worker()
    worker()
    wait_until_all_are_sent()

    assert Counter(sink.ids) == wanted


def test_killed_in_the_middle_nothing_is_lost_and_at_most_what_was_in_flight_is_doubled(ama, riverside, sink, worker):
    wanted, kills, chance = queued(ama, riverside, MESSAGES), 0, random.Random(7)
    process = worker()

    while kills < KILLS and Message.objects.waiting().exists():
        time.sleep(chance.uniform(0.01, 0.15))
        process.kill()
        process.wait()
        kills += 1
        process = worker()
    wait_until_all_are_sent()

    taken = Counter(sink.ids)
    doubled = sum(taken.values()) - len(taken)
    print(f"{kills} kills, {MESSAGES} messages: {len(wanted - taken)} lost, {doubled} doubled")
    assert set(taken) == set(wanted)
    assert doubled <= kills
    assert kills == KILLS
