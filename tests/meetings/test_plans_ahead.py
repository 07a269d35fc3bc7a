"""A plan is for the time ahead: a slip in the year makes no meetings of weeks that are over, which nobody planned."""

from datetime import date, time

import pytest
import time_machine

from rapport.meetings.actions import lay_out_meetings, tell_when
from rapport.meetings.models import Meeting, Plan
from rapport.outbox.kinds import KINDS
from rapport.outbox.models import Message
from tests.cast import DAY, MONDAY
from tests.meetings.test_plans import weekly

pytestmark = pytest.mark.django_db
TYPED = {"weekday": "0", "starts_at": "15:30", "minutes": "60", "every_weeks": "1", "mode": "school"}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def page(as_user, match, cora):
    """Cora sends the plan of Ama and Ben with this day, or hour."""
    return lambda **typed: as_user(cora).post(f"/p/riverside/meetings/of/{match.ref}/plan/", TYPED | typed)


@pytest.mark.parametrize("day", ["1 1 1900", "16 11 2025", "15 11 2026"])
def test_a_plan_that_follows_another_takes_nothing_of_what_was(page, match, cora, day):
    weekly(match, cora, from_on=date(2026, 9, 1), at=MONDAY - 60 * DAY)

    answer = page(from_on=day)

    assert answer.status_code == 422
    assert "It cannot be before 16 11 2026." in answer.content.decode()
    assert Plan.objects.get().until_on is None


def test_a_first_plan_goes_back_as_far_as_the_pair_is_counted_and_no_further(page, match):
    assert page(from_on="1 1 1900").status_code == 422
    assert not Plan.objects.exists()

    first = match.counted_from
    assert page(from_on=f"{first.day} {first.month} {first.year}").status_code == 302


def test_an_hour_that_is_over_today_is_no_beginning_of_the_next_plan(page, match, cora):
    weekly(match, cora, from_on=date(2026, 9, 1), at=MONDAY - 60 * DAY)

    late = page(from_on="16 11 2026", starts_at="8:30")

    assert late.status_code == 422
    assert "That hour of today is over." in late.content.decode()
    assert page(from_on="16 11 2026", starts_at="10:30").status_code == 302
    assert page(from_on="16 11 2026", starts_at="8:30", weekday="1").status_code == 302


def test_the_letter_of_a_plan_names_no_hour_that_is_over(match, cora):
    plan = weekly(match, cora, weekday=0, starts_at=time(8, 30), from_on=MONDAY.date())
    lay_out_meetings(at=MONDAY, limit=500)
    tell_when(plan, by=cora, at=MONDAY)
    letters = Message.objects.filter(kind="meetings/when")

    words = KINDS["meetings/when"].words(letters, MONDAY)[letters[0].pk]

    assert Meeting.objects.filter(starts_at__lt=MONDAY).count() == 1
    assert [one.date() for one in words["days"]] == [MONDAY.date() + n * 7 * DAY for n in range(1, 5)]
