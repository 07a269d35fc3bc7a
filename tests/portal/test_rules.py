"""A rule is changed in two steps: what it will send is said, then it is kept. What was said is what happens."""

import os
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.audit.models import Event
from rapport.checkins.actions.replanning import replan
from rapport.checkins.models import Ask, CheckIn, Rhythm
from rapport.clock.actions import deliver, tick
from rapport.onboarding.models import Gate
from rapport.outbox.models import Message
from rapport.portal import forecast
from rapport.portal.changing import change_rule, foretold
from rapport.programs.actions import AlwaysAsked, change_gate
from rapport.programs.models import GateRule, Promise
from rapport.tasks.models import Task
from tests.cast import MONDAY, open_match, participant, person, staff

DAY = timedelta(days=1)
SETTINGS = "/p/riverside/settings/"
MORNING = MONDAY + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def mailbox(settings, tmp_path, monkeypatch):
    settings.MAILBOX = tmp_path / "mailbox"
    if not os.environ.get("RAPPORT_FULL"):
        monkeypatch.setattr(forecast, "DAYS", 12)  # an ask, its reminder, the call in its place, and the next ask


@pytest.fixture
def eve(riverside):
    return staff("Eve", riverside, "evaluator")


def rule(program, code):
    return program.promises.select_related("program").get(code=code)


def live():
    """Thirty days: the clock ticks and the post goes, each morning and in the evening."""
    for n in range(forecast.DAYS + 1):
        for at in (MORNING + n * DAY, MORNING + n * DAY + timedelta(hours=10)):
            if at <= MORNING + forecast.DAYS * DAY:
                tick(at=at)
                deliver(at=at)


def sent(kind):
    """What went out of this kind after the first morning: pairs of name and day."""
    ours = Message.objects.filter(kind=f"checkins/{kind}", queued_at__gt=MORNING)
    return sorted(ours.values_list("to__given_name", "queued_at__date"))


def days_of(counter):
    names = dict(Ask.objects.values_list("person", "person__given_name"))
    return sorted((names[who], day) for day, who in counter.elements())


def test_what_a_change_of_cadence_sends_is_what_is_said_before(match, riverside, cora):
    tick(at=MORNING)
    numbers = {"every": 1, "unit": "weeks", "grace_days": 5}
    ask = rule(riverside, "ask-mentor")

    was, now = forecast.compare(riverside, lambda: change_rule(ask, numbers, by=cora, at=MORNING), at=MORNING)

    assert now.asks != was.asks
    assert not Event.objects.filter(verb="promise.changed").exists()
    change_rule(ask, numbers, by=cora, at=MORNING)
    live()
    assert sent("invitation") == days_of(now.asks)
    assert sent("reminder") == days_of(now.reminders)
    assert Task.objects.filter(kind__startswith="checkins/").count() == now.calls


def test_without_a_change_the_thirty_days_are_as_they_are_played(match, riverside):
    Promise.objects.filter(program=riverside, kind="check-in").update(every=1, unit="weeks", first_days=[])
    tick(at=MORNING)

    played = forecast.play(riverside, at=MORNING)
    live()

    assert sent("invitation") == days_of(played.asks)
    assert sent("reminder") == days_of(played.reminders)


def test_it_is_said_on_the_page_before_it_is_kept(as_user, cora, match, riverside, time_machine):
    time_machine.move_to(MORNING, tick=False)
    tick(at=MORNING)
    browser = as_user(cora)
    data = {"every": "1", "unit": "weeks", "grace_days": "5"}

    looked = browser.post(f"{SETTINGS}promises/ask-mentor/", data)

    said = looked.context["ahead"]
    assert said[0].endswith(" more asks in the next 30 days, the first on 17 November to Ama.") or "Ama" in said[0]
    assert "Nothing is kept yet." in looked.content.decode()
    assert rule(riverside, "ask-mentor").unit == "months"
    browser.post(f"{SETTINGS}promises/ask-mentor/", {**data, "sure": looked.context["sure"]})
    assert rule(riverside, "ask-mentor").unit == "weeks"


