"""On a phone: from the letter to a log in four taps, without a script; and two tabs make one log."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from rapport.checkins.actions import gather_asks
from rapport.checkins.models import Ask
from rapport.meetings.actions.feeds import open_own_meetings
from rapport.meetings.models import FormerLog, Log, Meeting
from rapport.outbox.actions import issue_link
from tests.cast import DAY, MONDAY
from tests.checkins.conftest import CHROME
from tests.meetings.test_logs import met_on

AXE = Path("node_modules/axe-core/axe.min.js")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(MONDAY, tick=True):
        yield


class Taps:
    """A finger: it counts."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def on(self, what):
        self.count += 1
        what.tap()


@pytest.fixture
def finger(browser):
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, java_script_enabled=False,
        user_agent=CHROME,
    )  # fmt: skip
    yield Taps(context.new_page())
    context.close()


def test_from_the_letter_to_a_log_in_four_taps_and_twenty_seconds(finger, live_server, match, riverside, ama):
    met_on(match, 2)
    gather_asks(at=MONDAY, limit=10)
    ask = Ask.objects.get(person=ama)
    token = issue_link(
        purpose="ask", person=ama, about=ask, program=riverside, at=MONDAY - DAY, expires_at=MONDAY + 7 * DAY
    )
    page, began = finger.page, datetime.now(UTC)
    page.set_content(f"<a href='{live_server.url}{reverse('checkins:ask', args=[token])}'>Open</a>")

    finger.on(page.get_by_role("link", name="Open"))
    finger.on(page.get_by_role("button", name="Start"))
    finger.on(page.locator("label", has_text="We met"))
    finger.on(page.get_by_role("button", name="Send"))

    page.get_by_role("heading", name="Thank you").wait_for()
    assert finger.count == 4
    assert datetime.now(UTC) - began < timedelta(seconds=20)
    said = Log.objects.get()
    assert (said.person, said.happened, said.minutes, said.source) == (ama, True, 60, "link")
    page.go_back()
    page.reload()
    assert Log.objects.count() == 1


def test_two_tabs_make_one_log_and_the_page_reads_well(browser, live_server, match, riverside, ama):
    context = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True, user_agent=CHROME)
    meeting = met_on(match, 2)
    token = open_own_meetings(ama, program=riverside, at=MONDAY - timedelta(minutes=5))
    tabs = [context.new_page(), context.new_page()]
    for tab in tabs:
        tab.goto(live_server.url + reverse("feeds:told", args=[token]))
        looks_well(tab)
        tab.get_by_role("button", name="Tell how it was").click()
        looks_well(tab)
    for tab in tabs:
        tab.locator("label", has_text="We met").click()
        tab.get_by_role("button", name="Send").click()
        tab.get_by_role("heading", name="Thank you").wait_for()

    context.close()
    assert Log.objects.get().meeting == meeting
    assert Meeting.objects.get().minutes == 60
    assert not FormerLog.objects.exists()


def looks_well(page):
    if AXE.exists():
        page.add_script_tag(path=str(AXE))
        found = page.evaluate("tags => axe.run({runOnly: tags}).then(r => r.violations.map(v => v.id))", WCAG)
        assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
