"""A program's own words for skills and interests: other words for the same count as the same; what was told stays."""

import re

import pytest
from django.urls import reverse

from rapport.audit.models import Event
from rapport.matching import gathering
from rapport.matching.actions import draft_round, keep_words, write_criteria
from rapport.matching.criteria import vocabulary
from rapport.matching.models import WordList
from rapport.people.models import Participant
from rapport.portal import program_file
from tests.cast import MONDAY, staff
from tests.matching.test_pages import words_of

pytestmark = pytest.mark.usefixtures("engine_here")
SKILLS = {"mentee": "skills_needed", "mentor": "skills_offered", "enough": 1}


@pytest.fixture
def skills(riverside):
    riverside.criteria.all().delete()
    row = {"code": "skills", "kind": "overlap", "label": "Skills", "weight": 200, "source": "ours", "settings": SKILLS}
    return write_criteria(riverside, {"criterion": [row]})


def page(slug):
    return reverse("matching:words", args=[slug])


def test_one_set_of_words_brings_together_who_offers_and_who_looks_for_the_same(
    riverside, skills, newcomer, cora, as_user
):
    ama = newcomer("Ama", "mentor", skills_offered=["MS Excel", "Chess"])
    newcomer("Ben", "mentee", skills_needed="spreadsheets")
    assert draft_round(riverside, by=cora, at=MONDAY).drafts.get().score == 0
    browser = as_user(cora)

    said = {"trait": "skills", "words": "Spreadsheets = ms excel; Calc\nReading", "source": "the partners' list"}
    shown = words_of(browser.post(page("riverside"), said, follow=True))

    assert "Kept. The next round reads people so." in shown
    assert "Spreadsheets 1 1 Reading 0 0" in shown
    assert "Told, and in no list Chess" in shown
    draft = draft_round(riverside, by=cora, at=MONDAY).drafts.get()
    assert draft.score == 200
    assert "both Spreadsheets" in words_of(browser.get(draft.round.get_absolute_url()))
    assert Participant.objects.get(pk=ama.pk).traits["skills_offered"] == ["MS Excel", "Chess"]
    assert Event.objects.filter(verb="word-list.kept", facts__trait="skills").exists()
    assert "Nothing was different." in words_of(browser.post(page("riverside"), said, follow=True))
    browser.post(page("riverside"), {**said, "words": "Reading"})
    assert "Spreadsheets" in Event.objects.get(verb="wordlist.changed").facts["was"]["words"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("= Excel", "A line begins with the word itself"),
        ("Chess\nchess", "“chess” stands here twice."),
        ("Chess = Draughts\nDraughts", "“draughts” stands here twice."),
        ("x" * 81, "A word has 80 signs at most."),
        ("\n".join(map(str, range(501))), "These are too many words: 500 at most."),
        ("y" * 40_001, "This is too long"),
    ],
)
def test_what_is_wrong_with_a_list_is_one_sentence_and_nothing_is_kept(riverside, cora, as_user, words, said):
    answer = as_user(cora).post(page("riverside"), {"trait": "interests", "words": words, "source": "ours"})

    assert (answer.status_code, WordList.objects.count()) == (422, 0)
    assert said in words_of(answer)


def seen_in(answer):
    """How the list of interests stood when this page was shown."""
    [seen] = re.findall(r'name="seen" value="(\w+)" [^>]*id="interests-seen"', answer.content.decode())
    return seen


def test_of_two_who_write_one_list_the_second_sees_what_changed_and_decides(riverside, cora, as_user):
    keep_words(riverside, trait="interests", words="Chess\nMusic", source="ours", by=cora, at=MONDAY)
    coras, carls = as_user(cora), as_user(staff("Carl", riverside, "coordinator"))
    old = seen_in(coras.get(page("riverside")))
    hers = {"trait": "interests", "words": "Chess\nMusic\nTea", "source": "ours", "seen": old}
    his = {"trait": "interests", "words": "Chess = schach\nMusic", "source": "the club", "seen": old}

    coras.post(page("riverside"), hers)
    twice = coras.post(page("riverside"), hers, follow=True)
    refused = carls.post(page("riverside"), his)

    assert "Nothing was different." in words_of(twice)
    assert (refused.status_code, WordList.objects.get().words) == (409, hers["words"])
    said = words_of(refused)
    assert "Somebody changed this list after you opened it. Yours is not kept yet." in said
    assert "There now, and not in yours: Chess, Tea" in said
    assert "In yours, and not there now: Chess = schach" in said
    assert "Where it comes from, there now: ours" in said
    assert ">\nChess = schach\nMusic</textarea>" in refused.content.decode()
    again = carls.post(page("riverside"), {**his, "seen": seen_in(refused)}, follow=True)
    assert "Kept. The next round reads people so." in words_of(again)
    assert (WordList.objects.get().words, WordList.objects.get().source) == (his["words"], "the club")


