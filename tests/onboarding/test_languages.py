"""The question for permission in the reader's own language, by link and on paper: no sentence of English is left."""

import pytest
import time_machine

from tests.onboarding.conftest import NOON, asked, link_to, say_by_link
from tests.test_languages import LANGUAGES, english_left, latin_words

pytestmark = pytest.mark.django_db
PURPOSES = ["join", "share-basics", "share-needs", "messages", "photo", "research", "tell-partner", "publish"]
NO_WORDS = {"Riverside", "mentoring", "Rapport", "Ama", "Ben", "Grace", "Cora", "English", "Français", "Español"}


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(params=["grace", "ama", "grace of her own words"])
def told(request, language, riverside, ben_in, ama_in, grace, ama):
    """Who is asked, and about whom: Grace for her child and of her own words, Ama for herself; both read this."""
    riverside.languages = ["en", *LANGUAGES]
    riverside.save()
    for one in (grace, ama):
        one.language = language
        one.save()
    with time_machine.travel(NOON, tick=False):
        yield {
            "grace": (grace, ben_in, {}),
            "ama": (ama, ama_in, {}),
            "grace of her own words": (grace, ben_in, {"of_own_words": True}),
        }[request.param]


def walk(reader, path):
    """Every page behind the link: the start, the parts, mistakes, thanks, other words."""
    yield reader.get(path)
    yield reader.get(path, {"start": "1"})
    yield say_by_link(reader, path)
    yield say_by_link(reader, path, join="perhaps", publish="perhaps")
    yield say_by_link(reader, path, join="yes", photo="no", publish="no")
    for instead in ("talk", "not-me"):
        yield reader.post(path, {"instead": instead})


def test_everything_behind_the_link_is_in_the_readers_language(mailbox, reader, told, language, cora):
    person, participant, more = told
    asked(participant, person, *PURPOSES, by=cora, **more)

    for page in walk(reader, link_to(mailbox, person.given_name.lower())):
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page.content.decode()
        assert english_left(page.content.decode(), language) == []
        if language == "ar":
            assert latin_words(page.content.decode()) <= NO_WORDS


def test_the_sheet_is_in_the_readers_language(as_user, told, language, cora):
    person, participant, more = told
    ask = asked(participant, person, *PURPOSES, by=cora, by_letter=False, **more)

    page = as_user(cora).get(f"/p/riverside/gates/{ask.ref}/sheet/").content.decode()

    assert english_left(page, language) == []
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
