"""Anybody who works here raises a concern: a short form, then a receipt, and nothing more to see."""

import re

import pytest
from django.urls import reverse

from rapport.outbox.models import Message
from rapport.people.models import Participant
from rapport.safeguarding.models import Concern
from rapport.tasks.models import Task
from tests.cast import participant, person, staff
from tests.safeguarding.conftest import CANARY

pytestmark = pytest.mark.django_db
NUMBER = "911; school office 555 0111"


def address(name="raise", slug="riverside"):
    return reverse(f"safeguarding:{name}", args=[slug])


def typed(**changes):
    return {"form_id": "one-form", "danger": "no", "words": f"He said {CANARY}.", "about": "", "cause": ""} | changes


def told():
    """Whom the messages went to."""
    return sorted(message.to.first_name for message in Message.objects.filter(kind="safeguarding/concern"))


ROLES = ["coordinator", "match-support", "site-lead", "safeguarding-lead", "administrator", "mentor", "guardian"]


@pytest.mark.parametrize("role", ROLES)
def test_everybody_may_and_sees_only_a_receipt(duty, as_user, role):
    sam = staff("Sam", duty.program, role)
    browser = as_user(sam)

    assert browser.get(address()).status_code == 200
    answer = browser.post(address(), typed(), follow=True)

    concern = Concern.objects.get()
    assert (concern.words, concern.raised_by, concern.subject) == (f"He said {CANARY}.", sam.person, None)
    assert answer.redirect_chain == [(address("sent"), 302)]
    html = answer.content.decode()
    assert "Thank you for speaking up." in html
    for secret in (CANARY, concern.ref, "Dele", "Dora", "Dan"):
        assert secret not in html
    if role != "safeguarding-lead":
        assert browser.get(concern.get_absolute_url()).status_code == 404


def test_an_evaluator_and_omar_have_no_such_page(duty, omar, hill_match, as_user):
    for user in (omar, staff("Eve", duty.program, "evaluator")):
        browser = as_user(user)
        assert browser.get(address()).status_code == 404
        assert browser.post(address(), typed()).status_code == 404
    assert not Concern.objects.exists()


def test_the_receipt_is_the_same_whatever_was_written(duty, cora, dele, as_user):
    browser = as_user(cora)

    pages = set()
    for cause in ("", "Dele", "Cora", "somebody else"):
        html = browser.post(address(), typed(form_id=cause or "nobody", cause=cause), follow=True).content.decode()
        pages.add(re.sub(r'X-CSRFToken": "[^"]*"', "", html))

    assert len(pages) == 1
    assert Concern.objects.count() == 4


def test_numbers_are_there_before_anything_is_sent_and_after(duty, cora, as_user):
    browser = as_user(cora)

    assert NUMBER in browser.get(address()).content.decode()
    for danger, shown in (("yes", True), ("maybe", True), ("no", False)):
        html = browser.post(address(), typed(form_id=danger, danger=danger), follow=True).content.decode()
        assert (NUMBER in html) is shown
    assert list(Concern.objects.order_by("pk").values_list("risk", flat=True)) == ["immediate", "", ""]


def test_whoever_is_named_as_the_cause_is_passed_over(duty, cora, as_user):
    as_user(cora).post(address(), typed(cause="I think it is DÉLE, from safety"))

    assert told() == ["Dora"]
    assert [one.first_name for one in Concern.objects.get().accused.all()] == ["Dele"]


def test_the_one_who_raises_it_may_be_the_cause(duty, cora, as_user):
    as_user(cora).post(address(), typed(cause="me, Cora"))

    assert [one.first_name for one in Concern.objects.get().accused.all()] == ["Cora"]
    assert told() == ["Dele"]


def test_a_cause_nobody_answers_to_stands_in_the_file(duty, cora, as_user):
    as_user(cora).post(address(), typed(cause="a man at the bus stop"))

    concern = Concern.objects.get()
    assert not concern.accused.exists()
    assert "a man at the bus stop" in concern.entries.get(verb="told").words


def test_a_name_in_reach_becomes_the_subject_and_brings_the_match(duty, match, ben, cora, as_user):
    as_user(cora).post(address(), typed(about="ben  adler"))

    concern = Concern.objects.get()
    assert (concern.subject, concern.match) == (ben, match)


