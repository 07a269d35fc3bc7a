"""The page of an ask in the reader's own language: no sentence of English is left, and Arabic runs from the right."""

from datetime import timedelta

import pytest
import time_machine

from rapport.meetings.models import Meeting
from tests.checkins.conftest import CHROME, MORNING, link_of, live
from tests.test_languages import LANGUAGES, english_left, latin_words

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=7, minutes=10)
NO_WORDS = {  # names of people, places and languages
    *("Riverside", "mentoring", "Lincoln", "School", "school", "office", "Rapport"),
    *("Ama", "Ben", "Grace", "Cora", "Dele", "English", "Français", "Español"),
}


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def asked(young, duty, mailbox, language, ama, ben, grace, riverside):
    """Three people of one language; a meeting of Friday has no word yet."""
    riverside.languages = ["en", "ar", "fr", "es", "tlh"]
    riverside.save()
    for one in (ama, ben, grace):
        one.language = language
        one.save()
    starts_at = MORNING + timedelta(days=4)
    Meeting.objects.create(
        program=riverside, match=young, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
        due_at=starts_at, late_at=starts_at + timedelta(hours=1), lapses_at=starts_at + timedelta(hours=1),
    )  # fmt: skip
    live(1, since=MORNING + timedelta(days=7))
    with time_machine.travel(LATER, tick=False):
        yield mailbox


def walk(client, path):
    """Every page somebody may meet behind the link: the start, the cards, mistakes, thanks, other words."""
    press = {"form_id": "press", "instead": ""}
    yield client.get(path)
    cards = client.get(path + "?start=1")
    yield cards
    yield client.post(path, press, headers={"user-agent": CHROME})
    first = cards.context["cards"][0].prefix if cards.context["cards"] else "none"
    yield client.post(path, press | {f"{first}-feel": "9", f"{first}-worry": "x"}, headers={"user-agent": CHROME})
    yield client.post(path, press | {f"{first}-feel": "4", f"{first}-worry": "maybe"}, headers={"user-agent": CHROME})
    for instead in ("talk", "not-this-month", "not-me"):
        yield client.post(path, {"instead": instead}, headers={"user-agent": CHROME})
    yield client.get(path + "?start=1")


@pytest.mark.parametrize("name", ["ama", "ben", "grace"])
def test_everything_behind_the_link_is_in_the_readers_language(asked, client, language, name):
    pages = list(walk(client, link_of(asked, name)))

    direction = "rtl" if language == "ar" else "ltr"
    for response in pages:
        page = response.content.decode()
        assert f'<html lang="{language}" dir="{direction}">' in page
        assert response["Content-Language"] == language
        assert english_left(page, language) == []
        if language == "ar":
            assert latin_words(page) <= NO_WORDS


def test_the_first_page_offers_what_the_house_speaks_and_no_more(asked, client, language):
    page = client.get(link_of(asked, "ben"))

    offered = [code for code, _name in page.context["languages"]]
    assert offered == [code for code in ("en", "ar", "fr", "es") if code != language]


def test_another_language_can_be_chosen_on_the_page(asked, client):
    page = client.get(link_of(asked, "ben") + "?in=fr").content.decode()

    assert '<html lang="fr" dir="ltr">' in page
    assert "Bonjour Ben" in page
