"""Two people press at the same moment: two records become one once, whatever both meant."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from rapport.core.refused import Refused
from rapport.onboarding.models import Gate
from rapport.people.actions.merging import OtherwiseNow, as_they_stand, put_together
from rapport.people.models import ContactPoint, OldRef, Person
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


@pytest.fixture
def amid_a_write():
    """Do something on a connection of its own once a row of this table is written and not yet kept."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")

    def wait_for(table, do):
        def between(execute, sql, params, many, context):
            done = execute(sql, params, many, context)
            if sql.startswith(f'INSERT INTO "{table}"') and not happened:
                happened.append(at_once(do))
            return done

        happened = []
        around.enter_context(connection.execute_wrapper(between))
        return happened

    with ExitStack() as around:
        yield wait_for


def test_who_writes_about_the_record_that_goes_is_told_and_led_to_the_one_that_stays(
    three, cora, as_user, amid_a_write
):
    kept, other, _third = three
    there = other.participations.get()
    page = f"/p/riverside/people/{there.ref}/reach/{other.ref}/add/"
    browser = as_user(cora)
    happened = amid_a_write("people_contactpoint", lambda: put_together(kept, other, by=cora, at=timezone.now()))

    answered = browser.post(page, {"kind": "phone", "value": "0155 0100", "is_shared": "yes"})

    assert (happened, answered.status_code) == ([["done"]], 409)
    told = answered.content.decode()
    assert "Somebody put two records of one person together in this very moment" in told
    assert f"A way to reach {kept.first_name}" in told
    assert "0155 0100" in told
    assert not ContactPoint.objects.filter(value="0155 0100").exists()


def test_who_puts_two_together_while_somebody_writes_looks_at_both_again(three, cora, riverside, amid_a_write):
    """What is written about a place of theirs in a program, which goes with the record."""
    kept, other, _third = three
    place = other.participations.get()
    gate = {"program": riverside, "participant": place, "code": "clearance", "is_met": True, "met_on": MONDAY.date()}

    amid_a_write("people_oldref", lambda: Gate.objects.create(**gate, seen_by=cora, seen_at=MONDAY))

    with pytest.raises(OtherwiseNow):
        put_together(kept, other, by=cora, at=MONDAY)
    assert (Person.objects.filter(family_name="Mensah").count(), Gate.objects.get().participant) == (3, place)
