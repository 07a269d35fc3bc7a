"""Talked with ...: thirty seconds, one press is one talk, and it closes what it answered."""

import re

import pytest
from django.urls import reverse

from rapport.care.actions import refresh_findings
from rapport.checkins.models import CheckIn, Conversation
from rapport.meetings.models import Log
from rapport.people import names
from rapport.people.models import FormerName, Guardianship
from rapport.tasks.models import Task, Word
from tests.care.conftest import HELD, SILENT, asked, pair, restrict, todo, weekly
from tests.cast import DAY, MONDAY, person, staff

TALK = {
    "how": "phone",
    "explained": "on",
    "form_id": "press1",
    "words": "Her mum is home again.",
    "next_step": "",
    "next_on": "",
}


def at(person):
    return reverse("care:talk", args=["riverside", person.ref])


@pytest.fixture
def open_things(match, cora, ama, riverside):
    """A task, a check-in and a meeting without a word: what one talk with Ama may close."""
    task = todo(cora, riverside, "When can she be back?", somebody=ama, about=match)
    check_in = asked(match, ama)
    meeting = weekly(match, HELD, SILENT)[-1]
    return task, check_in, meeting


def test_one_talk_closes_three_things(as_user, on_monday, cora, ama, match, open_things):
    task, check_in, meeting = open_things
    browser = as_user(cora)
    closes = [f"task:{task.ref}", f"ask:{check_in.pk}"]

    page = browser.post(at(ama), TALK | {"closes": closes, f"met-{meeting.ref}": "yes"}, follow=True)

    assert "Saved: your talk with Ama. 3 things are closed." in page.text
    talk = Conversation.objects.get()
    assert (talk.person, talk.match, talk.by, talk.words, talk.level) == (ama, match, cora, TALK["words"], 2)
    task.refresh_from_db(), check_in.refresh_from_db(), meeting.refresh_from_db()
    assert (task.kept_at, check_in.state, check_in.kept_at) == (MONDAY, "talked", MONDAY)
    assert meeting.kept_at is not None
    assert (Log.objects.get().person, Log.objects.get().happened, Log.objects.get().source) == (ama, True, "staff")
    assert Word.objects.get().note == "Talked, Phone"


def test_who_hears_that_the_mentor_was_away_says_so_and_the_child_is_not_forgotten(
    as_user, on_monday, cora, ama, match
):
    away = weekly(match, HELD, SILENT, SILENT)[1:]

    as_user(cora).post(at(ama), TALK | {f"met-{meeting.ref}": "away" for meeting in away})
    refresh_findings(at=MONDAY)

    assert [type(one).objects.get(pk=one.pk).cause for one in away] == ["mentor-away"] * 2
    assert Task.objects.open().filter(kind="care/waiting-child").count() == 1


def test_what_is_not_ticked_stays_open(as_user, on_monday, cora, ama, open_things):
    task, check_in, meeting = open_things

    as_user(cora).post(at(ama), TALK)

    task.refresh_from_db(), check_in.refresh_from_db(), meeting.refresh_from_db()
    assert (task.kept_at, check_in.state, meeting.kept_at, meeting.missed_at) == (None, "open", None, None)


def test_a_try_without_an_answer_closes_nothing_and_is_kept(as_user, on_monday, cora, ama, open_things):
    task, check_in, meeting = open_things
    closes = [f"task:{task.ref}", f"ask:{check_in.pk}"]

    as_user(cora).post(at(ama), TALK | {"how": "no-answer", "closes": closes, f"met-{meeting.ref}": "no"})

    task.refresh_from_db(), check_in.refresh_from_db(), meeting.refresh_from_db()
    assert (task.kept_at, check_in.state, meeting.missed_at) == (None, "open", None)
    assert Conversation.objects.get().how == "no-answer"


def test_who_reads_it_and_what_cannot_stay_secret_is_said_first(as_user, on_monday, cora, ama, open_things):
    browser, task = as_user(cora), open_things[0]
    unsaid = {name: value for name, value in TALK.items() if name != "explained"} | {"closes": [f"task:{task.ref}"]}

    for how in ("phone", "in-person", "video"):
        page = browser.post(at(ama), unsaid | {"how": how})
        assert (page.status_code, "Say this first, then tick it" in page.content.decode()) == (422, True)
    assert not Conversation.objects.exists()
    assert browser.post(at(ama), unsaid | {"how": "message"}).status_code == 302  # nobody speaks: the letter says it
    assert browser.post(at(ama), TALK | {"form_id": "press2"}).status_code == 302

    assert list(Conversation.objects.order_by("pk").values_list("explained_at", flat=True)) == [None, MONDAY]


