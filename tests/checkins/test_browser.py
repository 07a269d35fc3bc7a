"""A real browser: a machine that runs scripts and follows every link, then a child on a small phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.checkins.models import Answer, CheckIn
from rapport.outbox.models import Link
from tests.checkins.conftest import CHROME, DAY, ask_of, link_of, live

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(young, duty, mailbox):
    """Asked an hour ago, by the machine's own clock."""
    now = timezone.now()
    since = now.replace(hour=10, minute=0, second=0) if now.hour >= 11 else now.replace(hour=10) - DAY
    young.begun_on = (since - 7 * DAY).date()
    young.save()
    live(1, since=since)
    Link.objects.update(issued_at=now - timedelta(hours=1))
    return mailbox


@pytest.fixture
def handset(browser):
    """A child's small phone: a browser that does not call itself headless, as machines do."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, user_agent=CHROME)
    yield context.new_page()
    context.close()


def test_a_machine_follows_every_link_and_the_child_still_answers(asked, phone, handset, live_server, ben):
    path = link_of(asked, "ben")
    phone.goto(live_server.url + path)
    for address in phone.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"):
        phone.goto(address)
    phone.goto(live_server.url + path + "?start=1")
    phone.wait_for_timeout(1500)
    assert (Answer.objects.count(), ask_of(ben).state) == (0, "sent")

    handset.goto(live_server.url + path)
    handset.get_by_role("button", name="Start").click()
    handset.get_by_text("Great", exact=True).click()
    assert not handset.get_by_label("Tell us, if you can").is_visible()
    handset.get_by_text("Not sure", exact=True).click()
    assert handset.get_by_label("Tell us, if you can").is_visible()
    handset.get_by_text("No", exact=True).click()
    handset.get_by_role("button", name="Send").click()

    handset.get_by_text("Thank you, Ben").wait_for()
    assert CheckIn.objects.get(person=ben, state="answered").answers.get().feeling == 5
    assert handset.evaluate("document.documentElement.scrollWidth") <= 360
