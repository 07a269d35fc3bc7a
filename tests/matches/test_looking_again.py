"""A restriction is looked at again by one who may, for as long as nobody has given it its end."""

import pytest

from rapport.matches.actions.reviewing import REVIEW, call_about_reviews
from rapport.people.actions import end_restriction
from rapport.people.models import Restriction
from rapport.tasks.actions import drop
from rapport.tasks.models import Task
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(riverside, ben, dele):
    """Gus is kept away from Ben, and it is time to look again."""
    restrict(person("Gus", riverside), ben, program=riverside, by=dele)
    Restriction.objects.update(review_on=MONDAY.date())
    return Restriction.objects.get()


def calls():
    return list(Task.objects.open().filter(kind=REVIEW).values_list("owner__name", flat=True))


def look(at):
    call_about_reviews(at=at, limit=500)


def test_what_has_its_end_is_not_called_about_any_more(order, dele):
    look(MONDAY)
    assert calls() == ["Dele"]

    end_restriction(order, ends_on=MONDAY.date() + 30 * DAY, why="lifted", by=dele, at=MONDAY)
    look(MONDAY + DAY)
    look(MONDAY + 40 * DAY)

    assert calls() == []


def test_whoever_lost_the_call_and_may_again_finds_a_new_one(order, dele):
    look(MONDAY)
    drop(list(Task.objects.open().filter(kind=REVIEW)), note="Somebody else.", by=None, at=MONDAY)

    look(MONDAY + DAY)
    look(MONDAY + DAY)

    assert calls() == ["Dele"]
