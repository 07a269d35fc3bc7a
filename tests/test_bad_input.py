"""Whatever is sent to any form or list of the house: an answer, never an error, and nothing half-saved.

Forms are found on the pages themselves (`security.md` §5, "Everywhere"): each field gets one hostile value at a time,
the rest is filled plausibly. The normal run tries a few of them, the same ones each time; `RAPPORT_FULL` tries all.
"""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit
from zlib import crc32

import pytest
from django.db import connection, transaction
from django.utils import timezone

from rapport.checkins.models import Ask, CheckIn
from rapport.outbox.actions import issue_link
from rapport.safeguarding.models import Duty
from tests.cast import DAY, staff
from tests.conftest import AGAIN, FULL
from tests.test_doors import PLAIN, body, full, opened, tables

__all__ = ["full", "opened"]  # fixtures

pytestmark = pytest.mark.django_db
FULL_UP = "as long as it may be"  # PostgreSQL refuses what is longer than its column
A_FEW = 1  # values tried of each field in the normal run
VALUES = {
    "empty": "",
    "blanks": " \t\u3000\u2800 ",
    "nul": "a\x00b",
    "surrogate": "a\ud800b",
    "turned": "a\u202egpj.exe",
    "invisible": "\u200b\u200d\ufeff",
    "zalgo": "e" + "\u0301\u0316\u0489" * 40,
    "apostrophe": "O'Brien",
    "script": "<script>alert(1)</script>",
    "template": "{{7*7}}{% now 'Y' %}",
    "sql": "' OR 1=1 --",
    "path": "../../etc/passwd",
    "header": "a\r\nBcc: all@example.org",
    "negative": "-1",
    "zero": "0",
    "huge": str(2**63),
    "digits": "9" * 5000,
    "infinite": "1e309",
    "nan": "NaN",
    "other digits": "\u0661\u0662",
    "power": "\u00b2",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "first moment": "0001-01-01T00:00:00+14:00",
    "last moment": "9999-12-31T23:59:59-14:00",
    "leap": "29 2 2027",
    "april": "31.4.2026",
    "gap": "29 3 2026 02:30",
    "late time": "25:61",
    "unknown": "no-such-choice",
    "ref": "zzzzzzzzzzzz",
    "emoji": "💥" * 50,
    "long": "x" * 1_000_000,
    "json": '{"a": [' + "[" * 2000,
    "list": "1,2,3",
    FULL_UP: "w" * 200,
}


