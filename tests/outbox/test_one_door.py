"""Pages reached by a link have one door: whatever is wrong with a token, all of them answer alike."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from rapport.outbox import guests
from rapport.outbox.actions import issue_link
from rapport.outbox.models import Link
from rapport.people.models import Person
from tests.cast import DAY
from tests.test_doors import walk

pytestmark = pytest.mark.django_db
PHONE = {"User-Agent": "Mozilla/5.0 (a phone)"}
STRANGE = "N0nSuchT0kenAtAll_1234"
HOSTILE = [
    "x", "ä", "NaN", "' OR 1=1 --", "<script>", "{{7*7}}", "${jndi:x}", "=3D" + STRANGE,
    STRANGE * 2, "x" * 299, "💥", "%E2%80%AEgnirts", "-1", "1e309",
]  # fmt: skip
OF_A_MACHINE = {"feeds:feed"}  # a calendar program reads it; its address is no link of the outbox
ROUTES = [route for route in walk(get_resolver()) if "token" in route.arguments and not route.is_third_party]
PAGES = [one for one in ROUTES if hasattr(one.view, "purpose") and not re.search(r"[\^$(]", one.path)]
ABOUT_A_MATCH = {"goals", "meetings"}
ABOUT_A_PERSON = {"own-meetings", "own-page"}
OPEN = [one for one in PAGES if one.view.purpose in ABOUT_A_MATCH | ABOUT_A_PERSON and "ref" not in one.path]
WRITES = re.compile(r"^(INSERT|UPDATE|DELETE|REPLACE)", re.IGNORECASE)


def each(routes):
    return pytest.mark.parametrize("route", routes, ids=lambda route: route.name)


def link(purpose, person, *, about=None, program=None, at=None, lasts=14 * DAY):
    at = at or timezone.now() - DAY
    program = program or person.participations.first().program
    return issue_link(
        purpose=purpose, person=person, about=about or person, program=program, at=at, expires_at=at + lasts
    )


def at(route, token):
    return route.address({"token": token, "ref": "zzzzzzzzzzzz"})


def shut(token):
    from rapport.outbox.links import hashed

    Link.objects.filter(token_hash=hashed(token)).update(closed_at=timezone.now())
    return token


def is_kept_apart(page):
    told = page["Cache-Control"], page["X-Robots-Tag"], page["Referrer-Policy"]
    return told == ("no-store", "noindex, nofollow", "same-origin")


def written(queries):
    """What a request wrote, but for how often somebody came, which the door counts."""
    return [one["sql"] for one in queries if WRITES.match(one["sql"]) and "core_cache" not in one["sql"]]


def test_each_page_behind_a_token_goes_through_the_one_door():
    assert {one.name for one in ROUTES if not hasattr(one.view, "purpose")} == OF_A_MACHINE
    assert len(PAGES) >= 11

    exempt = {str(p) for p in Path("rapport").rglob("*.py") if "csrf_exempt" in p.read_text(encoding="utf-8")}
    assert exempt == {"rapport/outbox/public.py", "rapport/portal/front/link.py"}  # the other asks for a link


@each(PAGES)
def test_whatever_is_wrong_with_a_token_the_answer_is_the_same(route, ama_in, ama, ben, hill_match, monkeypatch):
    purpose, browser = route.view.purpose, Client(enforce_csrf_checks=True, headers=PHONE)
    monkeypatch.setattr(guests, "WRONG_TOKENS", 10**6)
    other = "ask" if purpose != "ask" else "goals"
    over = {"about": hill_match, "lasts": DAY / 2}
    archived = link(purpose, hill_match.members.first().participant.person)
    type(hill_match.program).objects.filter(pk=hill_match.program_id).update(archived_at=timezone.now())
    wrong = [STRANGE, link(other, ama), archived, shut(link(purpose, ama)), link(purpose, ama, **over)]
    wrong += [link(purpose, ama, about=hill_match)] if purpose not in ABOUT_A_PERSON else []

    pressed = {"do": "add", "instead": "new-link", "what": "new"}
    with CaptureQueriesContext(connection) as queries:
        looked = [browser.head(at(route, one)) for one in wrong]
        asked = [browser.get(at(route, one), {"start": "1"}) for one in wrong]
        asked += [browser.post(at(route, one), pressed) for one in wrong]
        asked += [browser.get(at(route, one)) for one in [*HOSTILE, STRANGE]]

    assert {page.status_code for page in asked + looked} == {404}
    assert len({page.content for page in asked}) == 1
    assert all(is_kept_apart(page) and not page.cookies for page in asked + looked)
    assert written(queries) == []


@each(PAGES)
def test_too_many_guesses_are_told_to_wait_by_a_page_that_reads_the_same(route, client, monkeypatch):
    monkeypatch.setattr(guests, "WRONG_TOKENS", 1)

    first, then = [client.get(at(route, STRANGE)) for _ in range(2)]

    assert (first.status_code, then.status_code, first.content == then.content) == (404, 429, True)


@each(PAGES)
def test_a_link_that_was_shut_speaks_the_language_of_whom_it_was_for(route, client, ama_in, ama):
    Person.objects.filter(pk=ama.pk).update(language="es")

    page = client.get(at(route, shut(link(route.view.purpose, ama))))

    assert (page.status_code, page["Content-Language"]) == (404, "es")
    assert "Riverside" not in page.content.decode()


@each(OPEN)
def test_looking_writes_nothing_whoever_looks(route, match, ama):
    """A person, a program that fetches ahead, a scanner of mail; in the reader's language or the one they choose."""
    Person.objects.filter(pk=ama.pk).update(language="es")
    path = at(route, link(route.view.purpose, ama, about=match if route.view.purpose in ABOUT_A_MATCH else ama))
    lookers = [PHONE, {"User-Agent": "proofpoint scanner"}, PHONE | {"Sec-Purpose": "prefetch"}]

    with CaptureQueriesContext(connection) as queries:
        pages = [Client(headers=who).generic(how, path) for who in lookers for how in ("GET", "HEAD", "OPTIONS")]
        pages += [Client(headers=PHONE).get(path, {"start": "1", "in": "fr"}) for _ in range(2)]

    assert {page.status_code for page in pages} == {200}
    assert all(is_kept_apart(page) and not page.cookies for page in pages)
    assert [page["Content-Language"] for page in pages] == ["es"] * 9 + ["fr"] * 2
    assert written(queries) == []


@each([one for one in OPEN if one.view.purpose in ABOUT_A_MATCH])
def test_neither_a_machine_nor_a_flood_of_presses_does_anything(route, match, ama, monkeypatch):
    path = at(route, link(route.view.purpose, ama, about=match))
    typed = {"do": "add", "kind": "topic", "topic-words": "x"}

    with CaptureQueriesContext(connection) as queries:
        scanned = Client(headers={"User-Agent": "proofpoint scanner"}).post(path, typed)
        monkeypatch.setattr(guests, "presses", lambda link: 10**6)
        flooded = Client(headers=PHONE).post(path, typed | {"again": "yes"})

    assert (scanned.status_code, flooded.status_code, written(queries)) == (409, 429, [])
