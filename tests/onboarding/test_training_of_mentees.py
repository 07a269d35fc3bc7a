"""Training of a mentee and of a guardian (S1-53): off until a program asks; written down, or waived with a reason."""

import pytest

from rapport.onboarding.actions import record_gate
from rapport.onboarding.models import Gate
from rapport.onboarding.questions import missing_gates, ready
from rapport.people.models import Participant
from rapport.programs import profiles
from rapport.programs.models import GateRule
from tests.cast import LONG_AGO, participant, person
from tests.onboarding.conftest import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
CODES = ("training", "guardian-training")


def rule(program, code, weight):
    """The program's rule as its profile writes it, asked this strictly."""
    said = next(
        row for row in profiles.read("youth-one-to-one")["gate"] if (row["side"], row["code"]) == ("mentee", code)
    )
    assert said["weight"] == "off"
    more = {"weight": weight, "minors_only": said.get("minors_only", False), "source": said["source"]}
    GateRule.objects.update_or_create(program=program, side="mentee", code=code, defaults=more)


def lacking(one):
    return missing_gates([one], TODAY, with_minor=True)[one.pk]


def test_each_profile_offers_it_and_asks_nobody_at_first():
    for name in profiles.slugs():
        rules = {(row["side"], row["code"]): row for row in profiles.read(name)["gate"]}
        offered = CODES if ("mentee", "permission") in rules else CODES[:1]
        assert [(name, rules["mentee", code]["weight"]) for code in offered] == [(name, "off")] * len(offered)
        assert all("S1-53" in rules["mentee", code]["source"] for code in offered)


@pytest.mark.parametrize("code", CODES)
def test_it_holds_a_match_back_where_a_program_says_so_and_only_then(riverside, ben_in, cora, as_user, code):
    before = lacking(ben_in)
    rule(riverside, code, "off")
    assert lacking(ben_in) == before
    rule(riverside, code, "soft")
    page = as_user(cora).get(f"/p/riverside/gates/{ben_in.ref}/")
    assert (lacking(ben_in), f'id="gate-{code}"' in page.text) == (before, True)

    rule(riverside, code, "hard")
    assert len(lacking(ben_in)) == len(before) + 1
    address = f"/p/riverside/gates/{ben_in.ref}/{code}/"
    form = as_user(cora).get(address).context["form"]
    assert ("hours" in form.fields, "waived" in dict(form.fields["way"].choices)) == (False, True)
    assert as_user(cora).post(address, {"met_on": "16 11 2026", "way": "waived", "note": ""}).status_code == 422
    assert (
        as_user(cora).post(address, {"met_on": "16 11 2026", "way": "waived", "note": "did it last year"}).status_code
        == 302
    )

    gate = Gate.objects.get(participant=ben_in, code=code)
    assert (gate.how, gate.seen_by, lacking(ben_in)) == ("waived: did it last year", cora, before)


def test_a_round_asks_for_the_same(riverside, ben_in, cora):
    adult = participant(person("Ada", riverside, born_on=LONG_AGO.date().replace(year=1990)), riverside, "mentee")
    on = TODAY
    assert adult in ready(riverside, Participant.Side.MENTEE, on)
    rule(riverside, "guardian-training", "hard")
    assert (adult in ready(riverside, Participant.Side.MENTEE, on), lacking(adult)) == (True, [])  # nobody's child
    rule(riverside, "training", "hard")
    assert adult not in ready(riverside, Participant.Side.MENTEE, on)
    record_gate(
        adult, code="training", is_met=True, met_on=on, how="in person", by=cora, at=LONG_AGO.replace(year=2027)
    )
    assert adult in ready(riverside, Participant.Side.MENTEE, on)


def test_what_a_child_of_a_mentors_side_needs_is_not_waived(riverside, ama_in, cora, as_user):
    form = as_user(cora).get(f"/p/riverside/gates/{ama_in.ref}/training/").context["form"]

    assert ("hours" in form.fields, "waived" in dict(form.fields["way"].choices)) == (True, False)
