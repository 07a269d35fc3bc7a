"""Fifty beginnings at once fill a mentor's places and no more, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from rapport.matches import actions
from rapport.matches.actions import NotReady
from rapport.matches.models import Change, Match
from rapport.people.models import Participant
from tests.cast import MONDAY, gates_met
from tests.matches.test_resting import prepared_with

AT_ONCE, PLACES = 50, 3


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_fill_three_places(ama_in, cora):
    gates_met(ama_in, "clearance", "training", by=cora)
    Participant.objects.filter(pk=ama_in.pk).update(capacity=PLACES)
    matches = [prepared_with(ama_in, f"Nils{n}", cora) for n in range(AT_ONCE)]

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(lambda match: try_to_begin(match, cora), matches))

    assert outcomes.count("begun") == PLACES
    assert set(outcomes) == {"begun", "Ama has 3 open matches and takes no more than 3."}
    assert Match.objects.active().count() == PLACES
    assert Change.objects.filter(state="active").count() == PLACES


@pytest.mark.django_db(transaction=True)
def test_one_match_begun_by_ten_at_once_begins_once(ama_in, cora):
    gates_met(ama_in, "clearance", "training", by=cora)
    match = prepared_with(ama_in, "Nils", cora)

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(
            pool.map(lambda one: try_to_begin(one, cora), [Match.objects.get(pk=match.pk) for _ in range(10)])
        )

    assert sorted(outcomes) == sorted(["begun", *["This match has begun already."] * 9])
    assert Change.objects.filter(state="active").count() == 1


def try_to_begin(match, by):
    try:
        actions.begin(match, by=by, at=MONDAY)
    except (NotReady, actions.AlreadyBegun) as refusal:
        return str(refusal)
    finally:
        connection.close()
    return "begun"
