"""Every page in a real browser: nothing that axe finds, no sideways scroll, and a quiet console.

The addresses are found as in `test_doors.py`: by the resolver, with records that lead somewhere.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from rapport.access.actions import add_user
from rapport.access.models import Role
from rapport.checkins.models import Ask, CheckIn
from rapport.outbox.actions import issue_link
from rapport.programs.actions import add_member
from tests.cast import LONG_AGO
from tests.checkins.conftest import duty  # noqa: F401 (fixture)
from tests.test_doors import DEEDS, full, opened  # noqa: F401 (fixtures)

AXE = Path("node_modules/axe-core/axe.min.js")
RULES = """axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}).then(found => found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 150)]))"""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
LOOKS = [("light", 1280), ("dark", 360)]
NARROW = (360, 320)
OPEN = ("/ways/", "/account/login/", "/account/login/code/", "/account/password/reset/")
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def axe():
    if not AXE.exists():
        pytest.skip("axe-core is not installed: bin/setup --dev brings it")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def complaints(desk):
    """What the console of the desk's page complains of, as it comes."""
    heard = []
    desk.on("console", lambda said: said.type == "error" and heard.append((desk.url, said.text[:200])))
    desk.on("pageerror", lambda error: heard.append((desk.url, str(error)[:200])))
    return heard


def faults(page, axe):
    """What is wrong with a page, at its desk's width and on a phone, in light and in dark."""
    page.evaluate(axe)
    wrong = []
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half way to another
        page.set_viewport_size({"width": width, "height": 800})
        wrong += [(scheme, width, *one) for one in page.evaluate(RULES)]
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 740})
        wrong += [("scrolls sideways", width)] if page.evaluate(WIDER) else []
    return wrong


def readable(found, browser):
    """The addresses that show a page to whoever may open all of them."""
    addresses = [route.address(values) for route, values in found.items()]
    answers = {address: browser.get(address) for address in addresses if address.split("/")[-2] not in DEEDS}
    return sorted(a for a, r in answers.items() if r.status_code == 200 and r["Content-Type"].startswith("text/html"))


def test_every_page_of_staff_is_within_everybodys_reach(live_server, axe, desk, complaints, request, as_user):
    full_program, found = request.getfixturevalue("full"), request.getfixturevalue("opened")
    client = as_user(full_program.una)
    addresses = readable(found, client)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    desk.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    wrong = {}
    for address in addresses:
        desk.goto(live_server.url + address)
        wrong[address] = faults(desk, axe)

    assert len(addresses) > 40
    assert {address: found for address, found in wrong.items() if found} == {}
    assert complaints == []


@pytest.fixture
def letter(match, ben, request):
    """The address in a child's letter of an hour ago, worry question and all."""
    request.getfixturevalue("duty")
    now = timezone.now()
    ask = Ask.objects.create(program=match.program, person=ben, state="sent", made_at=now - HOUR, sent_at=now - HOUR)
    CheckIn.objects.create(
        program=match.program, match=match, person=ben, party="mentee", instance=1, ask=ask, due_at=now - HOUR
    )
    token = issue_link(
        purpose="ask", person=ben, about=ask, program=match.program, at=now - HOUR, expires_at=now + HOUR
    )
    return f"/a/{token}/"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_of_a_letter_is_within_everybodys_reach(live_server, axe, desk, complaints, letter, language):
    wrong = {}
    for way in ("?", "?start=1&"):
        desk.goto(f"{live_server.url}{letter}{way}in={language}")
        wrong[way] = faults(desk, axe)
    desk.locator(".three .yes + label").click()  # opens the words
    assert desk.locator("textarea").is_visible()
    wrong["words"] = faults(desk, axe)
    with desk.expect_navigation():
        desk.locator("button").first.click()
    wrong["told"] = faults(desk, axe)

    assert desk.locator("html").get_attribute("lang") == language
    assert {where: found for where, found in wrong.items() if found} == {}
    assert complaints == []


@pytest.mark.parametrize(("who", "role"), [("ama", "mentor"), ("grace", "guardian")])
def test_ones_own_page_is_within_everybodys_reach(
    live_server, axe, desk, complaints, match, riverside, request, as_user, who, role
):
    somebody = request.getfixturevalue(who)
    somebody.user = add_user(email=f"{who}.in@example.org", name=somebody.full_name, by=None, at=LONG_AGO)
    somebody.save()
    add_member(somebody.user, program=riverside, role=Role.objects.get(slug=role), by=None, at=LONG_AGO)
    value = as_user(somebody.user).cookies[settings.SESSION_COOKIE_NAME].value
    desk.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    desk.goto(live_server.url + "/")

    assert "Ben" in desk.inner_text("main")
    assert faults(desk, axe) == []
    assert complaints == []


def test_pages_without_a_sign_in_are_within_everybodys_reach(live_server, axe, desk, complaints, house):
    wrong = {}
    for address in OPEN:
        desk.goto(live_server.url + address)
        wrong[address] = faults(desk, axe)

    assert wrong == {address: [] for address in OPEN}
    assert complaints == []
