"""Permission on paper, by voice and with an interpreter: with equal standing (security.md §5, Consent)."""

from datetime import date

import pytest

from rapport.core.refs import new_ref
from rapport.onboarding import actions
from rapport.onboarding.models import ConsentAsk, Gate
from rapport.onboarding.questions import ready
from rapport.outbox.models import Message
from rapport.people.models import Consent
from tests.cast import DAY, MONDAY
from tests.onboarding.conftest import NOON, TODAY, asked, letters, link_to, say_by_link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def text(page):
    return page.content.decode()


def consents(one):
    return f"/p/riverside/gates/{one.ref}/consents/"


def recording(ask):
    return f"/p/riverside/matches/consents/{ask.ref}/"


def sheet(ask):
    return f"/p/riverside/gates/{ask.ref}/sheet/"


def written(browser, ask, **said):
    """What staff write down, and the page that answers."""
    sent = {"said_on": "13 11 2026", "way": "paper", "witness": ""}
    purposes = {name.replace("_", "-"): word for name, word in said.items() if word in ("yes", "no")}
    sent |= {name: value for name, value in said.items() if name in sent}
    return browser.post(recording(ask), sent | {f"{name}-say": word for name, word in purposes.items()})


def test_staff_ask_by_letter_or_on_paper(as_user, mailbox, ben_in, grace, cora):
    browser = as_user(cora)
    sent = {"form_id": new_ref(), "person": grace.ref, "purposes": ["join", "photo"], "way": "letter"}

    page = browser.post(consents(ben_in), sent)
    assert (page.status_code, page.url) == (302, consents(ben_in))
    assert browser.post(consents(ben_in), sent).status_code == 302  # a double click
    page = browser.post(consents(ben_in), sent | {"form_id": new_ref(), "way": "paper"})

    letter, paper = ConsentAsk.objects.order_by("pk")
    assert (letter.purposes, letter.by_letter, paper.by_letter) == (["join", "photo"], True, False)
    assert page.url == sheet(paper)
    assert len(letters(mailbox, NOON)) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"person": "x"}, "Select a valid choice"),
        ({"person": ""}, "Choose whom to ask."),
        ({"purposes": []}, "Choose at least one thing to ask for."),
        ({"purposes": ["everything"]}, "Select a valid choice"),
        ({"counts_until_on": "1 1 2020"}, "It cannot be before"),
        ({"way": "pigeon"}, "Select a valid choice"),
        ({"form_id": "x" * 41}, "too long"),
    ],
)
def test_what_is_not_right_is_said_and_nobody_asked(as_user, ben_in, grace, cora, changed, sentence):
    sent = {"form_id": new_ref(), "person": grace.ref, "purposes": ["join"], "way": "paper"} | changed

    page = as_user(cora).post(consents(ben_in), sent)

    assert (page.status_code, sentence in text(page)) == (422, True)
    assert not ConsentAsk.objects.exists()


def test_the_sheet_holds_the_same_words_a_reference_and_a_code_and_nothing_said_before(
    as_user, mailbox, reader, ben_in, grace, cora, riverside
):
    riverside.languages = ["en", "es"]
    riverside.save()
    ask = asked(ben_in, grace, "join", by=cora)
    say_by_link(reader, link_to(mailbox, "grace"), join="no")

    page = text(as_user(cora).get(sheet(ask)))
    spanish = text(as_user(cora).get(sheet(ask), {"in": "es"}))

    assert "Ben would meet a mentor of Riverside mentoring" in page
    assert (ask.ref in page, "<svg" in page, "Signature" in page) == (True, True, True)
    assert ("checked" in page, "no</b>" in page) == (False, False)
    assert "Participar" in spanish
    assert '<html lang="es"' in spanish


def test_a_sheet_counts_like_a_press(as_user, ben_in, ben, grace, cora, riverside):
    ask = asked(ben_in, grace, "join", "photo", by=cora, by_letter=False)

    page = written(as_user(cora), ask, join="yes", photo="no")

    assert page.url == consents(ben_in)
    said = list(Consent.objects.order_by("pk").values_list("purpose", "is_given", "given_by", "recorded_by", "channel"))
    assert said == [("join", True, grace.pk, cora.pk, "paper"), ("photo", False, grace.pk, cora.pk, "paper")]
    gate = Gate.objects.get()
    assert (gate.is_met, gate.given_by, gate.seen_by, gate.met_on) == (True, grace, cora, date(2026, 11, 13))
    assert gate.how == "On the sheet, signed, text 1 (en)"
    actions.record_gate(ben_in, code="assent", is_met=True, met_on=TODAY, by=cora, at=NOON)
    assert list(ready(riverside, "mentee", TODAY)) == [ben_in]


