"""Why two are not with each other, what two share and do not, and whom to look for next."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rapport.matching.actions import draft_round, take_out, write_criteria
from rapport.matching.actions.recruiting import look_ahead_next
from rapport.matching.rounds import recruiting
from rapport.people.models import Person
from tests.care.conftest import restrict
from tests.cast import MONDAY
from tests.matching.test_pages import words_of

pytestmark = pytest.mark.usefixtures("engine_here")
RULES = [
    {"code": "interests", "kind": "overlap", "label": "Interests", "weight": 100, "settings": {"trait": "interests"}},
    {"code": "town", "kind": "same", "label": "Same town", "weight": 0, "is_hard": True, "settings": {"trait": "town"}},
    {"code": "alike", "kind": "overlap", "label": "Alike", "weight": 10, "settings": {"trait": "alike", "quiet": True}},
]


@pytest.fixture
def people(riverside, newcomer):
    """Ama likes what Ben and Zoe like, and Zoe likes nothing else; Eve lives elsewhere; Lea and Leo find nobody."""
    riverside.criteria.all().delete()
    write_criteria(riverside, {"criterion": [{**rule, "source": "ours"} for rule in RULES]})
    mentors = {"Ama": ["chess"], "Kofi": ["tea"], "Eve": ["chess"]}
    mentees = {"Ben": ["tea", "chess"], "Zoe": ["chess"], "Lea": ["golf"], "Leo": ["golf", "ski"]}
    towns = {"Eve": "Elsewhere", "Lea": "Hill", "Leo": "Hill"}
    return {
        name: newcomer(name, side, interests=likes, town=towns.get(name, "Riverside"), alike=["orchid"])
        for side, rows in (("mentor", mentors), ("mentee", mentees))
        for name, likes in rows.items()
    }


@pytest.fixture
def kept(riverside, people, cora):
    return draft_round(riverside, by=cora, at=MONDAY)


@pytest.fixture
def ask(kept, cora, as_user):
    browser = as_user(cora)

    def said(mentee, mentor):
        address = reverse("matching:why", args=["riverside", kept.ref])
        return words_of(browser.get(address, {"mentee": mentee, "mentor": mentor}))

    return said


def test_why_not_is_said_of_any_two(kept, people, ask):
    told = ask("Ben", "Ama")
    assert "Kofi is as good for Ben as Ama." in told
    assert "Ama is with Zoe here: together 110 points, and with Ben it would be 110." in told
    assert "the mentee alone: tea" in told
    assert "The others would lose" in told
    assert "Zoe would go from Ama to Kofi." in told
    assert "They are with each other in this draft." in ask("Zoe", "ama")
    assert "They do not fit the rule “Same town”." in ask("Zoe", "Eve")
    assert "orchid" not in told
    assert "No mentee of this round is called so." in ask("Nobody", "Ama")
    assert "Which mentee?" in ask("Le", "Ama")
    assert "They are with each other" in ask(people["Zoe"].ref, people["Ama"].ref)


def test_nothing_tells_that_two_are_kept_apart_or_that_somebody_is_there(riverside, kept, people, cora, ask):
    Person.objects.filter(pk=people["Eve"].person_id).update(family_name="Doe")
    restrict(people["Ama"].person, people["Ben"].person, program=riverside, by=cora)
    barred = ask("Ben", "Ama")
    assert "These two may not be paired now." in barred
    assert "Pair them by hand" not in barred
    assert "Eve Doe" in ask("Zoe", "Eve Doe")
    restrict(cora.person, people["Zoe"].person, program=riverside, by=cora)

    told = ask("Ben", "Ama")
    assert "Zoe" not in told
    assert "No mentee of this round is called so." in ask("Zoe", "Ama")
    assert "No mentor is called so." in ask("Ben", "\x00' OR 1=1 --")


def test_whom_to_look_for_next_is_made_of_those_left_without(riverside, kept, people, cora, as_user):
    browser = as_user(cora)

    shown = words_of(browser.get(kept.get_absolute_url()))

    assert "Of the 2 who are left without:" in shown
    assert "2 told “Hill” (Same town) 2 told “golf” (Interests)" in shown
    assert "orchid" not in shown
    assert "Without the rule “Same town” there would be 3" in shown
    restrict(cora.person, people["Lea"].person, program=riverside, by=cora)
    seen = words_of(browser.get(kept.get_absolute_url()))
    assert [word for word in ("told “golf”", "there would be") if word in seen] == []
    assert "Nobody was found for them in this plan." in seen


def test_what_further_mentors_would_bring_is_tried(riverside, kept, people, cora, as_user):
    browser, address = as_user(cora), reverse("matching:recruit", args=["riverside", kept.ref])

    shown = words_of(browser.get(address))

    assert "Somebody with Same town: Hill 2 more would find a mentor for" in shown
    assert "orchid" not in shown
    restrict(cora.person, people["Lea"].person, program=riverside, by=cora)
    hidden = words_of(browser.get(address))
    assert [word for word in ("Lea", "Same town: Hill", "more would find", "more together") if word in hidden] == []
    take_out(kept.drafts.first(), by=cora, at=MONDAY)
    assert "This draft is not as it was worked out" in words_of(browser.get(address))


def test_after_a_run_it_is_worked_out_beforehand_and_the_page_only_reads(kept, people, cora, as_user, monkeypatch):
    browser, address = as_user(cora), reverse("matching:recruit", args=["riverside", kept.ref])

    assert [look_ahead_next() for _time in range(2)] == [1, 0]
    monkeypatch.setattr(recruiting, "ask_engine", None)

    assert "Somebody with Same town: Hill 2 more would find a mentor for" in words_of(browser.get(address))
    restrict(cora.person, people["Lea"].person, program=kept.program, by=cora)
    assert "Lea" not in words_of(browser.get(address))
    take_out(kept.drafts.first(), by=cora, at=MONDAY)
    assert "This draft is not as it was worked out" in words_of(browser.get(address))


def test_what_ended_the_long_work_while_it_looked_ahead_is_not_tried_again(kept, monkeypatch):
    def ends(*_told):
        raise MemoryError

    monkeypatch.setattr(recruiting, "tried", ends)

    with pytest.raises(MemoryError):
        look_ahead_next()
    assert look_ahead_next() == 0


def test_it_opens_for_nobody_else(kept, omar, as_user):
    for program in ("riverside", "hillside"):
        assert as_user(omar).get(reverse("matching:why", args=[program, kept.ref])).status_code == 404


def test_it_asks_as_much_for_few_as_for_many(riverside, newcomer, cora, as_user):
    browser, counts = as_user(cora), []
    for start, end in ((0, 3), (3, 6), (6, 30)):
        for n in range(start, end):
            newcomer(f"Ama{n}", "mentor")
            newcomer(f"Ben{n}", "mentee")
        kept = draft_round(riverside, by=cora, at=MONDAY)
        with CaptureQueriesContext(connection) as asked:
            address = reverse("matching:why", args=["riverside", kept.ref])
            assert browser.get(address, {"mentee": "Ben0", "mentor": "Ama0"}).status_code == 200
        counts.append(len(asked))

    assert counts[1] == counts[2]