def test_of_two_who_begin_one_list_the_second_does_not_write_over_the_first(riverside, cora, as_user):
    browser = as_user(cora)
    said = {"trait": "interests", "source": "ours", "seen": seen_in(browser.get(page("riverside")))}

    answers = [browser.post(page("riverside"), said | {"words": words}).status_code for words in ("Chess", "Tea")]

    assert (answers, WordList.objects.get().words) == ([302, 409], "Chess")


def test_nobody_else_sees_or_changes_a_list_and_no_word_of_somebody_unseen_is_told(
    riverside, newcomer, cora, omar, as_user
):
    newcomer("Ben", "mentee", interests=["Falconry"])
    keep_words(riverside, trait="interests", words="Chess", source="ours", by=cora, at=MONDAY)

    assert "Falconry" in words_of(as_user(cora).get(page("riverside")))
    for who in (omar, staff("Lea", riverside, "safeguarding-lead"), staff("Mia", riverside, "mentor")):
        assert as_user(who).get(page("riverside")).status_code == 404
        assert as_user(who).post(page("riverside"), {"trait": "interests", "words": ""}).status_code == 404
    assert "Falconry" not in words_of(as_user(omar).get(page("hillside")))
    assert as_user(cora).post(page("riverside"), {"trait": "\0", "words": ""}).status_code == 404
    assert WordList.objects.get().words == "Chess"


def test_who_has_left_is_counted_no_more(riverside, newcomer, cora, as_user):
    newcomer("Ben", "mentee", interests=["Chess", "Falconry"])
    gone = newcomer("Zoe", "mentee", interests=["Chess", "Curling"])
    keep_words(riverside, trait="interests", words="Chess", source="ours", by=cora, at=MONDAY)
    Participant.objects.filter(pk=gone.pk).update(left_at=MONDAY)

    said = words_of(as_user(cora).get(page("riverside")))

    assert ("Chess 0 1" in said, "Falconry" in said, "Curling" in said) == (True, True, False)


def test_what_a_criterion_keeps_quiet_is_told_on_no_page_of_words(riverside, skills, newcomer, cora, as_user):
    newcomer("Ben", "mentee", life_experience=["Grew up in care"], interests=["Falconry"])
    keep_words(riverside, trait="life-experience", words="In care = grew up in care", source="ours", by=cora, at=MONDAY)
    row = {"code": "life", "kind": "overlap", "label": "Alike", "weight": 10, "source": "ours"}
    write_criteria(riverside, {"criterion": [{**row, "settings": {"trait": "life_experience", "quiet": True}}]})

    said = words_of(as_user(cora).get(page("riverside")))

    assert ("Falconry" in said, "In care 0 1" in said) == (True, False)
    assert "A criterion keeps quiet what is told of this: it is not counted here." in said


def test_a_list_asks_one_question_more_and_none_where_nothing_of_it_is_looked_at(riverside, skills, newcomer, cora):
    keep_words(riverside, trait="interests", words="Chess = schach", source="ours", by=cora, at=MONDAY)
    newcomer("Ben", "mentee", interests=["Schach"], skills_needed=["schach"])

    [ben] = gathering.gather(riverside, MONDAY).problem()["mentees"]

    assert (ben["traits"]["interests"], ben["traits"]["skills_needed"]) == (["Schach"], ["schach"])
    assert vocabulary.said(["Schach", "SCHACH", "Go"], vocabulary.by_word("Chess = schach")) == ["Chess", "Go"]


def test_a_programs_file_may_hold_a_list_and_a_wrong_one_is_said():
    text = 'profile = "professional"\n\n[[word-list]]\ntrait = "skills"\nwords = """\n{}"""\nsource = "the partners"\n'

    read = program_file.read_bytes(text.format("Chess = schach\nGo").encode(), "ours.toml")

    assert [row["words"] for row in read["word-list"]] == ["Chess = schach\nGo"]
    with pytest.raises(program_file.FileWrong) as wrong:
        program_file.read_bytes(text.format("Chess\nchess").encode(), "ours.toml")
    assert "“chess” stands here twice." in str(wrong.value)
