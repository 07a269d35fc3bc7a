"""Before a break a young pair is asked once how they keep in touch; staff agree; afterwards they are welcomed back."""

from datetime import date, timedelta

import pytest

from rapport.core.due import LOOK_BACK
from rapport.matches.models import Match
from rapport.meetings.actions import (
    agree_holiday,
    ask_about_holidays,
    call_about_holidays,
    say_holiday,
    welcome_back,
)
from rapport.meetings.models import HolidayPlan
from rapport.meetings.refusals import HolidayUnclear, NotTheirMeeting
from rapport.outbox.kinds import KINDS
from rapport.outbox.models import Message
from rapport.programs.actions import close_days
from rapport.programs.models import Program
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY, open_match, participant, person

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 12, 3), date(2026, 12, 16)


@pytest.fixture
def closed(riverside, lincoln, cora):
    """Lincoln School is closed for two weeks, from 3 December on."""
    return close_days(riverside, kind="holiday", starts_on=FIRST, ends_on=LAST, site=lincoln, by=cora, at=MONDAY)


@pytest.fixture
def second(match, riverside, cora):
    dan = participant(person("Dan", riverside, born_on=date(1980, 1, 1)), riverside, "mentor")
    lea = participant(person("Lea", riverside, born_on=date(2013, 1, 1)), riverside, "mentee")
    made = open_match(dan, lea, coordinator=cora)
    Match.objects.filter(pk=made.pk).update(site=match.site)
    return made


def ask(at=MONDAY):
    return ask_about_holidays(at=at, limit=500)


def letters(kind):
    return sorted(one.to.first_name for one in Message.objects.filter(kind=kind).select_related("to"))


def test_each_pair_of_the_site_is_asked_once_and_only_before_a_break_that_parts_them(closed, match, second, riverside):
    close_days(riverside, kind="exams", starts_on=FIRST - 5 * DAY, ends_on=FIRST - 4 * DAY, by=None, at=MONDAY)
    assert (ask(MONDAY - 10 * DAY), ask(), ask()) == (0, 2, 0)

    rows = HolidayPlan.objects.values_list("match", "starts_on", "ends_on", "contact")
    assert sorted(rows) == [(match.pk, FIRST, LAST, None), (second.pk, FIRST, LAST, None)]
    assert letters("meetings/holiday") == ["Ama", "Dan"]


def test_programs_of_adults_and_pairs_that_rest_are_not_asked(closed, match, second, riverside):
    Match.objects.filter(pk=second.pk).update(state="paused")
    assert ask() == 1
    HolidayPlan.objects.all().delete()
    Program.objects.filter(pk=riverside.pk).update(adults_only=True)
    assert ask() == 0


def test_one_list_for_a_site_names_all_without_a_plan_and_ends_with_the_last(closed, match, second, ama, cora):
    ask()
    assert call_about_holidays(at=MONDAY, limit=500) == 0
    near = MONDAY + 8 * DAY
    assert [call_about_holidays(at=near, limit=500) for _again in range(2)] == [1, 0]
    task = Task.objects.get()
    assert task.owner == cora
    assert task.reason == "Before the break of 3 December, agree how they keep in touch: Ama and Ben, Dan and Lea."

    for plan in HolidayPlan.objects.select_related("match__program").order_by("pk"):
        assert Task.objects.open().exists()
        agree_holiday(plan, contact=False, back_on=LAST + DAY, worries_to="Cora, 555 0100", by=cora, at=near)

    assert not Task.objects.open().exists()


def test_the_mentor_says_it_and_staff_agree(closed, match, ama, ben, cora):
    ask()
    plan = HolidayPlan.objects.get()
    with pytest.raises(NotTheirMeeting):
        say_holiday(plan, contact=False, person=ben, by=ben, at=MONDAY)
    for wrong in ({"contact": None}, {"contact": True}, {"contact": False, "back_on": FIRST - DAY}):
        with pytest.raises(HolidayUnclear):
            say_holiday(plan, **wrong, person=ama, by=ama, at=MONDAY)
    say_holiday(plan, contact=True, channel="program", back_on=LAST + DAY, person=ama, by=ama, at=MONDAY)
    assert not KINDS["meetings/holiday"].wanted(Message.objects.filter(kind="meetings/holiday"), MONDAY).exists()

    agree_holiday(plan, contact=True, channel="phone", back_on=LAST + DAY, worries_to="Cora", by=cora, at=MONDAY)
    say_holiday(plan, contact=False, person=ama, by=ama, at=MONDAY)

    plan.refresh_from_db()
    assert (plan.contact, plan.channel, plan.said_by, plan.agreed_by) == (True, "phone", ama, cora)


def test_after_it_each_is_welcomed_back_once(closed, match):
    ask()
    end = MONDAY + (LAST - MONDAY.date())
    assert [welcome_back(at=end + n * DAY, limit=500) for n in range(3)] == [0, 1, 0]
    assert letters("meetings/welcome-back") == ["Ama", "Ben", "Grace"]


def test_a_clock_that_stood_still_for_long_welcomes_nobody_back(closed, match):
    ask()
    assert welcome_back(at=MONDAY + (LAST - MONDAY.date()) + LOOK_BACK + timedelta(days=2), limit=500) == 0


def test_cora_agrees_on_the_page_and_omar_meets_a_stranger(as_user, riverside, match, cora, omar):
    from django.utils import timezone

    today = timezone.now().date()
    plan = HolidayPlan.objects.create(
        program=riverside, match=match, starts_on=today + 5 * DAY, ends_on=today + 19 * DAY, asked_at=MONDAY
    )
    browser, listed, path = as_user(cora), "/p/riverside/meetings/breaks/", f"/p/riverside/meetings/breaks/{plan.ref}/"
    assert "Ama and Ben" in browser.get(listed).content.decode()
    assert browser.post(path, {"contact": "yes", "worries_to": "Cora"}).status_code == 422
    assert browser.post(path, {"contact": "yes", "channel": "program", "worries_to": "Cora"}).status_code == 302
    plan.refresh_from_db()
    assert (plan.agreed_by, plan.worries_to) == (cora, "Cora")
    assert as_user(omar).get(path).status_code == 404
    assert as_user(omar).get(listed).status_code == 404
