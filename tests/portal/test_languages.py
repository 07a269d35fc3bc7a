"""The own page in the language the program knows of its reader, whatever the browser asks for."""

import pytest

from rapport.portal.welcoming import welcome
from tests.cast import MONDAY
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_about_the_own_page_is_in_the_readers_language(
    language, match, grace, ben_in, cora, settings, mailoutbox
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    grace.language = language
    grace.save()

    welcome(grace, ben_in, by=cora, at=MONDAY)

    [letter] = mailoutbox
    assert english_left(f"{letter.subject}\n{letter.body}", language) == []
    if language == "ar":
        assert latin_words(letter.body) <= {"Grace", "Riverside", "mentoring", "grace", "example", "org"}
