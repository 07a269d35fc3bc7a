"""The same button pressed twice at once does it once, on both databases, and nobody meets an error."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from rapport.onboarding.actions import ask_for_consent
from rapport.onboarding.models import ConsentAsk
from rapport.people.actions import stand_for
from rapport.people.actions.guarding import StandsAlready
from rapport.people.models import Guardianship
from tests.cast import MONDAY, person

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def at_once(press):
    """Press several times at once, each with a connection of its own. Returns what each press brought."""

    together = Barrier(AT_ONCE)

    def one(_n):
        connection.ensure_connection()
        together.wait(timeout=20)
        try:
            return press()
        except StandsAlready:
            return "stands already"
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_permission_is_asked_once(ben_in, grace, cora):
    told = {"person": grace, "purposes": ["join"], "form_id": "one press", "by": cora, "at": MONDAY}

    asks = at_once(lambda: ask_for_consent(ben_in, **told).pk)

    assert asks == [ConsentAsk.objects.get().pk] * AT_ONCE


def test_somebody_comes_to_stand_for_a_child_once(ben, riverside, cora):
    uncle = person("Uli", riverside)
    told = {"relation": "uncle", "starts_on": MONDAY.date(), "by": cora, "at": MONDAY}

    outcomes = at_once(lambda: stand_for(adult=uncle, child=ben, **told).pk)

    row = Guardianship.objects.get(adult=uncle, child=ben)
    assert sorted(map(str, outcomes)) == sorted([str(row.pk), *["stands already"] * (AT_ONCE - 1)])