def test_a_voice_has_its_second_witness_and_an_interpreter_a_name(as_user, ben_in, grace, cora):
    browser, ask = as_user(cora), asked(ben_in, grace, "join", by=cora, by_letter=False)

    for way in ("voice", "interpreter"):
        assert written(browser, ask, join="yes", way=way).status_code == 422
    assert written(browser, ask, join="yes", way="voice", witness="Dele Adeyemi").status_code == 302

    word = Consent.objects.get()
    assert (word.channel, word.evidence, word.recorded_by) == ("voice", "Dele Adeyemi", cora)


def test_neither_the_child_nor_who_says_it_is_their_own_witness(as_user, ben_in, grace, cora):
    browser, ask = as_user(cora), asked(ben_in, grace, "join", by=cora, by_letter=False)

    for name in ("Ben", "ben adler", "Ben  Adler", "Grace", "Grace Adler"):
        page = written(browser, ask, join="yes", way="interpreter", witness=name)
        assert (page.status_code, "somebody else" in text(page)) == (422, True)
    assert not Consent.objects.exists()


@pytest.mark.parametrize("said_on", ["17 11 2026", "31 2 2026", "", "1 1 26"])
def test_a_day_that_cannot_be_is_said_and_nothing_kept(as_user, ben_in, grace, cora, said_on):
    ask = asked(ben_in, grace, "join", by=cora, by_letter=False)

    assert written(as_user(cora), ask, join="yes", said_on=said_on).status_code == 422
    assert not Consent.objects.exists()


def test_nothing_chosen_is_nothing_said(as_user, ben_in, grace, cora):
    ask = asked(ben_in, grace, "join", by=cora, by_letter=False)

    page = written(as_user(cora), ask)

    assert (page.status_code, "for at least one part" in text(page)) == (422, True)


def test_an_older_sheet_does_not_outweigh_a_later_word(as_user, mailbox, reader, ben_in, grace, cora):
    ask = asked(ben_in, grace, "join", by=cora)
    say_by_link(reader, link_to(mailbox, "grace"), join="no")

    written(as_user(cora), ask, join="yes", said_on="13 11 2026")

    assert not Gate.objects.get().is_met
    assert not Consent.objects.valid(NOON).exists()


def test_a_sheet_says_yes_to_the_words_that_stood_on_it(as_user, ben_in, grace, cora, riverside):
    ask = asked(ben_in, grace, "join", by=cora, by_letter=False, at=MONDAY - 5 * DAY)
    newer = {"title": "Meeting", "words": "Twice a week.", "who_sees": "Staff", "after": 1}
    actions.write_text(riverside, purpose="join", voice="child", language="en", **newer, by=cora, at=MONDAY)

    written(as_user(cora), ask, join="yes", said_on="13 11 2026")
    written(as_user(cora), ask, join="yes", said_on="16 11 2026")

    assert [word.text_version for word in Consent.objects.order_by("pk")] == ["1", "2"]


def test_the_texts_are_the_programs_own_and_a_change_is_a_new_version(as_user, cora, riverside, dele):
    address = "/p/riverside/gates/texts/"
    named = "?purpose=join&voice=child&language=en"
    browser = as_user(cora)
    assert "Taking part" in text(browser.get(address + named))
    newer = {"title": "Meeting", "words": "{name} meets {somebody} twice.", "who_sees": "Staff", "after": "1"}

    assert browser.post(address + named, newer).status_code == 302
    assert browser.post(address + named, newer).status_code == 409
    assert browser.post(address + named, newer | {"words": "\u202e"}).status_code == 422
    for odd in ("", "?purpose=x&voice=child&language=en", "?purpose=join&voice=child&language=xx"):
        assert browser.get(address + odd).status_code == 200
        assert browser.post(address + odd, newer).status_code == 404
    assert as_user(dele).get(address).status_code == 404


def test_to_who_does_not_read_the_sheet_is_read(as_user, ben_in, grace, cora):
    grace.reads_it = False
    grace.save()
    sent = {"form_id": new_ref(), "person": grace.ref, "purposes": ["join"], "way": "letter", "counts_until_on": ""}

    response = as_user(cora).post(consents(ben_in), sent, follow=True)

    ask = ConsentAsk.objects.get()
    assert (ask.by_letter, Message.objects.filter(to=grace).exists()) == (False, False)
    assert "Grace does not read: read this sheet to them" in response.content.decode()
