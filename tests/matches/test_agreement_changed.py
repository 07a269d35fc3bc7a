"""A changed agreement: who signed reads what is new, and staff see whose word is there and what is late."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rapport.matches.actions import agreeing, signing
from rapport.matches.models import Match
from tests.matches.test_agreement_pages import PERSON, ask_of, door_of, out, page_of, text, typed  # noqa: F401


@pytest.fixture
def changed(out, begun, ama, ben, grace, cora):  # noqa: F811
    """Ama and Ben signed the first version, Grace did not; a second one is out, with another rule and an hour more."""
    at = timezone.now() - timedelta(minutes=50)
    word = {"way": "voice", "language": "en", "witness": "Nadia", "read_with": "Nadia"}
    for person in (ama, ben):
        signing.sign(ask_of(out, person), signing.Word(is_yes=True, form_id=person.ref, **word), by=cora, at=at)
    new = agreeing.draft(out.match, by=cora, at=at)
    agreeing.write_terms(
        new, terms={"rules": "We may laugh.", "minutes": 90}, why="The aunt complained", by=cora, at=at
    )
    agreeing.send_out(new, by=cora, at=at)
    return new


def test_who_signed_before_is_shown_what_is_new_and_never_why(changed, ama, ben, grace):
    pages = [text(Client(**PERSON).get(door_of(ask_of(changed, who)) + "?start=1")) for who in (ama, ben, grace)]

    assert ["What is new since you signed" in page for page in pages] == [True, True, False]
    for page in pages[:2]:
        news = page.split("What is new since you signed")[1].split("</section>")[0]
        assert "We may laugh." in news
        assert "We laugh about mistakes." in news
        assert "90 minutes" in news
    assert not any("The aunt complained" in page for page in pages)
    assert "We laugh about mistakes." not in pages[2]


def test_what_is_to_be_put_right_stands_above_the_long_text(out, ben):  # noqa: F811
    door, reader = door_of(ask_of(out, ben)), Client(**PERSON)

    alone = text(reader.post(door, typed(reader.get(door + "?start=1"), say="yes")))
    refused = reader.post(door, typed(reader.get(door + "?start=1"), say="no"))

    assert alone.index("One thing to put right") < alone.index("What each of us does")
    label = alone.split("Who read it together with you?")[1].split("</label>")[0]
    assert "(if you like)" not in label
    assert refused.status_code == 200


def test_a_newer_version_is_late_by_no_day_of_the_one_that_holds(as_user, cora, begun, out, ama, ben, grace):  # noqa: F811
    at, word = timezone.now(), {"language": "en", "witness": "Nadia", "read_with": "Nadia"}
    Match.objects.update(begun_on=at.date() - timedelta(days=200))
    page = lambda: text(as_user(cora).get(reverse("matches:unsigned", args=["riverside"])))  # noqa: E731
    assert "was to be signed by" in page()

    for person in (ama, ben, grace):
        yes = signing.Word(is_yes=True, way="voice", form_id=person.ref, **word)
        signing.sign(ask_of(out, person), yes, by=cora, at=at)
    signing.sign_for_program(out, language="en", by=cora, at=at)
    agreeing.send_out(agreeing.draft(out.match, by=cora, at=at), by=cora, at=at)

    assert "was to be signed by" not in page()
    assert "the one before holds meanwhile" in page()


def test_whose_word_is_there_is_not_listed_as_if_it_were_not(as_user, cora, out, ama):  # noqa: F811
    word = signing.Word(is_yes=True, way="voice", language="en", witness="Nadia", form_id="1")
    signing.sign(ask_of(out, ama), word, by=cora, at=timezone.now())

    told = as_user(cora).get(page_of(out.match)).context["standing"][0]

    assert [ask.person.first_name for ask in told["asks"]] == ["Ben", "Grace"]
    assert [ask.person.first_name for ask in told["answered"]] == ["Ama"]


def test_of_two_who_write_at_once_neither_loses_a_word_unread(as_user, cora, begun):
    browser, here = as_user(cora), page_of(begun)
    browser.post(here, {"do": "draft"})
    opened = browser.get(here).context["form"]["seen"].value()
    browser.post(here, {"do": "write", "seen": opened, "rules": "We laugh.", "minutes": "45"})

    late = browser.post(here, {"do": "send", "seen": opened, "rules": "Nobody laughs.", "minutes": "45"})

    draft = begun.agreements.get()
    assert (late.status_code, draft.state, draft.rules) == (422, "draft", "We laugh.")
    assert "A colleague wrote here meanwhile." in text(late)
    assert "One thing to put right" in text(late)
    assert "Their own rules: We laugh." in text(late)
    assert "Minutes of one meeting:" not in text(late)
    assert "Nobody laughs." in text(late)

    again = late.context["form"]["seen"].value()
    browser.post(here, {"do": "write", "seen": again, "rules": "Nobody laughs.", "minutes": "45"})
    assert begun.agreements.get().rules == "Nobody laughs."


def test_a_draft_begun_by_mistake_is_thrown_away_and_none_that_somebody_was_shown(as_user, cora, omar, begun):
    browser, here = as_user(cora), page_of(begun)
    browser.post(here, {"do": "draft"})
    assert "Throw it away" in text(browser.get(here))
    assert as_user(omar).post(here, {"do": "drop"}).status_code == 404

    browser.post(here, {"do": "drop"})
    assert browser.post(here, {"do": "drop"}).status_code == 302
    assert not begun.agreements.exists()

    browser.post(here, {"do": "draft"})
    browser.post(here, {"do": "show"})
    assert "Throw it away" not in text(browser.get(here))
    browser.post(here, {"do": "drop"})
    assert begun.agreements.get().state == "draft"
