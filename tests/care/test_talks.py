"""A program that promises talks sees them asked for: a young mentor's month is gone through with an adult."""

from datetime import date, datetime, timedelta

import pytest

from rapport.care.actions.looking import refresh_findings
from rapport.care.calls import TALK
from rapport.checkins.models import Conversation
from rapport.core.months import add_months
from rapport.matches.models import Pause
from rapport.programs.models import Promise
from rapport.tasks.models import Task
from tests.cast import BEGUN_ON, DAY, MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def monthly(match, riverside):
    """A talk with the mentor every month, of a pair that began on 10 March."""
    return Promise.objects.create(
        program=riverside, code="debrief-mentor", kind="talk", party="mentor", every=1, unit="months", grace_days=7,
        source="Peer programs",
    )  # fmt: skip


def look(at):
    while refresh_findings(at=at):
        pass


def at_noon(day):
    return datetime.combine(day, datetime.min.time(), tzinfo=MONDAY.tzinfo) + timedelta(hours=12)


def called():
    return list(Task.objects.filter(kind=TALK).order_by("pk").values_list("reason", "due_at__date"))


def talk(match, somebody, cora, at, how="phone", about=True):
    Conversation.objects.create(
        program=match.program, match=match if about else None, person=somebody, how=how, at=at, by=cora,
        form_id=f"t{at.isoformat()}{how}",
    )  # fmt: skip


WORDS = "Talk with Ama about the time with Ben: what went well, what was hard. Promised every month."


def test_a_month_without_a_talk_makes_one_call(monthly, match, ama, cora):
    talk(match, ama, cora, at_noon(anniversary(5)))
    look(at_noon(anniversary(6) - 2 * DAY))
    assert called() == []

    look(at_noon(anniversary(6) - DAY))
    look(at_noon(anniversary(6) + DAY))
    look(at_noon(anniversary(6) + 10 * DAY))

    assert called() == [(WORDS, anniversary(6))]


def anniversary(months):
    return add_months(BEGUN_ON, months)


@pytest.mark.parametrize(
    ("after", "how", "about", "calls"),
    [
        (timedelta(days=1), "phone", True, 0),
        (timedelta(days=20), "in-person", False, 0),
        (timedelta(days=20), "no-answer", True, 1),
        (timedelta(0), "phone", True, 1),
    ],
)
def test_who_was_talked_with_since_the_last_such_day_is_not_called(monthly, match, ama, cora, after, how, about, calls):
    talk(match, ama, cora, at_noon(anniversary(5)) + after, how, about)

    look(at_noon(anniversary(6)))

    assert len(called()) == calls


def test_while_a_pair_rests_and_in_other_programs_nobody_is_called(monthly, match, riverside):
    Pause.objects.create(program=riverside, match=match, starts_on=anniversary(5))
    look(at_noon(anniversary(6)))
    assert called() == []

    Pause.objects.all().delete()
    Promise.objects.filter(pk=monthly.pk).update(is_on=False)
    look(at_noon(anniversary(7)))
    assert called() == []


def test_nothing_is_owed_from_before_the_program_used_rapport(monthly, match, riverside):
    riverside.using_since_on = date(2027, 1, 1)
    riverside.save()

    look(at_noon(date(2026, 12, 20)))

    assert called() == []