@dataclass
class Form:
    """A form of a page: where it goes, and what it asks: {name: [type, value, choices, how
    long]}."""

    action: str = ""
    is_post: bool = False
    fields: dict = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page, as a browser would see them."""

    def __init__(self):
        super().__init__()
        self.found, self.here, self.select, self.area = [], None, None, None

    def handle_starttag(self, tag, given):
        said = dict(given)
        if tag == "form":
            self.here = Form(said.get("action") or "", (said.get("method") or "get").lower() == "post")
            self.found.append(self.here)
        elif self.here is None:
            return
        elif tag in ("input", "textarea", "button") and said.get("name"):
            self.ask(said, said.get("type", "text") if tag == "input" else tag)
        elif tag == "select" and said.get("name"):
            self.select = self.here.fields.setdefault(said["name"], ["select", "", [], 0])
        elif tag == "option" and self.select:
            self.select[2].append(said.get("value") or "")

    def ask(self, said, kind):
        asked = self.here.fields.setdefault(said["name"], [kind, "", [], int(said.get("maxlength") or 200)])
        if kind in ("radio", "checkbox", "button"):
            asked[2].append(said.get("value") or "on")
        else:
            asked[1] = said.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.here = None
        elif tag == "select":
            self.select = None


def forms_of(text):
    parser = Forms()
    parser.feed(text)
    return parser.found


PLAUSIBLE = [
    (r"email|mail|address$", "new@example.org"),
    (r"_at$|moment|when", "16 11 2026 15:30"),
    (r"_on$|day$|date|until|since|born", "16 11 2026"),
    (r"time|hour", "15:30"),
    (r"minutes|number|most|least|value|weeks|months|years|count", "5"),
]


def plausible(name, asked):
    """Something that a person might have entered here."""
    kind, value, choices, _most = asked
    real = [choice for choice in choices if choice]
    if real:
        return real[0]
    if value:
        return value
    if kind == "number":
        return "5"
    return next((said for words, said in PLAUSIBLE if re.search(words, name)), "Something plausible, in words.")


def chosen(*where):
    """Which hostile values are tried here: the same in each run, others elsewhere; on PostgreSQL what is too long
    for its column, and every second of the others."""
    names = list(VALUES)
    if FULL:
        return names
    start = crc32("/".join(where).encode())
    few = [names[(start + 7 * n) % len(names)] for n in range(A_FEW)]
    return [*few[: start % 2], FULL_UP] if AGAIN else few


FORM = "application/x-www-form-urlencoded"
QUESTIONS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def what_is_written():
    """Every statement to the database meanwhile that is more than a question: without one, nothing can be left."""
    written = []

    def note(execute, sql, params, many, context):
        if not sql.startswith(QUESTIONS):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield written


def answer(browser, before, address, sent, where, troubles, verb="post", kind=FORM, **more):
    """Send it as a hostile machine would, undo it, and note what is wrong with the answer."""
    raw = sent if isinstance(sent, bytes) else urlencode(sent, doseq=True, errors="surrogatepass").encode()
    try:
        with transaction.atomic(), what_is_written() as written:
            if verb == "post":
                response = browser.generic("POST", address, raw, content_type=kind, **more)
            else:
                response = browser.generic("GET", address, QUERY_STRING=raw.decode(), **more)
            left = tables() if response.status_code >= 400 and written else before
            transaction.set_rollback(True)
    except Exception as error:
        troubles.append((*where, f"{type(error).__name__}: {str(error)[:200]}"))
        return
    if response.status_code >= 500:
        troubles.append((*where, response.status_code))
    if left != before:
        troubles.append((*where, response.status_code, "left something behind"))


FIRST_MET: list = []  # on which page each form is met first: found once, for each test meets the same ones there


@pytest.fixture
def asked(full, opened, as_user):
    """(route's name, form) of every form that somebody who may open everything meets, once for each."""
    addresses = [(route.name, route.address(values)) for route, values in opened.items()]
    addresses += [(route.name, route.address({})) for route in PLAIN if not route.arguments and route.door]
    browser = as_user(full.una)
    found = met_on([one for one in addresses if one[0] in FIRST_MET], browser)
    if not FIRST_MET or pages(found) != FIRST_MET:
        found = met_on(addresses, browser)
        FIRST_MET[:] = pages(found)
    posted = [form for _name, form in found.values() if form.is_post]
    assert len(posted) > 40, "forms are found"
    assert sum(len(form.fields) for form in posted) > 100, "fields are found"
    return list(found.values())


def pages(found):
    return [name for name, _form in found.values()]


def met_on(addresses, browser):
    found = {}
    for name, address in addresses:
        response = browser.get(address)
        for form in forms_of(body(response)) if response.status_code == 200 else []:
            form.action = urlsplit(form.action).path or address
            form.fields.pop("csrfmiddlewaretoken", None)
            key = (re.sub(r"/[0-9a-z]{12}/", "/ref/", form.action), tuple(sorted(form.fields)))
            found.setdefault(key, (name, form))
    return found


def test_whatever_one_field_says(full, asked, as_user):
    browser, before, troubles = as_user(full.una), tables(), []
    for name, form in asked:
        verb = "post" if form.is_post else "get"
        usual = {key: plausible(key, said) for key, said in form.fields.items()}
        for key in form.fields:
            for hostile in chosen(name, key):
                where = (name, form.action, key, hostile)
                sent = {**usual, key: "w" * form.fields[key][3] if hostile == FULL_UP else VALUES[hostile]}
                answer(browser, before, form.action, sent, where, troubles, verb)

    assert troubles == []


EVERYWHERE = ("nul", "digits", "turned")  # tried of every field: the first in every run, of the others one of them


def test_whatever_all_fields_say_at_once(full, asked, as_user):
    browser, before, troubles = as_user(full.una), tables(), []
    for name, form in asked:
        for hostile in EVERYWHERE if FULL else ("nul", EVERYWHERE[1 + crc32(name.encode()) % 2]):
            sent = dict.fromkeys(form.fields, VALUES[hostile])
            verb = "post" if form.is_post else "get"
            answer(browser, before, form.action, sent, (name, form.action, hostile), troubles, verb)

    assert troubles == []


LISTS = ("q", "before", "after", "from", "to", "kind", "hours", "how", "state", "site", "coordinator", "who", "about",
         "match", "person", "start", "in", "danger", "side", "ready", "placed", "next")  # fmt: skip


def test_whatever_an_address_asks_for(full, opened, as_user):
    """Cursors, filters and words to look for: each of them on each page, known there or not."""
    browser, before, troubles = as_user(full.una), tables(), []
    for route, values in opened.items():
        for name in LISTS if FULL else (LISTS[crc32(route.name.encode()) % len(LISTS)], "before"):
            for hostile in chosen(route.name, name):
                where = (route.name, name, hostile)
                answer(browser, before, route.address(values), {name: VALUES[hostile]}, where, troubles, "get")

    assert troubles == []


ODD_BODIES = {
    "json": (b'{"a": ' + b"[" * 10_000, "application/json"),
    "no kind": (b"a=1", ""),
    "cut multipart": (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n', "multipart/form-data; boundary=x"),
    "no boundary": (b"a", "multipart/form-data"),
    "odd charset": (b"a=%FF%FE", "application/x-www-form-urlencoded; charset=none"),
    "other charset": (b"a=b", "application/x-www-form-urlencoded; charset=utf-16"),
    "not text": (bytes(range(256)) * 20, FORM),
    "many": (b"&".join(b"a%d=1" % n for n in range(10_000)), FORM),
    "repeated": (b"&".join([b"what=1", b"message=1", b"form_id=1", b"csrfmiddlewaretoken=1"] * 200), FORM),
    "huge": (b"a=" + b"x" * 4_000_000, FORM),
}


def test_whatever_the_body_is(full, opened, as_user):
    browser, before, troubles = as_user(full.una), tables(), []
    for route, values in opened.items():
        names = list(ODD_BODIES)
        some = names if FULL else [names[crc32(route.name.encode()) % len(names)]]
        for name in some:
            raw, kind = ODD_BODIES[name]
            answer(browser, before, route.address(values), raw, (route.name, name), troubles, kind=kind)

    assert troubles == []


def test_whatever_comes_along(full, opened, as_user):
    """A huge cookie, an odd language, an odd host of a proxy, an htmx page that is none."""
    browser, before, troubles = as_user(full.una), tables(), []
    heads = {
        "HTTP_COOKIE": "csrf=" + "x" * 60_000, "HTTP_ACCEPT_LANGUAGE": "\x00,de;q=NaN," + "x-" * 3000,
        "HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[/?hours=\x00", "HTTP_USER_AGENT": "a\r\nb" * 99,
    }  # fmt: skip
    for number, (route, values) in enumerate(opened.items()):
        for name in heads if FULL else [list(heads)[number % len(heads)]]:
            more = {name: heads[name], **({"HTTP_HX_REQUEST": "true"} if "CURRENT" in name else {})}
            answer(browser, before, route.address(values), {}, (route.name, name), troubles, "get", **more)

    assert troubles == []


def test_a_form_from_elsewhere_changes_nothing(full, asked, as_user):
    """Without its token, or from another origin, a press is refused; the page of a link has its own."""
    browser, before, troubles = as_user(full.una), tables(), []
    browser.handler.enforce_csrf_checks = True
    for name, form in asked:
        if form.is_post and name != "portal:ask-for-link":  # it knows nobody, and works without a cookie
            sent = {key: plausible(key, said) for key, said in form.fields.items()}
            for origin in ({}, {"HTTP_ORIGIN": "null"}, {"HTTP_ORIGIN": "https://evil.example"}):
                response = browser.post(form.action, sent, **origin)
                if response.status_code != 403:
                    troubles.append((name, form.action, origin, response.status_code))

    assert troubles == []
    assert tables() == before


@pytest.fixture
def link(match, ben, dele):
    """Ben holds a link, and has one check-in to answer."""
    program, at = match.program, timezone.now()
    second, cover = staff("Sam", program, "safeguarding-lead"), staff("Kim", program, "safeguarding-lead")
    Duty.objects.create(
        program=program, lead=dele, second_lead=second, cover=cover, outside_contact="Child line, 555 0199",
        read_by=time(17), named_by=dele, named_at=at,
    )  # fmt: skip
    ask = Ask.objects.create(program=program, person=ben, made_at=at, sent_at=at, state="sent", closes_at=at + DAY)
    CheckIn.objects.create(
        program=program, match=match, person=ben, party="mentee", instance=7, ask=ask, due_at=at, lapses_at=at + DAY
    )
    token = issue_link(purpose="ask", person=ben, about=ask, program=program, at=at, expires_at=at + DAY)
    return f"/a/{token}/"


def test_whatever_a_link_is_answered_with(link, client):
    """The one form that anybody on the internet may send: here every value is tried, in every run."""
    before, troubles = tables(), []
    [form] = [one for one in forms_of(body(client.get(link + "?start=1"))) if "form_id" in one.fields]
    form.fields["instead"] = ["button", "", [], 200]
    assert len(form.fields) > 3
    usual = {key: plausible(key, said) for key, said in form.fields.items() if key != "instead"}
    for key in form.fields:
        for hostile, value in VALUES.items():
            answer(client, before, link, {**usual, key: value}, (key, hostile), troubles)
    for name, (raw, kind) in ODD_BODIES.items():
        answer(client, before, link, raw, (name,), troubles, kind=kind)

    assert troubles == []
