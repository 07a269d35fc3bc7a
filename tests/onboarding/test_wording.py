"""Beside each yes and no stand the words that it was said to, whichever way it came, and whatever was asked since."""

import pytest
import time_machine

from rapport.onboarding import actions
from rapport.onboarding.models import ConsentText
from rapport.people.actions import say
from rapport.people.models import Consent
from tests.cast import DAY, MONDAY
from tests.onboarding.conftest import NOON, asked, link_to, say_by_link
from tests.onboarding.test_permission_on_paper import consents, text, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def by_link(ask, reader, mailbox, browser):
    say_by_link(reader, link_to(mailbox, "grace"), join="yes")


def on_paper(ask, reader, mailbox, browser):
    written(browser, ask, join="yes", said_on="16 11 2026")


def by_voice(ask, reader, mailbox, browser):
    written(browser, ask, join="yes", said_on="16 11 2026", way="voice", witness="Dele Adeyemi")


@pytest.mark.parametrize(("say_yes", "how"), [
    (by_link, "by a link"), (on_paper, "on paper"), (by_voice, "by voice, with a witness"),
])  # fmt: skip
def test_a_coordinator_reads_what_somebody_said_yes_to(
    say_yes, how, reader, mailbox, as_user, ben_in, grace, cora, riverside
):
    ask, browser = asked(ben_in, grace, "join", by=cora, by_letter=say_yes is by_link), as_user(cora)
    now = {"purpose": "join", "voice": "child", "language": "en", "who_sees": "Staff", "by": cora}
    actions.write_text(riverside, title="Swimming", words="{name} swims on Mondays.", after=1, **now, at=MONDAY)
    say_yes(ask, reader, mailbox, browser)
    actions.write_text(riverside, title="Chess", words="{name} plays on Fridays.", after=2, **now, at=NOON)

    page = browser.get(consents(ben_in))

    [word] = page.context["words"]
    assert (word.is_given, word.how, word.is_of_older_words) == (True, how, True)
    assert (word.said_to.title, word.said_to.words) == ("Swimming", "Ben swims on Mondays.")
    assert Consent.objects.get().about == ask
    told = (f"Grace, 16 November 2026, {how}", "Said yes to these words", "text 2 (en); there is a newer text")
    assert [words in text(page) for words in told] == [True] * 3
    assert ("Ben swims on Mondays." in text(page), "Fridays" in text(page)) == (True, False)


def test_each_voice_has_its_own_words_in_its_own_language(as_user, ben_in, ben, grace, cora):
    browser = as_user(cora)
    written(browser, asked(ben_in, grace, "photo", by=cora, by_letter=False), photo="no")
    grace.language = "ar"
    grace.save()
    written(browser, asked(ben_in, ben, "photo", by=cora, by_letter=False), photo="yes")
    own = asked(ben_in, grace, "research", of_own_words=True, by=cora, by_letter=False)
    written(browser, own, research="yes")

    page = browser.get(consents(ben_in))

    shown = [*page.context["words"], *page.context["own_words"]]
    said = [(word.given_by, word.said_to.text.voice, word.said_to.language, word.is_given) for word in shown]
    assert said == [(grace, "child", "en", False), (ben, "self", "en", True), (grace, "adult", "ar", True)]
    assert ('lang="ar" dir="auto"' in page.text, "Said no to these words" in text(page)) == (True, True)


def test_of_a_word_that_nobody_asked_for_no_words_are_made_up(as_user, ben_in, ben, grace, cora, riverside):
    asked(ben_in, grace, "join", by=cora, by_letter=False)
    assert ConsentText.objects.filter(program=riverside, purpose="messages").exists()
    say(program=riverside, person=ben, given_by=grace, purpose="messages", is_given=False, by=cora, at=NOON)

    page = as_user(cora).get(consents(ben_in))

    [word] = page.context["words"]
    assert (word.said_to, word.about, "these words" in text(page)) == (None, None, False)


def test_a_sheet_from_before_a_change_of_words_is_kept_as_it_was_printed(as_user, ben_in, grace, cora, riverside):
    ask = asked(ben_in, grace, "join", by=cora, by_letter=False, at=MONDAY - 5 * DAY)
    with time_machine.travel(MONDAY - 4 * DAY, tick=False):
        sheet = as_user(cora).get(f"/p/riverside/gates/{ask.ref}/sheet/")
    back, browser = sheet.context["back"].removeprefix("http://testserver"), as_user(cora)
    newer = {"title": "Chess", "words": "{name} plays on Fridays.", "who_sees": "Staff", "after": 1}
    actions.write_text(riverside, purpose="join", voice="child", language="en", **newer, by=cora, at=MONDAY - 3 * DAY)

    browser.post(back, {"join-say": "yes", "said_on": "15 11 2026", "way": "paper", "witness": ""})

    [word] = browser.get(consents(ben_in)).context["words"]
    assert (word.said_to.text.version, word.is_of_older_words) == (1, True)
    for wrong in ("", "nan", "-1e309", "99999999999999", "x", "\x00"):
        page = browser.get(back.partition("printed=")[0], {"printed": wrong})
        assert [one.shown.text.version for one in page.context["choices"]] == [2], wrong
        assert "text 2 (en)" in text(page)