def test_of_two_with_that_name_one_is_chosen(duty, match, ben_in, cora, as_user):
    other = participant(person("Ben", duty.program, family_name="Okoro"), duty.program, "mentee")
    browser = as_user(cora)

    asked = browser.post(address(), typed(about="Ben"))
    assert asked.status_code == 422
    assert "Ben Okoro, mentee, Lincoln School" in asked.content.decode()
    assert not Concern.objects.exists()

    assert browser.post(address(), typed(about="Ben", which=other.ref)).status_code == 302
    assert Concern.objects.get().subject == other.person


def test_none_of_them_is_an_answer(duty, match, cora, as_user):
    as_user(cora).post(address(), typed(about="Ben", which="-"))

    concern = Concern.objects.get()
    assert concern.subject is None
    assert "It is about: Ben" in concern.entries.get(verb="told").words


def test_a_name_out_of_reach_shows_nobody(duty, match, hill_match, as_user):
    sam = staff("Sam", duty.program, "match-support")  # without a caseload
    browser = as_user(sam)

    for name in ("Ben", "Hanna"):
        answer = browser.post(address(), typed(form_id=name, about=name), follow=True)
        assert "Adler" not in answer.content.decode()
    assert set(Concern.objects.values_list("subject", flat=True)) == {None}


def test_somebody_elses_ref_is_no_choice(duty, match, hill_match, cora, as_user):
    hanna = Participant.objects.get(person__given_name="Hanna")

    answer = as_user(cora).post(address(), typed(about="Ben", which=hanna.ref))

    assert answer.status_code == 422
    assert not Concern.objects.exists()


def test_pressed_twice_it_arrives_once(duty, cora, as_user):
    browser = as_user(cora)

    for _ in range(2):
        assert browser.post(address(), typed()).status_code == 302

    assert Concern.objects.count() == Task.objects.count() == 1
    assert told() == ["Dele"]


def test_two_people_with_the_same_form_are_two_concerns(duty, cora, dora, as_user):
    for user in (cora, dora):
        as_user(user).post(address(), typed())

    assert Concern.objects.count() == 2


BAD = [
    {"words": ""},
    {"words": "   \n"},
    {"words": "a\x00b"},
    {"words": "x" * 10_001},
    {"words": "\u202eabc"},
    {"words": "z" + "\u0300" * 30},
    {"danger": ""},
    {"danger": "perhaps"},
    {"about": "a\x00b"},
    {"about": "x" * 201},
    {"about": "two\nlines"},
    {"cause": "x" * 201},
    {"form_id": "x" * 41},
    {"form_id": ""},
    {"which": "abcdefghijkl", "about": "Ben"},
]


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_is_refused_and_keeps_what_was_typed(duty, match, cora, as_user, bad):
    answer = as_user(cora).post(address(), typed(**bad))

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Concern.objects.exists()
    if "words" not in bad:
        assert CANARY in answer.content.decode()


STRANGE = [
    "O'Brien said <script>alert(1)</script> {{7*7}} ' OR 1=1-- ../../etc/passwd",
    "هو خائف من العودة إلى البيت",
    "😢 <b>help</b>",
    "x" * 10_000,
]


@pytest.mark.parametrize("words", STRANGE)
def test_strange_words_are_kept_and_shown_as_they_are(duty, cora, dele, as_user, words):
    as_user(cora).post(address(), typed(words=words))

    concern = Concern.objects.get()
    assert concern.words == words
    html = as_user(dele).get(concern.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert "<b>help</b>" not in html


def test_strange_names_find_nobody_and_break_nothing(duty, match, cora, as_user):
    for name in ("%", "_", "*", "a " * 90, "Ben'; drop table", "İ", "BEN\u0301"):
        answer = as_user(cora).post(address(), typed(form_id=name[:9], about=name, cause=name, which="-"))
        assert answer.status_code in (302, 422)
    assert {concern.subject for concern in Concern.objects.all()} == {None}


def test_the_page_tells_no_reader_by_name(duty, cora, as_user):
    html = as_user(cora).get(address()).content.decode()

    for name in ("Dele", "Dora", "Dan", "County line"):
        assert name not in html
