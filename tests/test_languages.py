"""The languages of participants: every word has its translation, with its placeholders; staff read English."""

import importlib.util
import re
from html import unescape
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.template import Context, Template
from django.utils.translation import override

from rapport.outbox.composing import html, words_of

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ["ar", "es", "fr"]
LETTERS = [
    "checkins/invitation",
    "checkins/reminder",
    "checkins/new-link",
    "onboarding/permission",
    "onboarding/permission-link",
]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
MARKS = re.compile(r"</?\w+>")
FORBIDDEN = {  # what design.md §3 never says to participants
    "ar": ["حالة", "الحالة", "جرعة", "تصعيد", "امتثال", "إغلاق", "متأخر", "متأخرة"],
    "es": ["casos?", "dosis", "escalada", "hallazgos?", "cumplimiento", "cierre", r"atrasad\w+", r"vencid\w+"],
    "fr": ["cas", "dosage", "escalade", "constats?", "conformité", "clôture", "en retard"],
}


def catalogue(language):
    with (ROOT / "rapport" / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(message, of="string"):
    said = message.id if of == "id" else message.string
    return list(said) if isinstance(said, list | tuple) else [said]


def holes(text):
    return sorted(set(PLACEHOLDER.findall(text))), sorted(MARKS.findall(text))


def english_left(page, language):
    """The English sentences that a page still says, of those that have a translation."""
    text = unescape(page)
    found = []
    for message in catalogue(language):
        for said in forms(message, "id"):
            if len(said.split()) > 1 and len(PLACEHOLDER.sub("", said)) > 6 and message.string != said:
                pattern = ".+?".join(re.escape(part) for part in re.split(r"%\(\w+\)[sd]", said))
                found += [said] if re.search(rf"(?<!\w){pattern}(?!\w)", text) else []
    return found


def latin_words(page):
    """Every word in Latin letters that a reader sees."""
    shown = re.sub(r"<(style|title|svg)\b.*?</\1>|<[^>]+>|https?://\S+", " ", page, flags=re.DOTALL)
    return set(re.findall(r"[A-Za-zÀ-ÿ]{2,}", unescape(shown)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_empty_or_in_doubt(language):
    words = catalogue(language)

    assert not words.fuzzy
    assert [message.id for message in words if message.id and (message.fuzzy or not all(forms(message)))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_has_the_placeholders_and_marks_of_its_original(language):
    wrong = [
        (message.id, said)
        for message in catalogue(language)
        for said in forms(message)
        if message.id and holes(said) not in [holes(one) for one in forms(message, "id")]
    ]

    assert wrong == []


@pytest.mark.parametrize(("language", "count"), [("ar", 6), ("es", 2), ("fr", 2)])
def test_plurals_have_as_many_forms_as_the_language(language, count):
    words = catalogue(language)

    assert words.num_plurals == count
    assert {len(forms(message)) for message in words if isinstance(message.id, list | tuple)} == {count}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_frighten_or_judge_are_not_said(language):
    said = [(word, text) for message in catalogue(language) if message.id for text in forms(message)
            for word in FORBIDDEN[language] if re.search(rf"\b{word}\b", text, re.IGNORECASE)]  # fmt: skip

    assert said == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_the_listed_places_is_in_the_catalogue(language):
    spec = importlib.util.spec_from_file_location("tools_words", ROOT / "tools" / "words.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)

    said = {message.id for message in catalogue(language) if message.id}

    assert {message.id for message in tool.gather() if message.id} - said == set()


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("ar", 1, "شيء واحد يحتاج إلى تصحيح"),
        ("ar", 2, "شيئان اثنان يحتاجان إلى تصحيح"),
        ("ar", 3, "ثلاثة أشياء تحتاج إلى تصحيح"),
        ("ar", 11, "11 شيئًا يحتاج إلى تصحيح"),
        ("es", 1, "Una cosa por corregir"),
        ("es", 4, "Cuatro cosas por corregir"),
        ("fr", 1, "Une chose à corriger"),
        ("fr", 12, "12 choses à corriger"),
    ],
)
def test_numbers_are_said_as_people_say_them(language, count, said):
    with override(language):
        page = Template("{% load house %}{% to_put_right things %}").render(Context({"things": range(count)}))

    assert page == said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_letters_are_in_the_readers_language(language, name, riverside, ben):
    link = f"{settings.ADDRESS}/a/token/"
    told = {"person": ben, "program": riverside, "link": link}

    subject, body = words_of(f"mail/{name}.txt", told, language)
    page = html(subject, body, language, riverside)

    assert english_left(f"{subject}\n{body}\n{page}", language) == []
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page
    if language == "ar":
        assert latin_words(page) == {"Ben", "Riverside", "mentoring", "Cora"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_signing_in_follows_the_browser(language, client, db):
    for address in ("/account/login/", "/account/login/code/", "/nowhere/"):
        page = client.get(address, headers={"accept-language": language}).content.decode()
        assert english_left(page, language) == []


def test_staff_read_english_from_left_to_right_whatever_their_browser_asks(as_user, cora, riverside):
    response = as_user(cora).get("/p/riverside/", headers={"accept-language": "ar"})

    assert '<html lang="en" dir="ltr">' in response.content.decode()
    assert not re.search(r"[\u0600-\u06ff]", response.content.decode())
    assert response["Content-Language"] == "en"
