"""A session on a closed day counts against nobody and stands in no calendar, whatever day it is in UTC."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rapport.events.attendance import attendance_of
from rapport.events.groups.calendar import in_calendar
from rapport.programs.models import ClosedTime, Program
from tests.events.test_groups import group, inside, lily_in, session, tess  # noqa: F401 (fixtures)

EVENING = datetime(2026, 11, 19, 1, tzinfo=UTC)  # it is still the 18th there


@pytest.fixture
def evening(group, inside, riverside, cora):  # noqa: F811
    Program.objects.filter(pk=riverside.pk).update(time_zone="America/Los_Angeles")
    one = session(group, cora)
    type(one).objects.filter(pk=one.pk).update(starts_at=EVENING, ends_at=EVENING + timedelta(hours=1))
    ClosedTime.objects.create(program=riverside, starts_on=date(2026, 11, 18), ends_on=date(2026, 11, 18))
    riverside.refresh_from_db()
    return riverside


def test_it_is_not_among_the_times_that_are_told_of(evening, ben_in):
    found = attendance_of(ben_in, [], EVENING + timedelta(hours=2))

    assert (found.here, found.away, found.unknown) == (0, 0, 0)


def test_it_stands_in_no_calendar(evening, ama):
    assert in_calendar(ama, evening, EVENING, since=EVENING) == []
