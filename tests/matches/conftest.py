"""Ama and Ben on their way: proposed, and prepared."""

from datetime import date

import pytest

from rapport.matches import actions
from rapport.matches.actions import NewMatch
from rapport.onboarding.actions import record_gate
from tests.cast import MONDAY, gates_met


@pytest.fixture
def proposed(ama_in, ben_in, grace, cora, riverside):
    """Ama and Ben, proposed; nothing else is there yet."""
    return actions.propose([NewMatch([ama_in], [ben_in], coordinator=cora)], program=riverside, by=cora, at=MONDAY)[0]


@pytest.fixture
def prepared(proposed, ama_in, ben_in, grace, cora):
    """Ama and Ben, proposed, with every gate met and every point before the start ticked."""
    gates_met(ama_in, "clearance", "training", by=cora)
    record_gate(ben_in, code="permission", is_met=True, met_on=date(2026, 11, 1), given_by=grace, by=cora, at=MONDAY)
    record_gate(ben_in, code="assent", is_met=True, met_on=date(2026, 11, 1), by=cora, at=MONDAY)
    actions.tick(proposed.points.required_for("begin"), by=cora, at=MONDAY)
    return proposed


@pytest.fixture
def begun(prepared, cora):
    """Ama and Ben, begun on that Monday."""
    actions.begin(prepared, by=cora, at=MONDAY)
    return prepared


def say_goodbye(match, *, by, at):
    """Tick every point before the end."""
    words = {point.code: "It was good." for point in match.points.filter(moment="close")}
    actions.tick_codes(match, moment="close", words_by_code=words, by=by, at=at)
