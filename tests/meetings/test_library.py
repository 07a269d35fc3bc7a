"""Cards of ways to work together: the same codes in every language, those a log tags, on one page open to everybody."""

import pytest
from django.conf import settings

from rapport.meetings.library.cards import cards, read
from rapport.meetings.models import Log


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_language_has_every_card_whole(language):
    found = cards(language)

    assert [card.code for card in found] == Log.Technique.values == list(read("sources.toml"))
    for card in found:
        english = next(one for one in cards("en") if one.code == card.code)
        assert (len(card.steps), len(card.worksheet)) == (len(english.steps), len(english.worksheet))
        assert language == "en" or card.what != english.what
        assert card.url.startswith("https://")


@pytest.mark.django_db
def test_the_page_is_open_to_everybody_and_keeps_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/ways/")
        other = client.get("/ways/?in=ar")

    assert (page.status_code, page["Content-Language"], len(page.cookies)) == (200, "en", 0)
    assert "Active listening" in page.text
    assert (other["Content-Language"], 'dir="rtl"' in other.text) == ("ar", True)
    for odd in ("xx", "\0", "' OR 1=1", "x" * 5000):
        assert client.get("/ways/", {"in": odd}).status_code == 200
    assert client.post("/ways/").status_code == 405
