"""Before a break a young pair is asked once how they keep in touch; staff agree; afterwards they are welcomed back."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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
from rapport.programs.actions import close_days, open_days
from rapport.programs.models import ClosedTime, Program, Site
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
    slip = {"contact": "no", "worries_to": "Cora", "back_on": f"8 1 {today.year + 4}"}
    assert browser.post(path, slip).status_code == 422  # no family reads that they meet again in four years
    assert browser.post(path, {"contact": "yes", "channel": "program", "worries_to": "Cora"}).status_code == 302
    plan.refresh_from_db()
    assert (plan.agreed_by, plan.worries_to) == (cora, "Cora")
    assert as_user(omar).get(path).status_code == 404
    assert as_user(omar).get(listed).status_code == 404


def days_of_plans():
    return list(HolidayPlan.objects.order_by("match", "starts_on").values_list("starts_on", "ends_on"))


def test_closed_days_that_touch_are_one_break(match, riverside, lincoln, cora):
    """Exams of the program, a weekend, a holiday of the site, and a day that a pipe burst."""
    for first, last, site in [
        (date(2026, 11, 26), date(2026, 11, 27), None),
        (date(2026, 11, 30), date(2026, 12, 4), lincoln),
        (date(2026, 12, 3), date(2026, 12, 8), None),
        (date(2026, 12, 9), date(2026, 12, 11), lincoln),
    ]:
        close_days(riverside, kind="holiday", starts_on=first, ends_on=last, site=site, by=cora, at=MONDAY)
    other = Site.objects.create(program=riverside, name="Mill School", emergency_numbers="911")
    dan = participant(person("Dan", riverside, born_on=date(1980, 1, 1)), riverside, "mentor")
    lea = participant(person("Lea", riverside, born_on=date(2013, 1, 1)), riverside, "mentee")
    Match.objects.filter(pk=open_match(dan, lea, coordinator=cora).pk).update(site=other)

    assert ask() == 1  # at Mill School neither two nor six days are a break

    assert days_of_plans() == [(date(2026, 11, 26), date(2026, 12, 11))]


def test_a_break_whose_days_change_is_the_same_break(closed, match, second, riverside, lincoln, cora):
    ask()
    near = MONDAY + 8 * DAY
    call_about_holidays(at=near, limit=500)
    plans = {plan.match_id: plan for plan in HolidayPlan.objects.select_related("match__program")}
    agree_holiday(plans[match.pk], contact=True, channel="phone", back_on=LAST + DAY, by=cora, at=near)

    open_days(closed, by=cora, at=near)
    assert (ask(near), call_about_holidays(at=near, limit=500)) == (0, 0)
    assert not HolidayPlan.objects.filter(welcomed_at=None).exists()
    assert not Task.objects.open().exists()
    first, last = FIRST - DAY, LAST + 3 * DAY
    close_days(riverside, kind="holiday", starts_on=first, ends_on=last, site=lincoln, by=cora, at=near)
    assert (ask(near), ask(near), call_about_holidays(at=near, limit=500)) == (0, 0, 1)
    close_days(riverside, kind="exams", starts_on=first - DAY, ends_on=first - DAY, by=cora, at=near)
    first -= DAY
    assert (ask(near), call_about_holidays(at=near, limit=500)) == (0, 0)

    assert days_of_plans() == [(first, last)] * 2
    assert letters("meetings/holiday") == ["Ama", "Dan"]
    plan = HolidayPlan.objects.get(match=match)
    assert (plan.agreed_at, plan.back_on, plan.channel, plan.welcomed_at) == (None, None, "phone", None)
    assert Task.objects.open().get().reason.startswith("Before the break of 1 December, agree")


def test_a_break_that_is_called_off_or_over_sooner(closed, match, riverside, lincoln, cora):
    ask()
    open_days(closed, by=cora, at=MONDAY)
    assert ask() == 0
    end = MONDAY + (LAST - MONDAY.date())
    assert welcome_back(at=end + DAY, limit=500) == 0

    again = close_days(riverside, kind="holiday", starts_on=FIRST, ends_on=LAST, site=lincoln, by=cora, at=MONDAY)
    assert ask() == 0
    within = MONDAY + (FIRST + 4 * DAY - MONDAY.date())
    assert (ask(within), welcome_back(at=within, limit=500)) == (0, 0)
    open_days(again, by=cora, at=within)
    assert (ask(within), welcome_back(at=within, limit=500)) == (0, 1)
    assert letters("meetings/holiday") == ["Ama"]


def test_two_breaks_that_become_one_are_welcomed_back_once(closed, match, riverside, lincoln, cora):
    close_days(
        riverside, kind="holiday", starts_on=LAST + 5 * DAY, ends_on=LAST + 14 * DAY, site=lincoln, by=cora, at=MONDAY
    )
    near = MONDAY + 15 * DAY
    assert (ask(near), HolidayPlan.objects.count()) == (2, 2)
    close_days(riverside, kind="closure", starts_on=LAST + DAY, ends_on=LAST + 4 * DAY, site=lincoln, by=cora, at=near)

    assert ask(near) == 0

    assert list(HolidayPlan.objects.filter(welcomed_at=None).values_list("starts_on", "ends_on")) == [
        (FIRST, LAST + 14 * DAY)
    ]
    end = MONDAY + (LAST - MONDAY.date())
    assert [welcome_back(at=end + n * DAY, limit=500) for n in (1, 15, 16)] == [0, 1, 0]


def queries(act, at):
    with CaptureQueriesContext(connection) as caught:
        act(at=at, limit=500)
    return len([one for one in caught if "SAVEPOINT" not in one["sql"]])


def test_a_look_costs_the_same_for_many_pairs_and_next_to_nothing_where_nothing_is_due(match, riverside, lincoln, cora):
    looks = (ask_about_holidays, call_about_holidays, welcome_back)
    assert [queries(look, MONDAY) for look in looks] == [1, 1, 1]

    taken = []
    for n, day in enumerate([FIRST, FIRST + 40 * DAY]):
        for number in range(4 * n):
            mentor = participant(person(f"M{number}", riverside, born_on=date(1980, 1, 1)), riverside, "mentor")
            mentee = participant(person(f"C{number}", riverside, born_on=date(2013, 1, 1)), riverside, "mentee")
            Match.objects.filter(pk=open_match(mentor, mentee, coordinator=cora).pk).update(site=lincoln)
        close_days(riverside, kind="holiday", starts_on=day, ends_on=day + 9 * DAY, site=lincoln, by=cora, at=MONDAY)
        before = MONDAY + (day - MONDAY.date())
        taken.append([queries(look, before + off * DAY) for look, off in zip(looks, (-9, -9, 10), strict=True)])
    assert HolidayPlan.objects.filter(welcomed_at__isnull=False).count() == 6
    assert taken[0] == taken[1]
    ClosedTime.objects.all().delete()
    assert [queries(look, MONDAY + 90 * DAY) for look in looks] == [1, 1, 1]
