"""What a lead does with a worry or a concern; nothing in its file ever changes."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from rapport.audit.models import Event
from rapport.matches import actions as matches
from rapport.matches.models import Change, Match
from rapport.safeguarding import actions
from rapport.safeguarding.actions.handling import ConcernClosed, NoMatchToHold, NotForThem, OnlyALead, StillHeld
from rapport.safeguarding.models import Concern, Entry, TriageItem
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY, WEEK
from tests.safeguarding.conftest import CANARY, raised

pytestmark = pytest.mark.django_db


def step(concern, name):
    return reverse("safeguarding:step", args=[concern.program.slug, concern.ref, name])


def verbs(concern):
    return list(concern.entries.values_list("verb", flat=True))


# The whole way, by the pages


def test_from_raised_to_closed(concern, dele, cora, ama, as_user):
    browser = as_user(dele)

    for name, typed in (
        ("read", {}),
        ("danger", {"danger-risk": "high", "danger-state": "action"}),
        ("note", {"note-words": "Spoke with Ben at lunch.", "note-look_again_on": "2030-11-18"}),
        ("telling", {"telling-words": "Nobody but the head of the school."}),
        ("reader", {"reader-who": cora.pk}),
        ("about", {"about-who": ama.pk}),
        ("closing", {"closing-outcome": "It was a misunderstanding."}),
    ):
        answer = browser.post(step(concern, name), typed)
        assert (name, answer.status_code) == (name, 302)

    concern.refresh_from_db()
    assert (concern.state, concern.risk, concern.owner) == ("closed", "high", dele)
    assert (concern.outcome, concern.who_may_be_told) == (
        "It was a misunderstanding.",
        "Nobody but the head of the school.",
    )
    assert verbs(concern) == [
        "raised",
        "climbed",
        "acknowledged",
        "weighed",
        "noted",
        "who may be told",
        "named",
        "kept from",
        "closed",
    ]
    assert not Task.objects.open().exists()
    page = browser.get(concern.get_absolute_url()).content.decode()
    assert "It was a misunderstanding." in page
    assert "Add a note" not in page


def test_the_numbers_come_first_until_it_is_read_and_again_in_immediate_danger(concern, dele, as_user):
    browser = as_user(dele)
    number = "Call 911; school office 555 0111"

    def numbers_come_first():
        html = browser.get(concern.get_absolute_url()).content.decode()
        return number in html and html.index(number) < html.index(CANARY)

    assert numbers_come_first()
    actions.acknowledge(concern, by=dele, at=MONDAY)
    assert not numbers_come_first()
    actions.set_risk(concern, risk="immediate", state="action", by=dele, at=MONDAY)
    assert numbers_come_first()


def test_looking_is_not_taking_it(concern, dele, as_user):
    as_user(dele).get(concern.get_absolute_url())

    concern.refresh_from_db()
    assert (concern.acknowledged_at, concern.owner) == (None, None)


def test_opening_a_worry_is_reading_it(worry, dele, dora, as_user):
    as_user(dele).get(worry.get_absolute_url())
    first = TriageItem.objects.get().read_at
    as_user(dora).get(worry.get_absolute_url())

    assert first is not None
    assert TriageItem.objects.get().read_at == first


# Worries


def test_a_worry_closed_with_a_talk(worry, dele, as_user):
    answer = as_user(dele).post(worry.get_absolute_url(), {"outcome": "talked", "note": "He misses his cat."})

    worry.refresh_from_db()
    assert (answer.status_code, worry.outcome, worry.note, worry.closed_by) == (
        302,
        "talked",
        "He misses his cat.",
        dele,
    )
    assert not Task.objects.open().exists()
    assert not Concern.objects.exists()


def test_a_worry_raised_as_a_concern_is_the_leads_at_once(worry, dele, as_user):
    answer = as_user(dele).post(worry.get_absolute_url(), {"outcome": "concern", "note": "He is afraid."})

    concern = Concern.objects.get()
    assert answer["Location"] == concern.get_absolute_url()
    assert (concern.words, concern.owner, concern.subject) == (worry.words, dele, worry.person)
    assert not Task.objects.open().exists()


def test_a_worry_to_talk_about_again_comes_back_that_day(worry, dele, as_user):
    browser = as_user(dele)

    without = browser.post(worry.get_absolute_url(), {"outcome": "watch", "note": "A little sad."})
    assert without.status_code == 422
    browser.post(worry.get_absolute_url(), {"outcome": "watch", "note": "A little sad.", "look_again_on": "2030-11-19"})

    task = Task.objects.open().get()
    assert (task.owner, task.level, task.due_at.date(), task.person) == (dele, 4, date(2030, 11, 19), None)


def test_a_worry_is_closed_once(worry, dele, dora):
    actions.close_triage(worry, outcome="talked", note="Fine.", by=dele, at=MONDAY)

    assert actions.close_triage(worry, outcome="concern", note="No!", by=dora, at=MONDAY + DAY) is None

    assert TriageItem.objects.get().note == "Fine."
    assert not Concern.objects.exists()


# Refusals


def test_a_closed_concern_is_only_read(concern, dele, as_user):
    actions.close_concern(concern, outcome="Done.", by=dele, at=MONDAY)
    before = verbs(concern)

    with pytest.raises(ConcernClosed):
        actions.note(concern, words="More", by=dele, at=MONDAY)
    answer = as_user(dele).post(step(concern, "note"), {"note-words": "More"})

    assert answer.status_code == 409
    assert "raise it as a new one" in answer.content.decode()
    assert verbs(concern) == before


ACTS = {
    "acknowledge": {},
    "set_risk": {"risk": "low", "state": "exploring"},
    "note": {"words": "-"},
    "tell_whom": {"words": "-"},
    "hold_contact": {},
    "let_go": {},
    "close_concern": {"outcome": "-"},
}


@pytest.mark.parametrize("name", ACTS)
def test_no_act_is_open_to_a_stranger_or_to_the_accused(concern, dan, cora, name):
    concern.accused.add(dan.person)
    before = verbs(concern), Concern.objects.values().get()

    for user in (cora, dan):
        with pytest.raises(NotForThem):
            getattr(actions, name)(concern, **ACTS[name], by=user, at=MONDAY)

    assert (verbs(concern), Concern.objects.values().get()) == before


@pytest.mark.parametrize("name", [name for name in ACTS if name != "note"])
def test_a_named_colleague_decides_nothing(concern, cora, name):
    concern.named.add(cora)

    with pytest.raises(OnlyALead):
        getattr(actions, name)(concern, **ACTS[name], by=cora, at=MONDAY)

    assert verbs(concern) == ["raised", "climbed"]


def test_a_note_never_turns_back_what_another_lead_did(concern, dele, dora):
    stale = Concern.objects.get(pk=concern.pk)
    actions.set_risk(concern, risk="high", state="action", by=dele, at=MONDAY)

    actions.note(stale, words="A call.", by=dora, at=MONDAY)

    assert Concern.objects.get().state == "action"


# Holding contact


def test_a_hold_reads_as_a_pause_to_everybody_and_only_a_lead_lets_go(concern, match, dele, dora, cora):
    actions.hold_contact(concern, by=dele, at=MONDAY)

    match.refresh_from_db()
    assert match.state == Match.State.PAUSED
    assert Concern.objects.get().owner == dele  # holding contact is reading it
    with pytest.raises(matches.StaysPaused):
        matches.resume(match, by=cora, at=MONDAY + DAY)
    actions.let_go(concern, by=dora, at=MONDAY + WEEK)
    match.refresh_from_db()
    assert match.state == Match.State.ACTIVE


def test_a_hold_tells_nobody_who_or_why(concern, match, dele):
    actions.hold_contact(concern, by=dele, at=MONDAY)

    change = Change.objects.filter(match=match).latest("pk")
    assert (change.by, change.words) == (None, "")
    open_rows = Event.objects.about(match).filter(level__lt=4)
    assert {row.actor_label for row in open_rows} == {"Rapport"}
    pause = match.pauses.get()
    assert pause.reason == ""


def test_two_concerns_hold_until_both_let_go(concern, match, ben, dele):
    second = raised(match.program, key="second", match=match, subject=ben)
    for one in (concern, second):
        actions.hold_contact(one, by=dele, at=MONDAY)

    actions.let_go(concern, by=dele, at=MONDAY + DAY)
    match.refresh_from_db()
    assert match.state == Match.State.PAUSED

    actions.let_go(second, by=dele, at=MONDAY + DAY)
    match.refresh_from_db()
    assert match.state == Match.State.ACTIVE


def test_a_file_is_not_closed_over_a_held_pair(concern, dele):
    actions.hold_contact(concern, by=dele, at=MONDAY)

    with pytest.raises(StillHeld):
        actions.close_concern(concern, outcome="Done.", by=dele, at=MONDAY)

    actions.let_go(concern, by=dele, at=MONDAY)
    actions.close_concern(concern, outcome="Done.", by=dele, at=MONDAY)
    assert Concern.objects.get().state == "closed"


def test_without_an_open_match_there_is_nothing_to_hold(riverside, duty, dele):
    concern = raised(riverside)

    with pytest.raises(NoMatchToHold):
        actions.hold_contact(concern, by=dele, at=MONDAY)


# Who it is about


def test_saying_who_it_is_about_takes_it_off_their_desk(concern, dele, dora):
    actions.acknowledge(concern, by=dele, at=MONDAY)

    actions.accuse(concern, person=dele.person, by=dora, at=MONDAY)

    assert not Concern.objects.visible_to(dele, MONDAY).exists()
    assert Concern.objects.get().owner == dora
    assert not Task.objects.open().filter(owner=dele).exists()


def test_a_lead_who_steps_back_is_led_to_their_desk(concern, dele, as_user):
    answer = as_user(dele).post(step(concern, "about"), {"about-who": dele.person.pk})

    assert answer["Location"] == reverse("safeguarding:desk", args=["riverside"])
    assert as_user(dele).get(concern.get_absolute_url()).status_code == 404


# Nothing in the file changes


CHANGES = [
    lambda: Entry.objects.update(words="Nothing happened."),
    lambda: Entry.objects.update(at=MONDAY - WEEK),
    lambda: Entry.objects.update(by=None, verb="closed"),
    lambda: Entry.objects.all()._raw_delete("default"),
    lambda: Concern.objects.update(words="Nothing happened."),
    lambda: Concern.objects.update(raised_by_label="nobody"),
    lambda: Concern.objects.update(raised_at=MONDAY - WEEK),
    lambda: Concern.objects.all()._raw_delete("default"),
]


@pytest.mark.parametrize("n", range(len(CHANGES)))
def test_the_database_refuses_to_change_the_file(concern, dele, n):
    actions.note(concern, words="Spoke with Ben.", by=dele, at=MONDAY)
    before = list(Entry.objects.values()), list(Concern.objects.values())

    with pytest.raises(DatabaseError), transaction.atomic():
        CHANGES[n]()

    assert (list(Entry.objects.values()), list(Concern.objects.values())) == before
