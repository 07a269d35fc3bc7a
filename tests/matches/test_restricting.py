"""A restriction between two people of an active match calls its coordinator, and says neither who nor why."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.matches.actions import call_about_restrictions, pause
from rapport.people.models import Guardianship
from rapport.tasks.actions import finish
from rapport.tasks.models import Task
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, participant, person, staff

pytestmark = pytest.mark.django_db


def look(at=MONDAY):
    return call_about_restrictions(at=at, limit=100)


def test_the_coordinator_is_called_once_without_the_reason(match, ama, ben, riverside, dele, cora):
    restrict(ama, ben, program=riverside, by=dele)

    assert (look(), look()) == (1, 0)
    task = Task.objects.get()
    assert (task.owner, task.about, task.person, task.level) == (cora, match, None, 2)
    assert task.reason == "This match cannot go on as it is. Pause it today, and ask whoever leads on safety."


def test_done_without_a_pause_it_comes_back_the_next_day(match, ama, ben, riverside, dele, cora):
    restrict(ama, ben, program=riverside, by=dele)
    look()
    finish(Task.objects.get(), by=cora, at=MONDAY)

    assert (look(), look(MONDAY + DAY)) == (0, 1)


def test_what_begins_later_calls_then(match, ama, ben, riverside, dele):
    restrict(ben, ama, program=riverside, by=dele, starts_on=date(2026, 11, 18))

    assert (look(), look(MONDAY + 2 * DAY)) == (0, 1)


def test_a_pause_is_enough(match, ama, ben, riverside, dele, cora):
    restrict(ama, ben, program=riverside, by=dele)

    pause(match, reason="", starts_on=MONDAY.date(), by=cora, at=MONDAY)

    assert look() == 0


def test_others_apart_call_nobody(match, hill_match, ama, grace, ben, riverside, dele):
    restrict(grace, ben, program=riverside, by=dele)
    restrict(ama, hill_match.members.first().participant.person, program=riverside, by=dele)

    assert look() == 0


def test_a_coordinator_who_is_close_is_passed_over(match, ama, ben, riverside, dele, cora):
    Guardianship.objects.create(adult=cora.person, child=ben, starts_on=date(2026, 1, 1))
    cleo = staff("Cleo", riverside, "coordinator")
    restrict(ama, ben, program=riverside, by=dele)

    look()

    assert Task.objects.get().owner == cleo


def torn_pair(n, riverside, cora, dele):
    """Another pair of Cora's, kept apart."""
    mentor, mentee = person(f"Mo{n}", riverside, born_on=date(1990, 1, 1)), person(f"Nils{n}", riverside)
    sides = participant(mentor, riverside, "mentor"), participant(mentee, riverside, "mentee")
    restrict(mentor, mentee, program=riverside, by=dele)
    return open_match(*sides, coordinator=cora)


def test_where_nobody_can_be_called_the_next_still_are(match, ama, ben, riverside, dele, cora):
    Guardianship.objects.create(adult=cora.person, child=ben, starts_on=date(2026, 1, 1))
    restrict(ama, ben, program=riverside, by=dele)
    other = torn_pair(1, riverside, cora, dele)

    assert call_about_restrictions(at=MONDAY, limit=1) == 1
    assert Task.objects.get().about == other


def test_many_are_called_about_in_as_many_queries_as_one(riverside, cora, dele):
    counts = []
    torn_pair(99, riverside, cora, dele)
    look()  # what is kept in mind from the first look on
    for pairs in ([0], range(1, 9)):
        for n in pairs:
            torn_pair(n, riverside, cora, dele)
        with CaptureQueriesContext(connection) as asked:
            assert look() == len(pairs)
        counts.append(len(asked))

    assert counts[0] == counts[1]
