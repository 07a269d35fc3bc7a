"""Whether the house is well: for a machine at /healthz, for staff above every page."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from rapport.clock.actions import tick
from rapport.clock.apps import the_clock_stands_still
from rapport.core.actions import beat
from tests.cast import MONDAY

SIX_MINUTES = timedelta(minutes=6)


def test_a_house_whose_clock_never_ticked_is_not_well(client, db):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (503, {"well": False})


def test_after_a_tick_it_is_well(client, db):
    tick(at=MONDAY)

    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"well": True})


def test_five_minutes_after_the_last_beat_it_is_not(client, db):
    beat("clock", at=timezone.now() - SIX_MINUTES)

    assert client.get("/healthz").status_code == 503


def test_a_database_that_does_not_answer_is_503_and_no_error_page(client, db, monkeypatch):
    def silent(*_):
        raise DatabaseError("gone")

    monkeypatch.setattr("rapport.clock.views.Heartbeat.objects.stands_still", silent)

    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (503, {"well": False})


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_cannot_be_made_to_do_anything(client, db, method):
    assert getattr(client, method)("/healthz").status_code in (403, 405, 503)


def test_staff_are_told_that_the_clock_stands_still(rf, riverside):
    request = rf.get("/")
    request.program = riverside

    before = the_clock_stands_still(request)
    tick(at=MONDAY)

    assert before.startswith("The clock stands still")
    assert the_clock_stands_still(request) is None


def test_nobody_is_told_on_pages_of_no_program(rf, db):
    assert the_clock_stands_still(rf.get("/")) is None


def test_the_sentence_stands_on_a_page_of_staff(as_user, cora, riverside):
    page = as_user(cora).get(f"/p/{riverside.slug}/")

    assert "The clock stands still" in page.content.decode()
