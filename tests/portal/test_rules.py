"""A rule is changed in two steps: what it will send is said, then it is kept. What was said is what happens."""

import os
from datetime import date, timedelta

import pytest

from rapport.audit.models import Event
from rapport.checkins.actions.replanning import replan
from rapport.checkins.models import CheckIn, Rhythm
from rapport.clock.actions import tick
from rapport.onboarding.models import Gate
from rapport.portal.actions import foretell_next
from rapport.portal.ahead import playing
from rapport.programs.actions import AlwaysAsked, change_gate
from rapport.programs.models import GateRule
from tests.cast import MONDAY, participant, person, staff

DAY = timedelta(days=1)
SETTINGS = "/p/riverside/settings/"
MORNING = MONDAY + timedelta(minutes=5)
WEEKLY = {"every": "1", "unit": "weeks", "grace_days": "5"}


@pytest.fixture(autouse=True)
def few_days(monkeypatch):
    if not os.environ.get("RAPPORT_FULL"):
        monkeypatch.setattr(playing, "DAYS", 8)


@pytest.fixture
def eve(riverside):
    return staff("Eve", riverside, "evaluator")


def rule(program, code):
    return program.promises.select_related("program").get(code=code)


def test_it_is_said_on_the_page_before_it_is_kept(as_user, cora, match, riverside, time_machine):
    time_machine.move_to(MORNING, tick=False)
    tick(at=MORNING)
    browser = as_user(cora)

    waits = browser.post(f"{SETTINGS}promises/ask-mentor/", WEEKLY, follow=True)
    address = waits.redirect_chain[-1][0]
    foretell_next()
    looked = browser.get(address)

    assert f"0 of {2 * playing.DAYS} days are played." in waits.content.decode()
    said = looked.context["said"]
    assert " more ask" in said[0]
    assert said[0].endswith(" to Ama.")
    assert "Nothing is kept yet." in looked.content.decode()
    assert rule(riverside, "ask-mentor").unit == "months"
    browser.post(address)
    assert rule(riverside, "ask-mentor").unit == "weeks"
    assert browser.post(address).status_code == 404


def test_what_is_due_or_asked_stays_when_a_promise_changes(match, riverside):
    ask = rule(riverside, "ask-mentor")
    tick(at=MORNING)
    Rhythm.objects.update(looked_until_at=None)
    rows = CheckIn.objects.filter(promise=ask)
    kept = set(rows.exclude(ask=None, due_at__gt=MORNING).values_list("pk", flat=True))

    replan(ask, at=MORNING)

    assert set(rows.values_list("pk", flat=True)) == kept


def test_a_number_nobody_is_written_to_for_says_so(as_user, cora, match):
    looked = as_user(cora).post(f"{SETTINGS}limits/together-open-days/", {"value": "45"})

    assert looked.context["ahead"] == ["Nothing is sent because of this; what reads it does so from now on."]


def test_what_was_not_looked_at_is_not_kept(as_user, cora, match, riverside):
    browser = as_user(cora)
    sure = browser.post(f"{SETTINGS}limits/together-open-days/", {"value": "45"}).context["sure"]

    browser.post(f"{SETTINGS}limits/together-open-days/", {"value": "99", "sure": sure})
    assert riverside.limits.get(code="together-open-days").value == 40
    riverside.limits.filter(code="together-open-days").update(value=50)
    browser.post(f"{SETTINGS}limits/together-open-days/", {"value": "45", "sure": sure})

    assert riverside.limits.get(code="together-open-days").value == 50


@pytest.mark.parametrize(
    ("address", "data", "said"),
    [
        ("promises/ask-mentee/", {"every": "1", "unit": "weeks", "grace_days": "9"}, "later than the next one"),
        ("promises/ask-mentee/", {"every": "1", "unit": "weeks", "grace_days": "2"}, "more often than the limit"),
        ("limits/asks-in-30-days/", {"value": "1"}, "ask-mentee: that is more often than the limit"),
    ],
)
def test_rules_that_do_not_go_together_are_refused(as_user, cora, riverside, address, data, said):
    response = as_user(cora).post(SETTINGS + address, data)

    assert said in response.content.decode()
    assert "sure" not in response.context


# Gates


@pytest.fixture
def untrained(riverside, cora):
    """Kofi is clear and was not trained; nobody meets children without a check."""
    kofi = participant(person("Kofi", riverside, born_on=date(1980, 1, 1)), riverside, "mentor")
    Gate.objects.create(
        program=riverside, participant=kofi, code="clearance", is_met=True, met_on=date(2026, 1, 10),
        valid_until_on=date(2028, 1, 10), seen_by=cora, seen_at=MONDAY,
    )  # fmt: skip
    return kofi


def test_a_gate_made_optional_says_who_would_then_be_ready(as_user, cora, untrained, riverside, time_machine):
    time_machine.move_to(MORNING, tick=False)
    browser, data = as_user(cora), {"weight": "soft", "why": "The trainer is ill until January"}

    looked = browser.post(f"{SETTINGS}gates/mentor/training/", data)

    assert looked.context["ahead"] == ["1 more would then be ready: Kofi."]
    assert riverside.gate_rules.get(side="mentor", code="training").weight == "hard"
    page = browser.post(f"{SETTINGS}gates/mentor/training/", {**data, "sure": looked.context["sure"]}, follow=True)
    assert riverside.gate_rules.get(side="mentor", code="training").weight == "soft"
    event = Event.objects.get(verb="gate-rule.changed")
    assert event.facts == {"was": {"weight": "hard"}, "now": {"weight": "soft"}, "why": data["why"]}
    assert "changed from hard by Cora" in page.content.decode()
    assert data["why"] in page.content.decode()


def test_a_gate_asked_again_says_who_would_no_longer_be_ready(as_user, cora, untrained, riverside):
    GateRule.objects.filter(program=riverside, code="training").update(weight="soft")

    looked = as_user(cora).post(f"{SETTINGS}gates/mentor/training/", {"weight": "hard", "why": "As it was"})

    assert looked.context["ahead"] == ["1 would no longer be ready: Kofi."]


def test_a_change_of_a_gate_needs_its_reason(as_user, cora, riverside):
    looked = as_user(cora).post(f"{SETTINGS}gates/mentor/training/", {"weight": "soft", "why": ""})

    assert looked.status_code == 200
    assert "sure" not in looked.context


@pytest.mark.parametrize(("side", "code"), [("mentor", "clearance"), ("mentee", "permission"), ("mentee", "assent")])
def test_what_keeps_children_safe_is_never_made_optional(as_user, cora, riverside, side, code):
    gate = riverside.gate_rules.get(side=side, code=code)
    browser, data = as_user(cora), {"weight": "soft", "why": "In a hurry"}
    looked = browser.post(f"{SETTINGS}gates/{side}/{code}/", data)

    assert looked.status_code == 409
    with pytest.raises(AlwaysAsked):
        change_gate(gate, weight="off", why="In a hurry", by=cora, at=MONDAY)
    assert riverside.gate_rules.get(side=side, code=code).weight == "hard"


def test_others_find_no_rules_to_change(as_user, eve, omar, riverside):
    for somebody in (eve, omar):
        for address in ("gates/mentor/training/", "promises/meet/", "limits/together-open-days/"):
            browser = as_user(somebody)
            assert browser.get(SETTINGS + address).status_code == 404
            assert browser.post(SETTINGS + address, {"weight": "soft", "why": "x", "value": "1"}).status_code == 404
    assert as_user(omar).get("/p/hillside/settings/").status_code == 200
