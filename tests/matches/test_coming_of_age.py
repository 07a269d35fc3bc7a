"""Somebody in a match turns 18: a call sixty days before, another until their own agreement is written down."""

from datetime import date, timedelta

import pytest

from rapport.checkins.actions import withdraw_what_is_not_theirs
from rapport.checkins.models import CheckIn
from rapport.matches.actions.coming_of_age import call_about_turning_18
from rapport.matches.models import Match
from rapport.onboarding.actions import record_gate
from rapport.onboarding.gatekeeping import Gatebook
from rapport.people.models import Guardianship, Person, grown_if_born_by, grown_on
from rapport.programs.models import Limit
from rapport.tasks.actions import finish
from rapport.tasks.models import Task
from tests.care.conftest import asked
from tests.cast import BEGUN_ON, MONDAY

pytestmark = pytest.mark.django_db
BIRTHDAY = date(2027, 1, 12)  # 57 days ahead
DAY = timedelta(days=1)


@pytest.fixture
def nearly(match, ben):
    """Ben is nearly 18."""
    Person.objects.filter(pk=ben.pk).update(born_on=date(2009, 1, 12))
    return match


def call(at=MONDAY):
    return call_about_turning_18(at=at, limit=100)


def reasons():
    return list(Task.objects.open().values_list("reason", flat=True))


def on_the_day(days=0):
    return MONDAY + (BIRTHDAY - MONDAY.date() + timedelta(days=days))


def test_the_coordinator_is_called_sixty_days_before(nearly, cora):
    assert call(MONDAY - 4 * DAY) == 0
    assert call() == 1
    assert call() == 0

    assert reasons() == [
        "Ben turns 18 on 12 January 2027: ask for their own agreement. From that day on no guardian is asked."
    ]
    assert Task.objects.get().owner == cora


def test_how_long_before_is_the_programs_own_number(nearly):
    Limit.objects.filter(code="turning-18").update(value=30)
    assert call() == 0

    Limit.objects.filter(code="turning-18").delete()
    assert call(on_the_day()) == 0


def test_on_the_day_the_task_says_so_and_the_match_goes_on(nearly, grace, ben):
    call()
    asked(nearly, grace, party="guardian")

    call(on_the_day())
    withdraw_what_is_not_theirs(at=on_the_day(), limit=100)

    assert reasons() == [
        "Ben is 18 since 12 January 2027: write down their own agreement. No guardian is asked any more."
    ]
    assert CheckIn.objects.get().state == CheckIn.State.LAPSED
    assert Match.objects.get().state == Match.State.ACTIVE


def test_until_it_is_written_down_there_is_another_task(nearly, cora, ben_in):
    call()
    finish(Task.objects.open(), by=cora, at=MONDAY)
    assert call() == 0
    assert [call(on_the_day(n)) for n in (0, 1)] == [1, 0]
    finish(Task.objects.open(), by=cora, at=on_the_day())
    assert [call(on_the_day(n)) for n in (13, 14)] == [0, 1]

    record_gate(ben_in, code="consent", is_met=True, met_on=BIRTHDAY, by=cora, at=on_the_day(15))

    assert call(on_the_day(15)) == 1
    assert reasons() == []
    assert call(on_the_day(60)) == 0


def test_what_a_child_agreed_to_long_before_is_no_agreement_of_a_grown_up(nearly, cora, ben_in):
    record_gate(ben_in, code="consent", is_met=True, met_on=BEGUN_ON, by=cora, at=MONDAY)

    assert call() == 1


def test_their_page_asks_for_it_from_the_first_call_on_and_it_stops_nothing(nearly, ben_in):
    def asked_on(at):
        ben_in.refresh_from_db()
        return {one.code: one.weight for one in Gatebook([ben_in]).asked(ben_in, at.date(), with_minor=True)}

    assert "consent" not in asked_on(MONDAY - 4 * DAY)
    assert asked_on(MONDAY)["consent"] == asked_on(on_the_day())["consent"] == "soft"


def test_a_birth_date_put_right_takes_the_call_along(nearly, ben):
    call()
    Person.objects.filter(pk=ben.pk).update(born_on=date(2010, 1, 12))

    assert call() == 1
    assert reasons() == []


def test_who_was_grown_up_when_they_began_is_not_asked(match, ama):
    Person.objects.filter(pk=ama.pk).update(born_on=date(2008, 2, 1))

    assert call() == 0


@pytest.mark.parametrize(
    ("born_on", "day", "is_grown"),
    [
        (date(2008, 2, 29), date(2026, 2, 27), False),
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(2008, 3, 1), date(2026, 2, 28), False),
        (date(2008, 2, 28), date(2026, 2, 28), True),
        (date(2008, 11, 16), date(2026, 11, 15), False),
        (date(2008, 11, 16), date(2026, 11, 16), True),
    ],
)
def test_a_leap_day_is_the_28th_everywhere(ben, grace, born_on, day, is_grown):
    Person.objects.filter(pk=ben.pk).update(born_on=born_on)
    row = Guardianship.objects.select_related("child").get()

    assert row.child.is_adult(day) is is_grown
    assert row.is_living(day) is not is_grown
    assert Guardianship.objects.living(day).exists() is not is_grown
    assert (grown_on(born_on) <= day) is (born_on <= grown_if_born_by(day)) is is_grown


def test_the_number_of_queries_does_not_grow(nearly, riverside, cora, django_assert_max_num_queries):
    from tests.care.conftest import pair

    for n in range(6):
        one = pair(riverside, f"M{n}", f"N{n}", coordinator=cora)
        Person.objects.filter(pk=one.mentees[0].person_id).update(born_on=date(2009, 1, n + 1))
    with django_assert_max_num_queries(20):
        assert call() == 7
