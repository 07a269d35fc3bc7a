"""A program made before a limit was there gets it with the next start; what it may be without stays away."""

import pytest

from rapport.audit.models import Event
from rapport.onboarding.models import Gate
from rapport.onboarding.questions import missing_gates
from rapport.people.models import Guardianship
from rapport.portal.founding import found_program
from rapport.programs.actions import bring_new_rules
from rapport.programs.models import GateRule, Limit
from tests.cast import BEGUN_ON, LONG_AGO, MONDAY, participant, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def peers(house):
    return found_program(
        slug="peers", name="Peers", profile="peer", organization=house, using_since_on=BEGUN_ON, by=None, at=MONDAY
    )


def test_old_programs_get_new_rows_once_and_nothing_that_is_there_changes(peers, riverside):
    bring_new_rules(at=MONDAY)
    Limit.objects.filter(program=peers, code__in=["silent", "age-gap"]).delete()
    GateRule.objects.filter(program=peers, side="mentor", code="guardian-training").delete()
    Limit.objects.filter(program=peers, code="triage-within").update(value=77)
    asked = GateRule.objects.filter(program=peers).exclude(weight="off").count()

    assert [bring_new_rules(at=MONDAY) for _start in range(2)] == [2, 0]

    codes = set(Limit.objects.filter(program=peers).exclude(source="").values_list("code", flat=True))
    assert ("silent" in codes, "age-gap" in codes) == (True, False)
    assert Limit.objects.get(program=peers, code="triage-within").value == 77
    assert GateRule.objects.filter(program=peers).exclude(weight="off").count() == asked
    assert Event.objects.get(verb="program.new-rules", about_id=peers.pk).facts["codes"] == [
        "silent", "guardian-training",
    ]  # fmt: skip


def test_guardians_of_young_mentors_can_be_asked_for_training_too(peers):
    young, adult = person("Una", peers, born_on=None), person("Ute", peers)
    Guardianship.objects.create(adult=adult, child=young, starts_on=BEGUN_ON)
    una = participant(young, peers, "mentor")
    GateRule.objects.filter(program=peers, side="mentor", code="guardian-training").update(weight="hard")
    lack = "Una: the training of a guardian is missing."

    assert lack in missing_gates([una], MONDAY.date(), with_minor=True)[una.pk]
    Gate.objects.create(
        program=peers, participant=una, code="guardian-training", is_met=True, met_on=BEGUN_ON, seen_at=LONG_AGO
    )
    assert lack not in missing_gates([una], MONDAY.date(), with_minor=True)[una.pk]
