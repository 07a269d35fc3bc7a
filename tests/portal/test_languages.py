"""The own page in the language the program knows of its reader, whatever the browser asks for."""

import pytest

from tests.test_languages import LANGUAGES, english_left, latin_words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["ama", "grace"])
def test_the_own_page_is_in_the_readers_language(language, name, match, ama, grace, sign_up, riverside):
    somebody, role = (ama, "mentor") if name == "ama" else (grace, "guardian")
    somebody.language = language
    somebody.save()

    response = sign_up(somebody, riverside, role).get("/", headers={"accept-language": "en"})

    page = response.content.decode()
    assert english_left(page, language) == []
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    assert response["Content-Language"] == language
    if language == "ar":
        program = {"Riverside", "mentoring", "Lincoln", "School", "school", "office", "Rapport"}
        assert latin_words(page) <= program | {"Ama", "Ben", "Grace", "Cora"}


def test_where_no_language_is_known_the_browser_is_asked(match, ama, sign_up, riverside):
    page = sign_up(ama, riverside, "mentor").get("/", headers={"accept-language": "fr"}).content.decode()

    assert "Bonjour Ama" in page