def test_one_press_is_one_talk(as_user, on_monday, cora, ama, open_things):
    browser, task = as_user(cora), open_things[0]
    press = TALK | {"closes": [f"task:{task.ref}"], "next_step": "Call again", "next_on": "3 12 2026"}

    pages = [browser.post(at(ama), press) for _ in range(2)]

    assert [page.status_code for page in pages] == [302, 302]
    assert Conversation.objects.count() == 1
    assert Task.objects.filter(kind="care/next-step").count() == 1


def test_the_next_step_comes_to_the_desk_on_its_day(as_user, on_monday, cora, ama, match):
    as_user(cora).post(at(ama), TALK | {"next_step": "Call again", "next_on": "3 December 2026"})

    task = Task.objects.get()
    assert (task.reason, task.person, task.about, task.owner) == ("Call again", ama, match, cora)
    assert (str(task.due_at), str(task.late_at)) == ("2026-12-03 08:00:00+00:00", "2026-12-04 00:00:00+00:00")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"next_step": "Call again"}, "When is this to be done? It comes to your desk that day."),
        ({"next_on": "3 12 2026"}, "What is to be done that day?"),
        ({"next_step": "Call", "next_on": "15 11 2026"}, "It cannot be before 16 11 2026."),
        ({"next_step": "Call", "next_on": "31 11 2026"}, "November has 30 days."),
        ({"how": ""}, "Choose how you talked."),
        ({"how": "telepathy"}, "is not one of the available choices"),
        ({"words": "a" * 10_001}, "This is too long"),
        ({"words": "a\x00b"}, "There are signs in this text that cannot be shown."),
        ({"form_id": "x" * 41}, "at most 40 characters"),
        ({"form_id": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_meant_is_said(as_user, on_monday, cora, ama, open_things, typed, words):
    task = open_things[0]

    page = as_user(cora).post(at(ama), TALK | {"closes": [f"task:{task.ref}"]} | typed)

    assert page.status_code == 422
    assert words in page.text
    assert not Conversation.objects.exists()
    assert Task.objects.open().count() == 1


def test_a_tick_for_what_is_not_theirs_to_close_closes_nothing(as_user, on_monday, cora, dele, ama, riverside, match):
    other = todo(dele, riverside, "Of Dele.", somebody=ama)
    sealed = todo(cora, riverside, "Sealed.", somebody=ama, level=4)
    another = asked(match, ama, instance=3, due_at=MONDAY + 20 * DAY)

    closes = [f"task:{other.ref}", f"task:{sealed.ref}", f"ask:{another.pk}", "task:none", "nonsense"]
    page = as_user(cora).post(at(ama), TALK | {"closes": closes})

    assert page.status_code == 302
    assert Task.objects.open().count() == 2
    assert CheckIn.objects.get().state == "open"


def test_somebody_elses_press_is_refused_with_a_sentence(as_user, on_monday, cora, dele, ama, match):
    as_user(cora).post(at(ama), TALK)

    page = as_user(dele).post(at(ama), TALK)

    assert page.status_code == 409
    assert 'role="alert"' in page.text
    assert TALK["words"] in page.text  # what was typed is not lost
    assert Conversation.objects.count() == 1


def test_with_a_guardian_one_chooses_about_which_child(as_user, on_monday, cora, grace, match, riverside):
    other = pair(riverside, "Kofi", "Lily", coordinator=cora)
    lily = other.members.get(side="mentee").participant.person
    Guardianship.objects.create(adult=grace, child=lily, starts_on=MONDAY.date() - 400 * DAY)
    browser = as_user(cora)

    assert "About which pair" in browser.get(at(grace)).text
    browser.post(at(grace), TALK | {"match": other.ref})

    assert Conversation.objects.get().match == other


def test_the_last_three_talks_are_shown_to_whoever_may_read_answers(
    as_user, on_monday, cora, dele, ama, match, hill_match
):
    for n in range(5):
        level = 3 if n == 4 else 2
        Conversation.objects.create(
            program=match.program, match=match, person=ama, how="phone", words=f"Talk {n}.", level=level,
            at=MONDAY - (9 - n) * DAY, by=cora, form_id=f"f{n}",
        )  # fmt: skip

    def shown(user):
        return re.findall(r"Talk \d\.", as_user(user).get(at(ama)).text)

    assert shown(cora) == ["Talk 3.", "Talk 2.", "Talk 1."]
    assert shown(dele) == []


def test_a_talk_about_no_pair_is_read_by_its_writer_alone(as_user, on_monday, cora, grace, match, riverside):
    colleague = staff("Cleo", riverside, "coordinator")
    Conversation.objects.create(
        program=riverside, person=grace, how="phone", words="About both.", at=MONDAY - DAY, by=cora, form_id="f"
    )

    assert "About both." in as_user(cora).get(at(grace)).text
    assert "About both." not in as_user(colleague).get(at(grace)).text


@pytest.fixture
def reach(as_user, on_monday):
    """Whether somebody finds a person by name, and opens the page of a talk with them."""

    def tries(user, somebody):
        browser = as_user(user)
        found = browser.get(reverse("care:find", args=["riverside"]), {"q": somebody.given_name[:2]})
        return at(somebody) in found.text if found.status_code == 200 else None, browser.get(at(somebody)).status_code

    return tries


@pytest.mark.parametrize("few", [1000, 0])
def test_whom_cora_finds(reach, cora, ama, ben, grace, match, hill_match, monkeypatch, few):
    monkeypatch.setattr(names, "FEW", few)
    hugo = hill_match.members.get(side="mentor").participant.person

    assert [reach(cora, one) for one in (ama, ben, grace)] == [(True, 200)] * 3
    assert reach(cora, hugo) == (False, 404)


def test_omar_and_those_without_the_right_find_nobody(reach, omar, riverside, ama, match):
    assert reach(omar, ama) == (None, 404)
    assert reach(staff("Lena", riverside, "site-lead"), ama) == (None, 404)


def test_match_support_finds_the_people_of_their_caseload(reach, riverside, match, ama, cora):
    support = staff("Mira", riverside, "match-support")
    mine = pair(riverside, "Kofi", "Sam", coordinator=support)
    sam = mine.members.get(side="mentee").participant.person

    assert (reach(support, sam), reach(support, ama)) == ((True, 200), (False, 404))


def test_nobody_writes_down_a_talk_with_themselves_or_their_own_child(reach, riverside, match, grace, ben):
    user = staff("Nora", riverside, "coordinator")
    user.person.delete()
    grace.user = user
    grace.save()

    assert (reach(user, grace), reach(user, ben)) == ((False, 404), (False, 404))


def test_whoever_is_kept_away_finds_nobody(reach, cora, ben, riverside, match):
    restrict(cora.person, ben, program=riverside, by=cora)

    assert reach(cora, ben) == (False, 404)


@pytest.mark.parametrize("few", [1000, 1, 0])
@pytest.mark.parametrize(
    ("letters", "found"),
    [
        ("am", ["Ama Mensah"]),
        ("zam", ["Ama Mensah"]),
        ("me zam", ["Ama Mensah"]),
        ("am ad", []),
        ("MEN", ["Ama Mensah"]),
        ("adler", ["Ben Adler", "Grace Adler"]),
        ("gr ad", ["Grace Adler"]),
        ("x", []),
        ("%", []),
        ("_", []),
        ("\x00", []),
        ("a" * 500, []),
    ],
)
def test_names_are_found_by_how_they_begin(as_user, on_monday, cora, ama, match, monkeypatch, letters, found, few):
    monkeypatch.setattr(names, "FEW", few)
    FormerName.objects.create(person=ama, given_name="Zamina", family_name="Diallo", left_at=MONDAY)

    page = as_user(cora).get(reverse("care:find", args=["riverside"]), {"q": letters})

    assert page.status_code == 200
    assert re.findall(r">(\w+ \w+)</a></li>", page.text) == found


def test_without_letters_those_of_today_are_offered(as_user, on_monday, cora, ama, match, riverside):
    todo(cora, riverside, somebody=ama, about=match)

    page = as_user(cora).get(reverse("care:find", args=["riverside"]))

    assert re.findall(r">(\w+ \w+)</a></li>", page.text) == ["Ama Mensah"]


def test_htmx_gets_the_piece_and_puts_a_form_to_right_back_where_it_was(as_user, on_monday, cora, ama, match):
    browser, htmx = as_user(cora), {"headers": {"HX-Request": "true"}}

    piece = browser.get(at(ama), **htmx)
    wrong = browser.post(at(ama), TALK | {"how": ""}, **htmx)

    assert "<html" not in piece.text
    assert piece.text.count("<form") == 1
    assert (wrong.status_code, wrong.headers["HX-Retarget"]) == (422, f"#talk-{ama.ref}")


def test_the_queries_of_a_talk_do_not_grow(as_user, on_monday, cora, ama, match, riverside, queries):
    browser = as_user(cora)

    def more(n):
        for k in range(n):
            todo(cora, riverside, f"Thing {n} {k}.", somebody=ama, about=match)
            asked(match, ama, instance=100 * n + k)
            pair(riverside, f"A{n}{k}", f"B{n}{k}", coordinator=cora)

    more(3)
    few = queries(lambda: browser.get(at(ama)))
    found = queries(lambda: browser.get(reverse("care:find", args=["riverside"]), {"q": "a"}))
    more(20)

    assert queries(lambda: browser.get(at(ama))) == few
    assert queries(lambda: browser.get(reverse("care:find", args=["riverside"]), {"q": "a"})) == found


def test_a_person_unknown_to_the_house_is_not_there(as_user, on_monday, cora, riverside):
    stranger = person("Stranger", riverside)

    browser = as_user(cora)

    assert browser.get(at(stranger)).status_code == 404
    assert browser.get(reverse("care:talk", args=["riverside", "nobody"])).status_code == 404
