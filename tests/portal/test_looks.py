"""In a real browser: no sideways scroll on a phone, and nothing that axe finds, in light and in dark."""

from pathlib import Path

import pytest
from django.conf import settings

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"


@pytest.fixture
def axe():
    if not AXE.exists():
        pytest.skip("axe-core is not installed: bin/setup --dev brings it")
    return AXE.read_text(encoding="utf-8")


@pytest.mark.django_db(transaction=True)
def test_pages_are_within_everybodys_reach(
    live_server, browser, axe, as_user, sign_up, story, cora, ama, riverside, ben_in
):
    staff, mentor = as_user(cora), sign_up(ama, riverside, "mentor")
    pages = [
        (staff, story.get_absolute_url()),
        (staff, ben_in.get_absolute_url()),
        (staff, "/p/riverside/"),
        (staff, "/p/riverside/matches/"),
        (staff, "/p/riverside/imports/new/"),
        (staff, "/p/riverside/outbox/"),
        (mentor, "/"),
    ]

    for scheme in ("light", "dark"):
        for signed_in, address in pages:
            context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme, bypass_csp=True)
            value = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
            page = context.new_page()
            assert page.goto(live_server.url + address).status == 200
            page.evaluate(axe)
            found = [(broken["id"], broken["nodes"][0]["html"]) for broken in page.evaluate(RULES)["violations"]]
            assert (address, scheme, found) == (address, scheme, [])
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            context.close()
