"""A proposed match begins only when nothing is missing, and says what is."""

from datetime import date, timedelta

import pytest

from rapport.matches import actions
from rapport.matches.actions import AlreadyBegun, NewMatch, NotReady
from rapport.matches.models import Change, Match, Point
from rapport.matches.questions import what_is_missing
from rapport.onboarding.actions import record_gate
from tests.cast import DAY, MONDAY, gates_met, participant, person, staff


@pytest.fixture
def proposed(ama_in, ben_in, grace, cora, riverside):
    """Ama and Ben, proposed; nothing else is there yet."""
    row = NewMatch([ama_in], [ben_in], coordinator=cora)
    return actions.propose([row], program=riverside, by=cora, at=MONDAY)[0]


@pytest.fixture
def prepared(proposed, ama_in, ben_in, grace, cora):
    """Ama and Ben, proposed, with every gate met and every point ticked."""
    gates_met(ama_in, "clearance", "training", by=cora)
    record_gate(ben_in, code="permission", is_met=True, met_on=date(2026, 11, 1), given_by=grace, by=cora, at=MONDAY)
    record_gate(ben_in, code="assent", is_met=True, met_on=date(2026, 11, 1), by=cora, at=MONDAY)
    actions.tick(proposed.points.filter(moment="begin"), by=cora, at=MONDAY)
    return proposed


def test_everything_that_is_missing_is_said_at_once(proposed, cora):
    with pytest.raises(NotReady) as refused:
        actions.begin(proposed, by=cora, at=MONDAY)

    assert refused.value.reasons == [
        "Ama: the background check is missing.",
        "Ama: the training is missing.",
        "No guardian's permission stands for Ben.",
        "Ben has not said yes.",
        "Not ticked yet: Both know whom to turn to when something feels wrong.",
        "Not ticked yet: The young person and a guardian said yes to this mentor.",
        "Not ticked yet: The first meeting is planned, with staff there.",
    ]
    assert Match.objects.get().state == "proposed"


def test_a_prepared_match_begins_once(prepared, cora):
    assert what_is_missing(prepared, MONDAY) == []

    actions.begin(prepared, by=cora, at=MONDAY)
    with pytest.raises(AlreadyBegun):
        actions.begin(prepared, by=cora, at=MONDAY)

    prepared.refresh_from_db()
    assert (prepared.state, prepared.begun_on, prepared.phase) == ("active", date(2026, 11, 16), "agreeing-how")
    assert list(Change.objects.values_list("state_before", "state")) == [("", "proposed"), ("proposed", "active")]
