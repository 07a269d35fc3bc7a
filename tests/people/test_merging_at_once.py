"""Two people press at the same moment: two records become one once, whatever both meant."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from rapport.core.refused import Refused
from rapport.people.actions.merging import as_they_stand, put_together
from rapport.people.models import OldRef, Person
from tests.cast import MONDAY, participant, person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*presses):
    """Press all of them at once, each with a connection of its own. Returns who refused, and why."""
    together = Barrier(len(presses))

    def one(press):
        connection.ensure_connection()
        together.wait(timeout=20)
        try:
            return press() and "done"
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(one, presses))


@pytest.fixture
def three(riverside):
    names = ("Ama", "Amma", "Amah")
    return [participant(person(name, riverside, family_name="Mensah"), riverside, "mentor").person for name in names]


def press(kept, other, by):
    seen = as_they_stand(kept, other)
    return lambda: put_together(kept, other, seen=seen, by=by, at=MONDAY)


def test_pressed_by_four_at_once_it_is_done_once(three, cora):
    first, second, _third = three

    outcomes = at_once(
        *[press(first, second, cora) for _n in range(2)], *[press(second, first, cora) for _n in range(2)]
    )

    assert sorted(outcomes) == ["AlreadyOne"] * 3 + ["done"]
    assert Person.objects.filter(family_name="Mensah").count() == 2


def test_one_into_another_while_that_goes_into_a_third(three, cora):
    first, second, third = three

    outcomes = at_once(press(second, first, cora), press(third, second, cora))

    assert sorted(outcomes) in (["AlreadyOne", "done"], ["OtherwiseNow", "done"])
    left = list(Person.objects.filter(family_name="Mensah"))
    assert len(left) == 2
    assert {old.about for old in OldRef.objects.all() if isinstance(old.about, Person)} <= set(left)
