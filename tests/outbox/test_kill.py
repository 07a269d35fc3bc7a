"""Killed again and again in the middle of sending, the house loses nothing and doubles at most what was in flight.

Real processes, a real mail server, `kill -9`. The checker compares what the server took with what was queued.
"""

import random
import smtplib
import time
from collections import Counter

import pytest
from django.utils import timezone

from rapport.outbox import kinds
from rapport.outbox.actions import queue_many
from rapport.outbox.actions.queueing import Outgoing
from rapport.outbox.composing import message_id
from rapport.outbox.models import Message
from tests.conftest import FULL
from tests.forks import forks_of, kill

KILLS = 200 if FULL else 20
AT_ONCE = 500  # messages; as many again whenever few are left, so that every kill meets some in flight
AMID_LETTERS = 0.8  # of the kills come while letters leave, the others while a process begins
LONGEST = 600 if FULL else 90  # seconds before the test gives up
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(transactional_db, settings):
    """Start processes that deliver, and get their ids; all are gone at the end."""
    more = {"RAPPORT_SMTP": settings.SMTP_URL, "RAPPORT_LEASE": "1"}
    with forks_of("tests.outbox.worker", longest=LONGEST, **more) as start:
        yield start


def queued(ama, riverside, number):
    kinds.kind("tests/thanks", purpose=kinds.ESSENTIAL, wanted=lambda messages, at: messages, urgent=True)
    first = Message.objects.count()
    rows = [Outgoing(to=ama, about=riverside, key=f"kill:{n}") for n in range(first, first + number)]
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


def wait_for_a_letter(sink, earlier):
    until = time.monotonic() + LONGEST
    while len(sink.letters) == earlier and time.monotonic() < until:
        time.sleep(0.002)


def left_in_doubt(dead, earlier, sink, settings):
    """Letters that the server took from a process though it was killed before it could write that down."""
    with smtplib.SMTP(*settings.SMTP_URL.removeprefix("smtp://").split(":")) as server:
        server.ehlo()  # answered after all that the dead process had written has been read
    theirs = Message.objects.unsure().filter(claimed_by__endswith=f":{dead}").select_related("program")
    taken = {letter["Message-ID"] for _, letter in sink.letters[earlier:]}
    return [name for name in map(message_id, theirs) if name in taken]


def test_killed_in_the_middle_nothing_is_lost_and_at_most_what_was_in_flight_is_doubled(
    ama, riverside, sink, worker, settings
):
    wanted, chance = queued(ama, riverside, AT_ONCE), random.Random(7)
    kills, in_doubt = 0, Counter()

    while kills < KILLS:
        if Message.objects.waiting().count() < AT_ONCE / 2:
            wanted = queued(ama, riverside, AT_ONCE)
        earlier, process = len(sink.letters), worker()
        if chance.random() < AMID_LETTERS:
            wait_for_a_letter(sink, earlier)
        time.sleep(chance.uniform(0, 0.1))
        kill(process)
        kills += 1
        left = left_in_doubt(process, earlier, sink, settings)
        assert len(left) <= 1, f"kill {kills} left {len(left)} letters in doubt"
        in_doubt.update(left)
    worker()
    wait_until_all_are_sent()

    taken = Counter(sink.ids)
    doubled = (taken - wanted).total()
    print(f"{kills} kills, {len(wanted)} messages: {len(wanted - taken)} lost, {doubled} doubled")
    assert wanted - taken == Counter()
    assert taken - wanted == in_doubt  # each kill doubles the one letter it left in doubt, and no other
