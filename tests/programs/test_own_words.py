"""A program that says "buddy" says it everywhere: on the pages of staff and of those who take part, and in letters."""

import re
from html import unescape

import pytest
from django.utils.translation import gettext, ngettext, override
from django.utils.translation.trans_real import translation

from rapport.audit.models import Event
from rapport.clock.actions import deliver, tick
from rapport.core.own_words import reworded, spoken_as
from rapport.matches.actions.gates import in_own_words
from rapport.onboarding.actions.asking import write_house_texts, write_text
from rapport.onboarding.models import Gate
from rapport.onboarding.wording import of_the_house
from rapport.programs.models import Program
from tests.cast import MONDAY
from tests.checkins.conftest import ADDRESS, duty, young  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db
WORDS = "/p/riverside/settings/words/"
BUDDY = {
    "match": "buddy pair", "matches": "buddy pairs", "mentor": "elder", "mentors": "elders", "mentee": "junior",
    "mentees": "juniors",
}  # fmt: skip
JOIN = {"purpose": "join", "voice": "child", "language": "en"}
HOUSE = re.compile(r"\b(match|matches|mentor|mentors|mentee|mentees)\b", re.IGNORECASE)
STAFF = ["", "today/", "matches/", "people/", "calendar/", "matching/"]


@pytest.fixture
def own(riverside):
    Program.objects.filter(pk=riverside.pk).update(words=BUDDY)


