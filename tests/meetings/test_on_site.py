"""Pupils who mentor pupils meet at their school and nowhere else."""

from datetime import time

import pytest

from rapport.meetings.actions import add_meeting, make_plan
from rapport.meetings.models import Meeting, Plan
from rapport.meetings.refusals import CalendarMissing, NoSite, NotThere
from rapport.programs.models import ClosedTime, Program
from tests.cast import DAY, MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def peers(match, riverside):
    summer = MONDAY.date() + 200 * DAY
    ClosedTime.objects.create(program=riverside, name="Summer", starts_on=summer, ends_on=summer + 40 * DAY)
    Program.objects.filter(pk=riverside.pk).update(profile="peer")
    match.program.profile = "peer"
    return match


def plan(match, place):
    make_plan(
        match, weekday=0, starts_at=time(15), minutes=45, place=place, from_on=MONDAY.date(), by=None, at=MONDAY
    )  # fmt: skip
    return Plan.objects.latest("pk").place


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", "Lincoln School"),
        ("room 3", "Lincoln School, room 3"),
        ("Lincoln School, room 3", "Lincoln School, room 3"),
        ("x" * 120, ("Lincoln School, " + "x" * 120)[:120]),
    ],
)
def test_a_plan_names_their_site_whatever_is_typed(peers, typed, kept):
    assert plan(peers, typed) == kept


def test_a_meeting_outside_the_plan_is_at_their_site_too(peers):
    add_meeting(peers, starts_at=MONDAY + DAY, minutes=45, place="the park", by=None, at=MONDAY)

    assert Meeting.objects.get().place == "Lincoln School, the park"


def test_without_a_site_nothing_is_planned(peers):
    peers.site = None
    with pytest.raises(NoSite):
        plan(peers, "room 3")
    with pytest.raises(NoSite):
        add_meeting(peers, starts_at=MONDAY + DAY, minutes=45, by=None, at=MONDAY)

    assert not Plan.objects.exists()
    assert not Meeting.objects.exists()


def test_the_calendar_of_the_school_comes_before_the_first_plan(peers):
    ClosedTime.objects.all().delete()
    with pytest.raises(CalendarMissing):
        plan(peers, "room 3")
    assert not Plan.objects.exists()


def test_no_row_of_its_own_lets_peers_meet_at_home(peers, riverside):
    riverside.place_rules.update_or_create(mode="home", defaults={"says": "yes", "source": "a slip"})
    with pytest.raises(NotThere):
        make_plan(
            peers, weekday=0, starts_at=time(15), minutes=45, mode="home", from_on=MONDAY.date(), by=None, at=MONDAY
        )  # fmt: skip


def test_elsewhere_a_pair_meets_where_it_likes(match):
    assert plan(match, "the library") == "the library"
