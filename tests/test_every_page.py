"""Every page of staff in a real browser: nothing that axe finds, no sideways scroll, and a quiet console.

The addresses are found as in `test_doors.py`: by the resolver, with records that lead somewhere.
"""

from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tests.cast import MONDAY
from tests.test_doors import DEEDS, OURS, full, opened  # noqa: F401 (fixtures)

AXE = Path("node_modules/axe-core/axe.min.js")
RULES = """axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}).then(found => found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 150)]))"""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SIZES = {"light": (1280, 360), "dark": (360, 320)}  # what axe looks at first, and how narrow it gets
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def axe():
    if not AXE.exists():
        pytest.skip("axe-core is not installed: bin/setup --dev brings it")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def open_page(browser, live_server):
    """A page of somebody's browser, and the list of what its console complains of."""
    contexts = []

    def opened_by(client, scheme, width):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        contexts.append(context)
        if client is not None:
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page, complaints = context.new_page(), []
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text[:200]))
        page.on("pageerror", lambda error: complaints.append(str(error)[:200]))
        return page, complaints

    yield opened_by
    for context in contexts:
        context.close()


def faults(page, axe, narrow):
    """What is wrong with a page: what axe finds at its width, and whether it is wider than a narrow screen."""
    wide = page.viewport_size
    page.evaluate(axe)
    found = page.evaluate(RULES)
    page.set_viewport_size({"width": narrow, "height": 740})
    found += [["scrolls sideways", narrow]] if page.evaluate(WIDER) else []
    page.set_viewport_size(wide)
    return found


def readable(opened, browser):
    """The addresses that show a page to whoever may open all of them."""
    addresses = [route.address(values) for route, values in opened.items()]
    answers = {address: browser.get(address) for address in addresses if address.split("/")[-2] not in DEEDS}
    pages = {a: r for a, r in answers.items() if r.status_code == 200 and r["Content-Type"].startswith("text/html")}
    return sorted(pages)


@pytest.mark.parametrize("scheme", SIZES)
def test_every_page_of_staff_is_within_everybodys_reach(live_server, axe, open_page, opened, full, as_user, scheme):  # noqa: F811
    client = as_user(full.una)
    addresses = readable(opened, client)
    width, narrow = SIZES[scheme]
    page, complaints = open_page(client, scheme, width)
    wrong = {}
    for address in addresses:
        page.goto(live_server.url + address)
        if found := faults(page, axe, narrow):
            wrong[address] = found

    assert len(addresses) > 40
    assert wrong == {}
    assert complaints == []


@pytest.mark.parametrize("scheme", SIZES)
def test_pages_without_a_sign_in_are_within_everybodys_reach(live_server, axe, open_page, house, scheme):
    page, complaints = open_page(None, scheme, SIZES[scheme][0])
    wrong = {}
    for address in ("/account/login/", "/account/login/code/", "/account/password/reset/"):
        page.goto(live_server.url + address)
        if found := faults(page, axe, SIZES[scheme][1]):
            wrong[address] = found

    assert wrong == {}
    assert complaints == []
