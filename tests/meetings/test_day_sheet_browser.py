"""A real browser as small as a phone: a site in a minute, each tap saved in place, and none lost without network."""

import os
import time as clock
from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.core.months import day_in
from rapport.meetings.actions import name_keeper
from rapport.meetings.models import Mark, Meeting
from rapport.meetings.sheet.day import span
from tests.cast import open_match, participant, person

pytestmark = pytest.mark.django_db(transaction=True)

PAIRS = 30 if os.environ.get("RAPPORT_FULL") else 3
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"


@pytest.fixture
def sheet(riverside, lincoln, cora, live_server):
    """Pairs who meet today at Lincoln School, and the address of their sheet by a link of one day."""
    now = timezone.now()
    midnight, _tomorrow = span(day_in(now, riverside.zone), riverside.zone)
    begun = max(now - timedelta(hours=1), midnight)
    for number in range(PAIRS):
        mentor = participant(person(f"Mentor{number}", riverside, mail=False), riverside, "mentor")
        child = participant(person(f"Child{number}", riverside, mail=False), riverside, "mentee")
        match = open_match(mentor, child, coordinator=cora)
        ends_at = begun + timedelta(hours=1)
        Meeting.objects.create(
            program=riverside, match=match, starts_at=begun, ends_at=ends_at, due_at=begun, lapses_at=ends_at
        )  # fmt: skip
    lincoln.program = riverside
    _keeper, token = name_keeper(lincoln, given_name="Jo", family_name="Park", by=cora, at=now)
    return f"{live_server.url}/d/{token}/?start=1"


@pytest.fixture(params=[True, False], ids=["with a script", "without one"])
def handset(browser, request):
    screen = {"width": 360, "height": 740}
    context = browser.new_context(viewport=screen, user_agent=ANDROID, java_script_enabled=request.param)
    yield context
    context.close()


def test_a_site_is_marked_in_as_many_taps_as_it_has_pairs(handset, sheet):
    page = handset.new_page()
    page.goto(sheet)
    begun, taps = clock.monotonic(), 0
    for number in range(PAIRS):
        outcome = ("Here", "Child away", "Mentor away")[number % 3]
        page.locator("li.row-pair").nth(number).get_by_role("button", name=outcome, exact=True).click()
        taps += 1
    page.locator("#marked", has_text=f"{PAIRS} of {PAIRS}").wait_for()
    took = clock.monotonic() - begun

    print(f"{PAIRS} pairs in {taps} taps and {took:.1f} seconds")
    assert taps == PAIRS
    assert Mark.objects.count() == PAIRS
    assert Meeting.objects.held().count() == PAIRS / 3
    assert page.locator("li.row-pair").first.get_by_role("button", name="Here").get_attribute("aria-pressed") == "true"


def test_without_a_network_a_tap_waits_and_is_kept_once(browser, sheet):
    context = browser.new_context(viewport={"width": 360, "height": 740}, user_agent=ANDROID)
    page = context.new_page()
    page.goto(sheet)
    context.set_offline(True)
    pair = page.locator("li.row-pair").first
    pair.get_by_role("button", name="Here").dblclick()
    assert pair.get_attribute("aria-busy") == "true"
    assert Mark.objects.count() == 0

    context.set_offline(False)

    page.locator("#marked", has_text=f"1 of {PAIRS}").wait_for()
    page.wait_for_timeout(300)
    assert Mark.objects.count() == 1
    context.close()
