"""The own page by a link and on paper: nobody learns who is known, and a shared phone opens nothing."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from rapport.outbox.actions import deliver_next, issue_link
from rapport.outbox.models import Delivery, Link, Message
from rapport.people.models import ContactPoint, Guardianship
from rapport.portal import actions
from rapport.safeguarding.models import Concern
from rapport.tasks.models import Task
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY
from tests.outbox.conftest import sink  # noqa: F401  (a mail server on this machine)
from tests.reading import words

ASK = "/mine/link/"
MAY_PRESS = {"enforce_csrf_checks": True, "headers": {"User-Agent": "a phone"}}


@pytest.fixture(autouse=True)
def nobody_asked_before(db):
    cache.clear()


def ask(address):
    return Client(**MAY_PRESS).post(ASK, {"address": address})


def wanted_by():
    """Whose letters wait to leave."""
    return sorted(Message.objects.filter(kind="portal/own-page").values_list("to__given_name", flat=True))


def door_of(somebody, program, by):
    """The address of their page, as the code on a sheet holds it."""
    token = actions.print_own_page(somebody, program=program, by=by, at=MONDAY)
    return reverse("portal:by-link", args=[token])


def test_whoever_asks_reads_the_same_known_or_not(story, ben, grace, omar):
    answers = [ask(address) for address in ("ben@example.org", "Grace@Example.org", "omar@example.org", "no@where.org")]

    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert "If we know this address" in words(answers[0].text)
    assert wanted_by() == ["Ben", "Grace"]


def test_asked_twice_within_the_hour_is_one_letter(story, ben):
    for _n in range(2):
        ask("ben@example.org")

    assert wanted_by() == ["Ben"]


def test_a_shared_address_gets_nothing(story, ben, grace):
    ContactPoint.objects.update(value="adlers@example.org", is_private=False)

    assert ask("adlers@example.org").status_code == 200
    assert wanted_by() == []


@pytest.mark.parametrize("name", ["ben", "grace"])  # a child is written to nowhere else; a grown-up might be
def test_a_letter_does_not_leave_for_an_address_that_was_shared_meanwhile(story, ben, grace, sink, name):  # noqa: F811
    ask(f"{name}@example.org")
    ContactPoint.objects.filter(value=f"{name}@example.org").update(is_private=False)

    deliver_next(at=MONDAY, limit=10)

    assert list(Message.objects.filter(kind="portal/own-page").values_list("state", flat=True)) == ["suppressed"]


def test_the_letter_opens_the_page_without_a_cookie(story, ben, ben_in, cora, duty, sink):  # noqa: F811
    ask("ben@example.org")
    deliver_next(at=MONDAY, limit=10)
    body = sink.letters[0][1].get_body(("plain",)).get_content()
    door = body[body.index("/m/") :].split()[0]
    assert "Ama" not in body

    browser = Client(**MAY_PRESS)
    start = words(browser.get(door).text)
    assert "Hello Ben" in start
    assert "Ama" not in start
    page = browser.get(f"{door}?start=1")
    assert "You and Ama" in words(page.text)
    assert "csrf" not in page.text
    assert len(page.content) < 20_000
    said = browser.post(f"{door}?start=1", {"tell": "talk", "place": ben_in.ref})

    assert "Cora talks with you by Wednesday 18 November" in words(said.text)
    assert Task.objects.get(kind="portal/would-like-to-talk").person == ben
    assert not browser.cookies


@pytest.mark.parametrize(
    "typed", ["", "ben", "a@b", "x" * 300 + "@example.org", "ben@example.org\nBcc: a@b.org", "\0@a.org"]
)
def test_what_is_no_address_is_said(db, typed):
    response = ask(typed)

    assert response.status_code == 422
    assert not Message.objects.exists()


def test_an_empty_field_is_told_in_plain_words(db):
    assert "Write your e-mail address." in ask("").content.decode()


def test_too_many_questions_from_one_place_wait(db):
    answers = [ask(f"nobody{n}@example.org").status_code for n in range(12)]

    assert answers == [200] * 10 + [429] * 2


def test_a_wrong_an_old_and_a_shut_link_look_alike(story, ben, cora, riverside):
    old, shut = door_of(ben, riverside, cora), door_of(ben, riverside, cora)
    Link.objects.filter(pk=Link.objects.earliest("pk").pk).update(expires_at=MONDAY)
    Link.objects.filter(pk=Link.objects.latest("pk").pk).update(closed_at=MONDAY)

    pages = [Client().get(door) for door in (old, shut, "/m/no-such-token/")]

    assert [page.status_code for page in pages] == [404] * 3
    assert {page.content for page in pages} == {pages[0].content}


def test_who_is_somebody_else_shuts_every_link_of_that_page(story, ben, cora, riverside):
    doors = [door_of(ben, riverside, cora) for _n in range(2)]

    Client(**MAY_PRESS).post(doors[0], {"tell": "not-me"})

    assert [Client().get(door).status_code for door in doors] == [404, 404]


def test_it_shuts_what_else_went_to_that_address_too(story, grace, riverside, cora):
    page = door_of(grace, riverside, cora)
    facts = {"program": riverside, "kind": "-", "to": grace, "queued_at": MONDAY, "next_at": MONDAY}
    letter = Message.objects.create(dedupe_key="-", state="accepted", **facts)
    Delivery.objects.create(message=letter, at=MONDAY, address="grace@example.org", outcome="accepted")
    Link.objects.filter(person=grace).update(message=letter)
    about = {"program": riverside, "about": grace, "at": MONDAY, "expires_at": MONDAY + 60 * DAY}
    issue_link(purpose="agreement", person=grace, message=letter, **about)

    Client(**MAY_PRESS).post(page, {"tell": "not-me"})

    assert not Link.objects.filter(person=grace, closed_at=None).exists()


def test_a_link_of_one_program_opens_nothing_of_another(story, hill_match, ben, omar, hillside, riverside, cora):
    door = door_of(ben, hillside, omar)

    page = words(Client().get(f"{door}?start=1").text)

    assert "There is nothing for you here at the moment." in page
    assert "Ama" not in page


@pytest.mark.parametrize("how", ["ended", "kept away"])
def test_a_guardian_whose_rights_ended_finds_a_calm_page(story, grace, ben, ben_in, cora, riverside, how):
    door = door_of(grace, riverside, cora)
    if how == "ended":
        Guardianship.objects.update(ends_on=MONDAY.date())
    else:
        restrict(grace, ben, program=riverside, by=cora)

    page = words(Client().get(f"{door}?start=1").text)
    said = Client(**MAY_PRESS).post(f"{door}?start=1", {"tell": "talk", "place": ben_in.ref})

    assert "There is nothing for you here at the moment." in page
    assert "Ben" not in page
    assert said.status_code == 404
    ask("grace@example.org")
    assert wanted_by() == []


def sheet_of(program, somebody, tail="sheet/"):
    return f"/p/{program.slug}/own/{somebody.ref}/{tail}"


def test_a_sheet_names_their_person_and_has_the_doors(as_user, story, ben, duty, cora, riverside):
    browser = as_user(cora)
    page = browser.get(sheet_of(riverside, ben))
    assert "Your person at Riverside mentoring is Cora . Cora, 555 0100" in words(page.text)
    assert "You and Ama, Thursday 19 November, 15:30" in words(page.text)
    assert page.text.count("tick-box") == 5
    assert not Link.objects.exists()

    with_code = browser.post(sheet_of(riverside, ben))

    assert "With the camera of a phone" in with_code.text
    assert list(Link.objects.values_list("purpose", "person", "expires_at")) == [
        ("own-page", ben.pk, MONDAY + 60 * DAY)
    ]


def test_what_came_back_on_paper_counts_like_a_press(as_user, story, duty, ben, cora, riverside):
    typed = {"told": ["talk", "not-working"], "worry": "yes", "words": "He shouts.", "way": "paper",
             "said_on": "2026-11-16", "form_id": "one"}  # fmt: skip
    for _n in range(2):
        response = as_user(cora).post(sheet_of(riverside, ben, ""), typed)
        assert response.status_code == 302

    assert sorted(Task.objects.filter(person=ben, kind__startswith="portal/").values_list("kind", flat=True)) == [
        "portal/is-not-working", "portal/would-like-to-talk",
    ]  # fmt: skip
    assert list(Concern.objects.values_list("words", "raised_by", "subject", "match")) == [
        ("He shouts.", ben.pk, ben.pk, story.pk)
    ]


@pytest.mark.parametrize(
    "typed",
    [{}, {"told": "talk"}, {"told": "no-such", "way": "paper", "said_on": "2026-11-16"},
     {"told": "talk", "way": "paper", "said_on": "2026-11-17"},
     {"told": "talk", "way": "interpreter", "said_on": "2026-11-16"},
     {"worry": "yes", "way": "paper", "said_on": "2026-11-16"}],
    ids=["nothing", "no day", "no such door", "tomorrow", "no interpreter named", "nobody reads worries here"],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_half_kept(as_user, story, ben, cora, riverside, typed):
    response = as_user(cora).post(sheet_of(riverside, ben, ""), {"form_id": "one"} | typed)

    assert response.status_code == 422
    assert not Task.objects.filter(kind__startswith="portal/").exists()
    assert not Concern.objects.exists()


def test_staff_elsewhere_and_those_too_close_find_no_sheet(
    as_user, story, hill_match, ben, grace, omar, cora, riverside
):
    assert as_user(omar).get(sheet_of(riverside, ben)).status_code == 404
    assert as_user(omar).get(sheet_of(hill_match.program, hill_match.mentees[0].person)).status_code == 200
    assert as_user(cora).get(sheet_of(riverside, grace)).status_code == 200
    Guardianship.objects.create(adult=cora.person, child=ben, starts_on=MONDAY.date() - timedelta(days=9))

    assert as_user(cora).get(sheet_of(riverside, ben)).status_code == 404
