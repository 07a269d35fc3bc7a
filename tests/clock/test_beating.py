"""Whoever does the long work says so all the while, however long one piece of it takes."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.clock import beating
from rapport.core.models import Heartbeat


def comes_true(claim, seconds=20):
    until = time.monotonic() + seconds
    while not claim() and time.monotonic() < until:
        time.sleep(0.01)
    return claim()


def an_hour_goes_by():
    Heartbeat.objects.update(beat_at=timezone.now() - timedelta(hours=1))


@pytest.mark.django_db(transaction=True)
def test_a_piece_that_takes_an_hour_is_worked_on_all_the_while_and_not_when_the_process_is_gone(monkeypatch):
    monkeypatch.setattr(beating, "EVERY", 0.01)
    assert not Heartbeat.objects.somebody_works()

    with beating.beating("work"):
        for _hour in range(3):
            assert comes_true(Heartbeat.objects.somebody_works)
            an_hour_goes_by()
    an_hour_goes_by()

    assert not comes_true(Heartbeat.objects.somebody_works, seconds=0.1)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_for_a_moment_ends_neither_the_work_nor_the_beats(monkeypatch):
    monkeypatch.setattr(beating, "EVERY", 0.01)
    kept, away = beating.beat, []

    def beat(*args, **more):
        if len(away) < 2:
            away.append(args)
            raise beating.DatabaseError("the database is away")
        kept(*args, **more)

    monkeypatch.setattr(beating, "beat", beat)

    with beating.beating("work"):
        assert comes_true(Heartbeat.objects.somebody_works)
    assert len(away) == 2
