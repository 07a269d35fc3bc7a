"""A restriction between two people of an active match calls its coordinator, and says neither who nor why."""

from datetime import date

import pytest

from rapport.matches.actions import call_about_restrictions, pause
from rapport.people.actions import keep_away
from rapport.people.models import Guardianship
from rapport.tasks.actions import finish
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY, staff

pytestmark = pytest.mark.django_db


def keep_apart(one, other, program, by, *, starts_on=date(2026, 11, 16)):
    keep_away(
        program=program, kept_away=one, subject=other, reason="a secret of the court", document="", starts_on=starts_on,
        review_on=date(2027, 1, 1), by=by, at=MONDAY,
    )  # fmt: skip


def look(at=MONDAY):
    return call_about_restrictions(at=at, limit=100)


def test_the_coordinator_is_called_once_without_the_reason(match, ama, ben, riverside, dele, cora):
    keep_apart(ama, ben, riverside, dele)

    assert (look(), look()) == (1, 0)
    task = Task.objects.get()
    assert (task.owner, task.about, task.person, task.level) == (cora, match, None, 2)
    assert task.reason == "This match cannot go on as it is. Pause it today, and ask whoever leads on safety."


def test_done_without_a_pause_it_comes_back_the_next_day(match, ama, ben, riverside, dele, cora):
    keep_apart(ama, ben, riverside, dele)
    look()
    finish(Task.objects.get(), by=cora, at=MONDAY)

    assert (look(), look(MONDAY + DAY)) == (0, 1)


def test_a_pause_is_enough_and_what_begins_later_calls_then(match, ama, ben, riverside, dele, cora):
    keep_apart(ben, ama, riverside, dele, starts_on=date(2026, 11, 18))
    assert look() == 0

    pause(match, reason="", starts_on=date(2026, 11, 16), by=cora, at=MONDAY)

    assert look(MONDAY + 3 * DAY) == 0


def test_others_apart_call_nobody(match, hill_match, ama, grace, ben, riverside, dele):
    keep_apart(grace, ben, riverside, dele)
    keep_apart(ama, hill_match.members.first().participant.person, riverside, dele)

    assert look() == 0


def test_a_coordinator_who_is_close_is_passed_over(match, ama, ben, riverside, dele, cora):
    Guardianship.objects.create(adult=cora.person, child=ben, starts_on=date(2026, 1, 1))
    cleo = staff("Cleo", riverside, "coordinator")
    keep_apart(ama, ben, riverside, dele)

    look()

    assert Task.objects.get().owner == cleo
