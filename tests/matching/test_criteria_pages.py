"""Criteria are weighed by staff, tried on real people before they are kept; what is known is not asked again."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rapport.audit.models import Event
from rapport.matching import gathering
from rapport.matching.actions import draft_round, write_criteria
from rapport.matching.criteria import kinds, previewing
from rapport.matching.models import Criterion, Round
from rapport.meetings.actions import say_free_times
from rapport.people.models import Person
from rapport.programs import profiles
from tests.care.conftest import restrict
from tests.cast import MONDAY, staff
from tests.matching.test_pages import words_of

pytestmark = pytest.mark.usefixtures("engine_here")
RULES = [
    {"code": "interests", "kind": "overlap", "label": "Interests", "weight": 100, "settings": {"trait": "interests"}},
    {"code": "music", "kind": "same", "label": "Music", "weight": 10, "settings": {"trait": "music"}},
]


@pytest.fixture
def people(riverside, newcomer):
    """Ama shares chess with Ben and no music, Kofi the other way round; one of them has a place for each."""
    riverside.criteria.all().delete()
    write_criteria(riverside, {"criterion": [{**rule, "source": "ours"} for rule in RULES]})
    return {
        "Ama": newcomer("Ama", "mentor", interests=["chess"], music="rock"),
        "Kofi": newcomer("Kofi", "mentor", interests=["tea"], music="soul"),
        "Ben": newcomer("Ben", "mentee", interests=["chess"], music="soul"),
    }


def page(program, *more):
    return reverse("matching:criterion", args=[program.slug, *more]) if more else reverse(
        "matching:criteria", args=[program.slug]
    )  # fmt: skip


def weights(interests=100, music=10, **more):
    on = {"is_on-interests": "on", "is_on-music": "on"}
    return {"weight-interests": interests, "weight-music": music, **on, **more}


ONE = {"label": "Music", "mentee": "music", "mentor": "music", "group": "other", "weight": 10, "is_on": "on"}


def test_weights_are_looked_at_on_real_people_before_they_are_kept(riverside, people, cora, as_user):
    browser = as_user(cora)

    looked = browser.post(page(riverside), weights(interests=10, music=100) | {"do": "look"})

    said = words_of(looked)
    assert "As now, 1 of 1 would find a mentor." in said
    assert "now: Ama 100 , Kofi 10" in said
    assert "then: Kofi 100 , Ama 10" in said
    assert set(riverside.criteria.values_list("code", "weight")) == {("interests", 100), ("music", 10)}
    piece = browser.post(page(riverside), weights() | {"do": "look"}, headers={"HX-Request": "true"})
    assert "<html" not in piece.content.decode()
    assert "as now" in words_of(piece)
    wrong = browser.post(page(riverside), weights(music="many") | {"do": "look"}, headers={"HX-Request": "true"})
    assert (wrong.status_code, "Put this right" in words_of(wrong)) == (422, True)

    browser.post(page(riverside), weights(interests=10, music=100))

    assert set(riverside.criteria.values_list("code", "weight")) == {("interests", 10), ("music", 100)}
    told = Event.objects.filter(verb="criterion.changed").order_by("pk").values_list("facts", flat=True)
    assert list(told) == [
        {"was": {"weight": 100}, "now": {"weight": 10}},
        {"was": {"weight": 10}, "now": {"weight": 100}},
    ]
    assert "changed from 100 by Cora" in words_of(browser.get(page(riverside)))
    assert Round.objects.count() == 0


def test_a_rule_that_forbids_says_who_would_be_left_without(riverside, people, cora, newcomer, as_user):
    newcomer("Zoe", "mentee", interests=["golf"])

    hard = weights(**{"is_hard-interests": "on"}) | {"do": "look"}
    said = words_of(as_user(cora).post(page(riverside), hard))

    assert "1 of 2 would find a mentor; now it is 2." in said
    assert "They would be left without: Zoe" in said
    assert "then: nobody may be theirs" in said


def test_of_very_many_it_is_tried_when_somebody_presses(riverside, people, cora, as_user, monkeypatch):
    trigger = 'hx-trigger="change'
    assert trigger in as_user(cora).get(page(riverside)).content.decode()
    monkeypatch.setattr(previewing, "QUICK", 1)

    assert trigger not in as_user(cora).get(page(riverside)).content.decode()


def test_a_criterion_is_added_changed_and_taken_away(riverside, people, cora, as_user):
    browser = as_user(cora)
    new = reverse("matching:new-criterion", args=["riverside", "overlap"])
    typed = {**ONE, "label": "When they are free", "mentee": "free_times", "mentor": "free_times", "enough": 2}

    assert "Say why" not in words_of(browser.get(new))
    browser.post(new, {**typed, "source": "Coordinators asked for it"})
    own = riverside.criteria.get(code="when-they-are-free")
    assert (own.settings, own.source) == ({"trait": "free_times", "enough": 2}, "Coordinators asked for it")
    browser.post(page(riverside, own.code), {**typed, "mentor": "interests", "enough": 3, "group": "interests"})
    own.refresh_from_db()
    assert own.settings == {"mentee": "free_times", "mentor": "interests", "enough": 3}
    assert (own.group, own.source) == ("interests", "Coordinators asked for it")
    assert "When they are free" in words_of(browser.get(page(riverside)))
    browser.post(page(riverside, own.code), {"do": "take"})

    assert not Criterion.objects.filter(pk=own.pk).exists()
    verbs = Event.objects.filter(about_id=own.pk, about_type="matching.criterion").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "criterion.added", "criterion.changed", "criterion.taken-away",
    ]  # fmt: skip


STEPS = {**ONE, "label": "Grade", "source": "ours", "order": "EO\nHEO", "points": "1 = 100", "least": "", "most": ""}


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("overlap", {"enough": "0"}, "This must be 1 or more."),
        ("overlap", {"enough": "two"}, "Write a whole number, such as 7."),
        ("overlap", {"mentee": "nothing anybody told"}, "Select a valid choice"),
        ("overlap", {"weight": "-1"}, "This must be 0 or more."),
        ("overlap", {"weight": "9" * 30}, "This must be 1000000 or less."),
        ("overlap", {"label": ""}, "This field is required."),
        ("overlap", {"label": "Music\x00"}, "cannot be shown"),
        ("ordered-gap", {"order": " \n "}, "This field is required."),
        ("ordered-gap", {"points": "one step = all"}, "Write steps and per cent, one on each line, such as 1 = 100."),
        ("ordered-gap", {"order": "EO\nHEO\n eo"}, "Order names one step twice"),
        ("ordered-gap", {"points": "9999 = 100"}, "Write steps and per cent, one on each line, such as 1 = 100."),
        ("ordered-gap", {"points": "1 = 300"}, "Points says per cent (0 to 100) by steps"),
        ("ordered-gap", {"least": "a few"}, "Write a whole number, such as 7."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(
    riverside, people, cora, as_user, kind, typed, words
):
    new = reverse("matching:new-criterion", args=["riverside", kind])

    answer = as_user(cora).post(new, {**STEPS, "enough": 1, **typed})

    assert answer.status_code == 422
    assert words in words_of(answer)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert riverside.criteria.count() == 2


@pytest.mark.parametrize("name", ["Floor", "Wish", "Apart", "Full"])
def test_no_criterion_takes_the_word_that_the_engine_says_itself(riverside, people, cora, as_user, name):
    new = reverse("matching:new-criterion", args=["riverside", "same"])

    as_user(cora).post(new, {**ONE, "label": name, "source": "ours"})

    assert riverside.criteria.get(label=name).code == f"own-{name.lower()}"
    told = {"code": name.lower(), "kind": "same", "settings": {"trait": "x"}}
    assert [one.partition(":")[0] for one in kinds.wrong_settings(told)] == ["code"]


def test_a_second_of_the_same_name_and_too_many_points_are_refused(riverside, people, cora, as_user):
    browser, new = as_user(cora), reverse("matching:new-criterion", args=["riverside", "same"])
    for n in range(7):
        rule = {"code": f"r{n}", "kind": "same", "label": "R", "weight": 1_000_000, "settings": {"trait": "x"}}
        write_criteria(riverside, {"criterion": [{**rule, "source": "ours"}]})

    assert browser.post(new, {**ONE, "source": "ours"}).status_code == 409
    heavy = browser.post(new, {**ONE, "label": "Heavy", "weight": 1_000_000, "source": "ours"})
    assert "Together they weigh more than can be counted" in words_of(heavy)
    assert riverside.criteria.count() == 9


def test_only_who_changes_settings_changes_criteria_and_nobody_else_sees_them(riverside, people, omar, as_user):
    mentor, lead = staff("Mia", riverside, "mentor"), staff("Lea", riverside, "safeguarding-lead")
    for user in (omar, mentor, lead):
        browser = as_user(user)
        for address in (page(riverside), page(riverside, "music")):
            assert browser.get(address).status_code == 404
            assert browser.post(address, weights()).status_code == 404

    assert as_user(omar).get(reverse("matching:criteria", args=["hillside"])).status_code == 200
    assert as_user(omar).get(reverse("matching:new-criterion", args=["hillside", "magic"])).status_code == 404
    assert riverside.criteria.count() == 2


def test_whom_a_reader_may_not_see_is_in_no_name_and_no_count(riverside, people, cora, newcomer, as_user):
    zoe, kwame = newcomer("Zoe", "mentee"), newcomer("Kwame", "mentor")
    for hidden in (zoe, kwame, people["Kofi"]):
        restrict(cora.person, hidden.person, program=riverside, by=cora)

    said = words_of(as_user(cora).post(page(riverside), weights(interests=1, music=99) | {"do": "look"}))

    assert "Zoe" not in said
    assert "Kofi" not in said
    assert "Kwame" not in said
    assert "1 of 1" in said or "0 of 0" in said


def test_pages_ask_the_same_number_of_questions_for_few_and_many(riverside, newcomer, cora, as_user):
    browser, counts = as_user(cora), []
    write_criteria(riverside, {"criterion": [{**RULES[0], "source": "ours"}]})
    for start, end in ((0, 3), (3, 6), (6, 30)):
        for n in range(start, end):
            newcomer(f"Ama{n}", "mentor", interests=["a"])
            newcomer(f"Ben{n}", "mentee", interests=["b"])
        with CaptureQueriesContext(connection) as asked:
            look = {"do": "look", "weight-interests": 3, "is_on-interests": "on"}
            assert browser.post(page(riverside), look).status_code == 200
            assert browser.get(page(riverside, "interests")).status_code == 200
        counts.append(len(asked))

    assert counts[1] == counts[2]


def test_what_is_known_already_is_not_asked_again(riverside, people, cora):
    riverside.criteria.all().delete()
    names = ("free_times", "language", "age_group", "site", "gender")
    write_criteria(riverside, {"criterion": [
        {"code": name, "kind": "overlap", "label": name, "weight": 10, "source": "ours", "settings": {"trait": name}}
        for name in names
    ]})  # fmt: skip
    Person.objects.filter(pk=people["Ama"].person_id).update(language="es", born_on=date(1990, 5, 1))
    say_free_times(people["Ama"], [(1, time(15), time(17)), (1, time(16, 40), time(18))], by=cora, at=MONDAY)
    say_free_times(people["Ben"], [(1, time(16), time(17, 15)), (4, time(8), time(9))], by=cora, at=MONDAY)
    say_free_times(people["Kofi"], [(5, time(8), time(9))], by=cora, at=MONDAY)

    everybody = gathering.gather(riverside, MONDAY)
    told = {one["traits"]["site"]: one["traits"] for one in everybody.problem()["mentors"]}
    kept = draft_round(riverside, by=cora, at=MONDAY)

    ama = next(gathering.told(one)["traits"] for one in everybody.mentors if one.person.given_name == "Ama")
    assert set(told) == {riverside.sites.get().name}
    assert (ama["language"], ama["age_group"]) == ("Español", "30 to 39")
    assert ama["free_times"] == ["1 15:00", "1 15:30", "1 16:00", "1 16:30", "1 17:00", "1 17:30"]
    assert "gender" not in ama
    assert {part["code"]: part["known"] for part in kept.drafts.get().parts} == dict.fromkeys(names, True) | {
        "gender": False
    }


def test_the_hours_two_share_are_said_in_words(riverside, people, cora, as_user):
    riverside.criteria.all().delete()
    rule = {"code": "free", "kind": "overlap", "label": "Free", "weight": 10, "settings": {"trait": "free_times"}}
    write_criteria(riverside, {"criterion": [{**rule, "source": "ours"}]})
    for name in ("Ama", "Ben"):
        say_free_times(people[name], [(1, time(15), time(16)), (1, time(16, 30), time(17))], by=cora, at=MONDAY)
    say_free_times(people["Kofi"], [(5, time(8), time(9))], by=cora, at=MONDAY)

    kept = draft_round(riverside, by=cora, at=MONDAY)

    said = words_of(as_user(cora).get(kept.get_absolute_url()))
    assert "Free : both Tuesday 15:00–16:00, Tuesday 16:30–17:00" in said


def test_skills_that_are_offered_meet_those_looked_for(riverside, newcomer, cora, as_user):
    riverside.criteria.all().delete()
    [skills] = [row for row in profiles.read("professional")["criterion"] if row["code"] == "skills"]
    write_criteria(riverside, {"criterion": [skills]})
    newcomer("Ama", "mentor", skills_offered=["Budgets", "Speaking"])
    newcomer("Kofi", "mentor", skills_offered=["Law"])
    newcomer("Ben", "mentee", skills_needed=["speaking", "Python"])

    kept = draft_round(riverside, by=cora, at=MONDAY)

    said = words_of(as_user(cora).get(kept.get_absolute_url()))
    assert "Skills : both Speaking · the mentee alone: Python · 250 of 500" in said
