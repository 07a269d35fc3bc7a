"""Two phones over one day sheet at the same moment: one mark, one closed day, one letter each."""

from contextlib import suppress
from itertools import count

import pytest
import time_machine

from rapport.meetings.actions import Tap, close_today, mark
from rapport.meetings.models import Log, Mark, Meeting
from rapport.meetings.refusals import MarkedMeanwhile
from rapport.outbox.models import Message
from rapport.programs.models import ClosedTime
from tests.at_once import at_once
from tests.meetings.test_day_sheet import LATER, NOON, TODAY, expected

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


def test_what_two_press_at_once_is_one_mark_and_closed_is_closed_once(match, cora, lincoln, riverside):
    here, same = expected(match), expected(match, NOON.replace(hour=10))
    number, lincoln.program = count(), riverside
    who = {"said_by": cora.person, "source": "page", "by": cora, "at": LATER}

    def press():
        turn = next(number)
        with suppress(MarkedMeanwhile):
            mark([Tap(here, ("here", "child")[turn % 2], 0)], form_id=f"first-{turn}", **who)
        mark([Tap(same, "here", 0)], form_id=f"second-{turn}", **who)
        close_today(lincoln, on=TODAY, by=cora, at=LATER)

    at_once(press, 4)

    assert Mark.objects.filter(meeting=here).count() == Mark.objects.filter(meeting=same).count() == 1
    assert Log.objects.count() == 2
    assert ClosedTime.objects.count() == 1
    assert Meeting.objects.excused().count() == Message.objects.count() == 0