def test_asking_less_often_takes_planned_ones_back(match, riverside, cora):
    ask = rule(riverside, "ask-mentee")
    Promise.objects.filter(pk=ask.pk).update(every=1, unit="weeks", first_days=[])
    ask.refresh_from_db()
    tick(at=MORNING)
    planned = CheckIn.objects.open().filter(promise=ask, ask=None, due_at__gt=MORNING).count()
    assert planned

    said = foretold(ask, {"every": 6, "unit": "months"}, user=cora, at=MORNING)
    change_rule(ask, {"every": 6, "unit": "months"}, by=cora, at=MORNING)

    assert any("withdrawn" in one for one in said)
    assert not CheckIn.objects.open().filter(promise=ask, ask=None, due_at__gt=MORNING).exists()


def test_what_is_due_or_asked_stays_when_a_promise_changes(match, riverside):
    ask = rule(riverside, "ask-mentor")
    tick(at=MORNING)
    Rhythm.objects.update(looked_until_at=None)
    rows = CheckIn.objects.filter(promise=ask)
    kept = set(rows.exclude(ask=None, due_at__gt=MORNING).values_list("pk", flat=True))

    replan(ask, at=MORNING)

    assert set(rows.values_list("pk", flat=True)) == kept


def test_nothing_of_a_look_stays(as_user, cora, match, riverside, time_machine):
    time_machine.move_to(MORNING, tick=False)
    tick(at=MORNING)
    counts = [model.objects.count() for model in (Message, Task, CheckIn, Ask, Event)]

    as_user(cora).post(f"{SETTINGS}promises/ask-mentor/", {"every": "1", "unit": "weeks", "grace_days": "5"})
    as_user(cora).post(f"{SETTINGS}limits/remind-after/", {"value": "1"})

    assert [model.objects.count() for model in (Message, Task, CheckIn, Ask, Event)] == counts


def test_another_program_is_not_played(match, hill_match, riverside, hillside):
    played = forecast.play(riverside, at=MORNING)

    ours = {place.participant.person_id for place in match.members.all()}
    theirs = {place.participant.person_id for place in hill_match.members.all()}
    people = {who for _day, who in played.asks}
    assert people & ours
    assert not people & theirs


def test_a_number_nobody_is_written_to_for_says_so(as_user, cora, match):
    looked = as_user(cora).post(f"{SETTINGS}limits/silent/", {"value": "45"})

    assert looked.context["ahead"] == [
        "No ask and no reminder goes out because of this; what reads it does so from now on."
    ]


def test_a_large_program_says_that_it_is_not_counted(as_user, cora, match, monkeypatch):
    monkeypatch.setattr(forecast, "MOST_MATCHES", 0)

    looked = as_user(cora).post(f"{SETTINGS}limits/remind-after/", {"value": "5"})

    assert looked.context["ahead"] == ["More than 0 matches are open: what it sends is not counted on a page."]


def test_what_was_not_looked_at_is_not_kept(as_user, cora, match, riverside):
    browser = as_user(cora)
    sure = browser.post(f"{SETTINGS}limits/silent/", {"value": "45"}).context["sure"]

    browser.post(f"{SETTINGS}limits/silent/", {"value": "99", "sure": sure})
    assert riverside.limits.get(code="silent").value == 60
    riverside.limits.filter(code="silent").update(value=50)
    browser.post(f"{SETTINGS}limits/silent/", {"value": "45", "sure": sure})

    assert riverside.limits.get(code="silent").value == 50


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
        for address in ("gates/mentor/training/", "promises/meet/", "limits/silent/"):
            browser = as_user(somebody)
            assert browser.get(SETTINGS + address).status_code == 404
            assert browser.post(SETTINGS + address, {"weight": "soft", "why": "x", "value": "1"}).status_code == 404
    assert as_user(omar).get("/p/hillside/settings/").status_code == 200


def test_a_look_costs_the_same_for_more_pairs(as_user, cora, match, riverside, time_machine):
    time_machine.move_to(MORNING, tick=False)
    counts = []
    for more in (0, 6):
        for n in range(more):
            mentor = participant(person(f"Mo{n}", riverside, born_on=date(1980, 1, 1)), riverside, "mentor")
            child = participant(person(f"Li{n}", riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
            open_match(mentor, child, coordinator=cora)
        with CaptureQueriesContext(connection) as asked:
            as_user(cora).post(f"{SETTINGS}promises/ask-mentor/", {"every": "1", "unit": "weeks", "grace_days": "5"})
        counts.append(len(asked))

    assert counts[1] < counts[0] * 1.5  # more days have something to do