def seen(response):
    """What a reader sees of a page: its words without the tags, and the words of its labels."""
    html = re.sub(r"(?s)<(script|style|svg).*?</\1>", " ", response.content.decode())
    labels = " ".join(re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', html))
    return unescape(" ".join(re.sub(r"(?s)<[^>]*>", " ", html).split()) + " " + labels)


def without(text, *names):
    """The text without what people wrote themselves, such as the program's name and sources."""
    for name in names:
        text = text.replace(name, "")
    return text


def said(message, words, language="en"):
    with override(language), spoken_as(Program(words=words)):
        return gettext(message)


@pytest.mark.parametrize(
    ("sentence", "heard"),
    [
        ("A match", "A buddy pair"),
        ("Begin the match of a mentor and a mentee.", "Begin the buddy pair of an elder and a junior."),
        ("Matches", "Buddy pairs"),
        ("Matching", "Matching"),
        ("The two do not match.", "The two do not match."),
        ("the match %(match)s", "the buddy pair %(match)s"),
        ("rematch", "rematch"),
    ],
)
def test_the_house_speaks_the_programs_words(sentence, heard):
    assert said(sentence, BUDDY) == heard


def test_each_language_may_have_words_of_its_own():
    words = {"mentor": "elder", "es": {"mentor": "padrino"}}

    assert said("mentor", words) == "elder"
    assert said("mentor", words, "es") == "padrino"


def test_counted_words_are_reworded_too():
    with spoken_as(Program(words=BUDDY)):
        assert ngettext("%(n)d match", "%(n)d matches", 2) == "%(n)d buddy pairs"


def test_without_own_words_nothing_changes():
    assert said("A match", {}) == "A match"
    assert gettext("A match") == "A match"


@pytest.mark.parametrize("word", ["100%", "%(x)s", "<b>", 'a"b', "a'b", "{x}", "", " ", "a\nb"])
def test_a_word_that_means_something_to_a_page_is_never_spoken(word):
    assert said("A match", {"match": word}) == "A match"


def test_settings_quote_their_sources_as_they_are(as_user, cora, own):
    text = seen(as_user(cora).get("/p/riverside/settings/"))

    assert "What people need before a buddy pair begins" in text
    assert "At least two hours before the match (B.3.1)" in text


@pytest.mark.parametrize("path", STAFF)
def test_pages_of_staff_say_it(as_user, cora, match, own, path):
    text = seen(as_user(cora).get(f"/p/riverside/{path}"))

    assert "Buddy pairs" in text
    assert not HOUSE.findall(without(text, "Riverside mentoring")), text


def test_the_page_of_a_match_says_it(as_user, cora, match, own):
    text = seen(as_user(cora).get(match.get_absolute_url()))

    assert "elder" in text.lower()
    assert not HOUSE.findall(without(text, *match.points.values_list("label", flat=True)))


def test_letters_and_the_pages_behind_their_links_say_it(young, duty, own, client, settings, tmp_path, time_machine):  # noqa: F811
    settings.MAILBOX = tmp_path / "mailbox"
    for n in range(9):
        at = MONDAY.replace(day=2 + n)
        tick(at=at)
        deliver(at=at)
    letters = [file.read_bytes().decode() for file in sorted(settings.MAILBOX.glob("*.eml"))]
    assert letters
    time_machine.move_to(MONDAY.replace(day=11), tick=False)

    for letter in letters:
        assert not HOUSE.findall(re.sub(r"Riverside mentoring|Content-\S+|\S+@\S+|<[^>]*>|=\n", "", letter))
        path = ADDRESS.search(letter.replace("=\n", "").replace("=3D", "="))[1]
        pages = [client.get(path), client.post(path, {"open": "1"}, follow=True)]
        for page in pages:
            assert not HOUSE.findall(without(seen(page), "Riverside mentoring"))


def test_the_own_page_says_it(as_user, ama, match, own):
    text = seen(as_user(ama.user).get("/mine/")) if ama.user else ""

    assert not HOUSE.findall(without(text, "Riverside mentoring"))


def test_another_program_keeps_the_houses_words(as_user, omar, hill_match, own):
    assert "Matches" in seen(as_user(omar).get("/p/hillside/matches/"))


def test_the_words_are_written_on_a_page(as_user, cora, riverside):
    Program.objects.filter(pk=riverside.pk).update(languages=["en", "es"])
    browser = as_user(cora)
    page = browser.get(WORDS)
    data = dict.fromkeys(page.context["form"].fields, "")

    browser.post(WORDS, data | {".match": "buddy", ".mentors": "elders", "es.match": "pareja"})

    riverside.refresh_from_db()
    assert riverside.words == {"match": "buddy", "mentors": "elders", "es": {"match": "pareja"}}
    assert Event.objects.filter(verb="program.changed").exists()
    assert "Instead of “match”" in seen(browser.get(WORDS))


@pytest.mark.parametrize("word", ["100%", "<b>x</b>", "x" * 41, "a'b"])
def test_words_that_cannot_be_are_refused(as_user, cora, riverside, word):
    page = as_user(cora).post(WORDS, {".match": word})

    assert page.status_code == 200
    riverside.refresh_from_db()
    assert riverside.words == {}


def test_others_do_not_change_them(as_user, omar, riverside):
    assert as_user(omar).get(WORDS).status_code == 404
    assert as_user(omar).post(WORDS, {".match": "x"}).status_code == 404
    assert as_user(omar).get("/p/hillside/settings/words/").status_code == 200


def test_rewording_is_nothing_for_who_has_no_words():
    assert reworded("A match", None) == "A match"


def test_a_call_on_the_desk_and_the_names_of_roles_say_it(as_user, cora, ada, match, own):
    match.refresh_from_db()
    mentor = match.mentors[0]
    gate = Gate(participant=mentor, code="clearance", is_met=False)

    assert HOUSE.findall(in_own_words(gate, match.members.filter(participant=mentor).get())) == []
    assert "Buddy pair support" in seen(as_user(ada).get("/p/riverside/staff/invitation/"))


def test_what_people_say_yes_to_says_it_as_a_version_of_its_own(riverside, cora):
    def texts():
        return {row.version: row.words for row in riverside.consent_texts.filter(**JOIN)}

    write_house_texts(riverside, at=MONDAY)
    Program.objects.filter(pk=riverside.pk).update(words=BUDDY)
    riverside.refresh_from_db()
    write_house_texts(riverside, at=MONDAY)
    write_house_texts(riverside, at=MONDAY)

    assert sorted(texts()) == [1, 2]
    assert "would meet a mentor of {program}" in texts()[1]
    assert "would meet an elder of {program}" in texts()[2]
    own = {"title": "Taking part", "words": "Ours", "who_sees": "We"}
    write_text(riverside, **JOIN, **own, after=2, by=cora, at=MONDAY)
    Program.objects.filter(pk=riverside.pk).update(words={})
    riverside.refresh_from_db()
    write_house_texts(riverside, at=MONDAY)
    assert texts()[3] == "Ours"
    assert sorted(texts()) == [1, 2, 3]


@pytest.mark.parametrize("language", ["ar", "es", "fr"])
def test_where_gender_and_article_follow_the_noun_no_sentence_names_it(language):
    """In these languages a word put in another's place would break its sentence, so the house says it without one."""
    known = [words for catalogue in translation(language)._catalog._catalogs for words in catalogue.values()]
    said = [re.sub(r"%\(\w+\)s", "", str(words)) for words in known]  # whose name stands there is no noun
    texts = [text for row in of_the_house(language).values() for text in row.values()]

    assert not [words for words in [*said, *texts] if re.search(r"\b(mentor|match)|مرشد", str(words), re.IGNORECASE)]
