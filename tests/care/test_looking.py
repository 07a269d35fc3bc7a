"""The clock looks at matches: each once a day, at once where somebody said something, and twice changes nothing."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection

from rapport.audit.models import Event
from rapport.care.actions import refresh_findings
from rapport.care.models import Finding, Standing
from rapport.matches.models import Change, Match
from rapport.tasks.models import Task, Word
from tests.care.conftest import AWAY, HELD, SILENT, meeting, pair, said, weekly
from tests.cast import DAY, MONDAY


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Finding, Task, Word)] + [Event.objects.count()]


def test_looking_twice_changes_nothing(match, ben):
    weekly(match, HELD, AWAY, AWAY, SILENT, SILENT)
    said(match, ben, 1)
    refresh_findings(at=MONDAY)
    before = everything()

    Standing.objects.update(next_look_at=MONDAY)
    refresh_findings(at=MONDAY)

    assert everything() == before


def test_a_match_is_looked_at_once_a_day_at_dawn(match):
    assert refresh_findings(at=MONDAY) == 1
    assert refresh_findings(at=MONDAY) == 0
    assert refresh_findings(at=MONDAY + timedelta(hours=19)) == 0  # four in the morning
    assert refresh_findings(at=MONDAY + timedelta(hours=20)) == 1


def test_what_somebody_says_brings_its_match_forward_and_no_other(match, ben, riverside, cora):
    pair(riverside, "Kofi", "Sam", coordinator=cora)
    refresh_findings(at=MONDAY)

    said(match, ben, 1, at=MONDAY)

    assert refresh_findings(at=MONDAY + timedelta(minutes=1)) == 1
    assert Finding.objects.now().get(rule="low-feeling").match == match


def test_a_finding_that_no_longer_stands_goes_and_stays_readable(match):
    weekly(match, HELD, AWAY, HELD, AWAY)
    refresh_findings(at=MONDAY)
    meeting(match, date(2026, 11, 17), HELD)
    meeting(match, date(2026, 11, 18), HELD)

    refresh_findings(at=MONDAY + 3 * DAY)

    rows = Finding.objects.filter(rule="meets").order_by("pk").values_list("says", "gone_at")
    assert list(rows) == [("watch", MONDAY + 3 * DAY), ("steady", None)]


def test_a_match_that_ended_keeps_no_standing_finding_and_is_let_alone(match):
    weekly(match, HELD, AWAY, HELD, AWAY)
    refresh_findings(at=MONDAY)
    Match.objects.filter(pk=match.pk).update(state="closed")
    Change.objects.create(program=match.program, match=match, state_before="active", state="closed", at=MONDAY)

    refresh_findings(at=MONDAY + DAY)

    assert not Finding.objects.now().exists()
    assert Standing.objects.get().next_look_at is None


def test_the_queries_do_not_grow_with_the_matches(match, riverside, cora, django_assert_max_num_queries):
    pairs = [match, *(pair(riverside, f"M{n}", f"C{n}", coordinator=cora) for n in range(4))]
    for one in pairs:
        weekly(one, HELD, AWAY, AWAY)
    with django_assert_max_num_queries(200) as few:
        refresh_findings(at=MONDAY)

    more = [pair(riverside, f"N{n}", f"D{n}", coordinator=cora) for n in range(40)]
    for one in more:
        weekly(one, HELD, AWAY, AWAY)
    with django_assert_max_num_queries(len(few.captured_queries)):
        refresh_findings(at=MONDAY)

    assert Standing.objects.count() == 45


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_make_one_task_of_each_cause(match):
    weekly(match, HELD, AWAY, AWAY, SILENT, SILENT)
    ready, troubles = Barrier(2), []

    def clock():
        try:
            ready.wait()
            refresh_findings(at=MONDAY)
        except OperationalError as busy:  # the database let one clock go first; the other tries at its next pass
            troubles.append(busy)
        finally:
            connection.close()

    clocks = [Thread(target=clock) for _ in range(2)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()

    assert len(troubles) < 2
    assert Task.objects.count() == Task.objects.values("cause_key").distinct().count() == 3
    assert Finding.objects.now().filter(rule="meets").count() == 1
