"""A real browser: from what matching looks at, over a published round and three answers by link, to an active match."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.conf import settings as house

from rapport.matches.models import Match
from rapport.matching.actions import write_criteria
from rapport.matching.models import Criterion, Proposal
from rapport.outbox.actions import deliver_next
from rapport.people.models import ContactPoint
from rapport.programs import profiles
from tests.checkins.conftest import CHROME

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def traveller(db):
    with time_machine.travel(MORNING, tick=True) as traveller:
        yield traveller


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.MAILBOX = tmp_path / "mailbox"
    return settings.MAILBOX


@pytest.fixture
def people(riverside, newcomer):
    """Ama and Kofi could be Ben's mentor; his mother Grace reads Arabic."""
    write_criteria(riverside, profiles.read(riverside.profile))
    newcomer("Kofi", "mentor", interests=["Music"])
    newcomer("Ama", "mentor", interests=["Football", "Chess"])
    ben = newcomer("Ben", "mentee", interests=["Football"])
    grace = ben.person.guardians.get().adult
    grace.language = "ar"
    grace.save()
    ContactPoint.objects.create(person=grace, kind="email", value="grace@example.org")


@pytest.fixture
def handset(browser):
    """A small phone of a person: no script, and a browser that does not call itself headless, as machines do."""
    size = {"width": 360, "height": 740}
    context = browser.new_context(viewport=size, user_agent=CHROME, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.usefixtures("people")
def test_from_criteria_to_an_active_match(traveller, desk, handset, live_server, as_user, cora, mailbox):
    session = as_user(cora).cookies[house.SESSION_COOKIE_NAME].value
    desk.context.add_cookies([{"name": house.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    desk.set_default_timeout(20_000)
    weigh_interests(desk, live_server.url)
    publish_a_round(desk, live_server.url)
    prepare(desk, live_server.url)

    for name, answer, right_to_left in [
        ("ama", "Yes, I would like that", False), ("grace", None, True), ("ben", "Yes, I would like that", False),
    ]:  # fmt: skip
        deliver()
        traveller.shift(MINUTE)
        page = says_yes(handset, live_server.url + link_of(mailbox, name), answer, right_to_left=right_to_left)
        assert ("Ben" in page) is (name != "ama")

    assert Match.objects.get().state == Match.State.ACTIVE
    assert set(Proposal.objects.values_list("party", "state", "way")) == {
        (party, "yes", "link") for party in ("mentor", "guardian", "mentee")
    }
    desk.goto(f"{live_server.url}{Match.objects.get().get_absolute_url()}")
    assert "Ama and Ben" in desk.inner_text("h1")


def weigh_interests(desk, url):
    desk.goto(f"{url}/p/riverside/matching/criteria/")
    desk.get_by_label("Points, at most: Interests").fill("500")
    desk.get_by_role("button", name="Keep it so").click()
    desk.wait_for_load_state("networkidle")
    assert Criterion.objects.get(code="interests").weight == 500


def publish_a_round(desk, url):
    desk.goto(f"{url}/p/riverside/matching/")
    desk.get_by_role("button", name="Draft a round").click()
    desk.get_by_text("Nobody").first.wait_for()
    desk.get_by_role("button", name="Propose this match").click()
    desk.get_by_role("link", name="Ask each side").click()
    desk.get_by_role("button", name="Ask about it").click()
    desk.get_by_text("Waits on Ama (mentor)").wait_for()


def prepare(desk, url):
    """What else comes before they begin, ticked on its page."""
    desk.goto(f"{url}/p/riverside/matches/{Match.objects.get().ref}/beginning/")
    desk.get_by_label("Both know whom to turn to when something feels wrong").check()
    desk.get_by_label("The first meeting is planned, with staff there").check()
    desk.get_by_role("button", name="Keep the ticks").click()
    desk.wait_for_load_state("networkidle")


def link_of(mailbox, name):
    """The path of the last link somebody got."""
    letters = (message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(mailbox.glob("*.eml")))
    bodies = [one.get_body(("plain",)).get_content() for one in letters if str(one["To"]).startswith(name)]
    return re.search(r"https?://[^/]+(/y/\S+)", bodies[-1])[1]


def deliver():
    while deliver_next(at=datetime.now(UTC)):
        pass


def says_yes(handset, address, answer, *, right_to_left):
    """Read it, say yes, send it; returns all that was read."""
    handset.goto(address)
    read = handset.inner_text("body")
    handset.locator("form[method=get] button").first.click()
    handset.locator("input[name=say]").first.wait_for(state="attached")
    read += handset.inner_text("body")
    assert handset.locator("html").get_attribute("dir") == ("rtl" if right_to_left else "ltr")
    handset.wait_for_load_state("networkidle")
    assert handset.evaluate("document.documentElement.scrollWidth") <= 360
    chosen = handset.get_by_text(answer, exact=True) if answer else handset.locator("label[for=id_say_0]")
    chosen.click()
    handset.locator("form.card button.btn-primary").click()
    handset.locator("input[name=say]").first.wait_for(state="detached")
    return read
