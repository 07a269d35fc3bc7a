"""A break begins and ends with the days of the program's time zone, whatever day it is in UTC."""

from datetime import date

import pytest

from rapport.meetings.actions import ask_about_holidays, welcome_back
from rapport.meetings.letters import still_asked
from rapport.outbox.models import Message
from rapport.programs.actions import close_days
from rapport.programs.models import Program
from tests.cast import DAY, MONDAY
from tests.matches.test_which_day_it_is import FAR

THAT_DAY = date(2026, 11, 17)


def closed(program, first, last, zone):
    Program.objects.filter(pk=program.pk).update(time_zone=zone)
    asked_at = MONDAY + (first - THAT_DAY) - 9 * DAY
    close_days(program, kind="holiday", starts_on=first, ends_on=last, site=None, by=None, at=asked_at)
    ask_about_holidays(at=asked_at, limit=9)


@pytest.mark.parametrize("zone", FAR)
def test_mentors_are_asked_of_a_break_until_its_first_day(match, riverside, zone):
    closed(riverside, THAT_DAY, THAT_DAY + 14 * DAY, zone)
    asked, (after, before) = Message.objects.filter(kind="meetings/holiday"), FAR[zone]

    assert [still_asked(asked, at).count() for at in (before, after)] == [1, 0]


@pytest.mark.parametrize("zone", FAR)
def test_a_pair_is_welcomed_back_on_the_day_after_a_break(match, riverside, zone):
    closed(riverside, THAT_DAY - 14 * DAY, THAT_DAY - DAY, zone)
    after, before = FAR[zone]

    assert [welcome_back(at=at, limit=9) for at in (before, after)] == [0, 1]
