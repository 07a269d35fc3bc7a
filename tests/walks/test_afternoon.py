"""Moving in, in one afternoon, in a real browser. docs/guide-moving-in.md is this test, and has its pictures from it.

From an empty install to the first answer: a program from its profile, the school's roster, the mentors, the pairs that
meet already, their checks, quiet start, and a child who answers on a phone.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from rapport.access.actions import add_user
from rapport.checkins.models import Answer
from rapport.clock.actions import deliver, tick
from rapport.matches.models import Match
from rapport.outbox.models import Message
from rapport.programs.models import Program
from tests.checkins.conftest import CHROME, letters, link_of

pytestmark = pytest.mark.django_db(transaction=True)
AFTERNOON = datetime(2030, 3, 4, 13, 0, tzinfo=UTC)  # a Monday to come: a browser keeps no cookie from the past
DAY = timedelta(days=1)
PICTURES = os.environ.get("RAPPORT_PICTURES", "")  # the folder for the guide's pictures; empty: none are made

USERS = """sourcedId,username,givenName,familyName,password,email,phone,sms
p1,ben,Ben,Adler,P@ssword1,ben.adler@lake.example.org,,
p2,noor,Noor,Haddad,P@ssword2,noor@lake.example.org,,
g1,grace,Grace,Adler,P@ssword3,grace@example.org,,
g2,samir,Samir,Haddad,P@ssword4,samir@example.org,,
"""
ROSTER = {
    "users.csv": USERS,
    "orgs.csv": "sourcedId,name,type,parentSourcedId\ns1,Lake School,school,\n",
    "roles.csv": "userSourcedId,orgSourcedId,role\np1,s1,student\np2,s1,student\n",
    "relationships.csv": ("userSourcedId,relationshipUserSourcedId,relationshipRole\np1,g1,guardian\np2,g2,guardian\n"),
    "demographics.csv": "userSourcedId,birthDate,sex\np1,2017-05-02,male\np2,2018-01-20,female\n",
}
MENTORS = """First name,Surname,E-mail,DOB,Shirt size
Ama,Mensah,ama@example.org,1990-04-12,M
Theo,Lind,theo@example.org,1985-11-30,L
"""
PAIRS = """Mentor,Mentee,Start date,Meetings so far,Last met on
ama@example.org,Ben Adler,2029-01-15,40,2030-02-25
theo@example.org,Noor Haddad,2029-09-10,12,2030-02-26
"""


def as_file(name, words):
    return {"name": name, "mimeType": "text/csv", "buffer": words.encode()}


class Afternoon:
    """Cora at her desk: a page, and the clock of the house."""

    def __init__(self, page, live_server, as_user, cora, traveller):
        self.page, self.server, self.as_user, self.cora, self.traveller = page, live_server, as_user, cora, traveller
        self.taken = 0
        self.sign_in()

    def sign_in(self):
        session = self.as_user(self.cora).cookies[settings.SESSION_COOKIE_NAME].value
        where = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.server.url}
        self.page.context.add_cookies([where])

    def open(self, path):
        self.page.goto(self.server.url + path)

    def press(self, name, then, role="button"):
        """Press, and wait for the words that the next page begins with."""
        self.page.get_by_role(role, name=name).first.click()
        self.page.get_by_text(then).first.wait_for()

    def picture(self, name, page=None):
        """One picture of the guide, where pictures are asked for."""
        self.taken += 1
        if PICTURES:
            file = Path(PICTURES) / f"moving-in-{self.taken}-{name}.png"
            (page or self.page).screenshot(path=file, animations="disabled")

    def bring(self, what, *files, then="would add"):
        self.open("/p/lakeside/imports/new/")
        self.page.locator(f"[name=what][value={what}]").check()
        self.page.locator("input[type=file]").set_input_files(list(files))
        self.press("Look at it", then=then)

    def until_something_waits(self):
        """Days go by; nothing is delivered, and the clock does what it does each morning."""
        for _n in range(35):
            self.traveller.shift(DAY)
            now = datetime.now(UTC)
            tick(at=now)
            if waiting():
                break
        self.sign_in()


def waiting():
    return Message.objects.held().filter(to__given_name="Ben")


@pytest.fixture
def cora():
    """The first person of an empty install."""
    return add_user(email="cora@example.org", name="Cora Vance", password="a long walk by the river", by=None,
                    at=AFTERNOON)  # fmt: skip


@pytest.fixture
def traveller(db):
    with time_machine.travel(AFTERNOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.MAILBOX = tmp_path / "mailbox"
    return settings.MAILBOX


@pytest.fixture
def afternoon(traveller, desk, live_server, as_user, cora, mailbox):
    desk.set_default_timeout(10_000)
    return Afternoon(desk, live_server, as_user, cora, traveller)


def make_the_program(at):
    page = at.page
    at.open("/programs/new/")
    page.get_by_label("Youth, one to one").check()
    at.picture("kind")
    at.press("Go on", then="What those who take part see")
    page.get_by_label("What is it called?").fill("Lakeside")
    page.get_by_label("Time zone").select_option("Europe/London")
    page.get_by_label("How participants reach the program").fill("Cora, 555 0142")
    at.press("Go on", then="Where do they meet?")
    page.get_by_label("Name").first.fill("Lake School")
    page.get_by_label("Emergency numbers").first.fill("999; office 555 0100")
    at.press("Go on", then="What it promises")
    at.picture("promises")
    at.press("Go on", then="Who works here?")
    page.get_by_label("Who leads on safeguarding").fill("Dele Okoro")
    page.get_by_label("Their e-mail address").last.fill("dele@example.org")
    at.press("Go on", then="Nothing is made yet")
    at.picture("read-once-more")
    at.press("Make this program", then="is made.")

    assert Program.objects.get().quiet_start


def bring_people_in(at):
    at.bring("roster", *(as_file(name, words) for name, words in ROSTER.items()))
    at.picture("roster")
    at.press("Bring it in", then="Brought in:")
    at.bring("mentors", as_file("mentors.csv", MENTORS), then="What is in each column?")
    at.picture("columns")
    at.press("Read it so", then="would add")
    at.press("Bring it in", then="Brought in:")


def bring_the_pairs_in(at):
    at.bring("matches", as_file("pairs.csv", PAIRS), then="What is in each column?")
    at.press("Read it so", then="would add")
    at.picture("pairs")
    at.press("Bring it in", then="Brought in:")

    assert Match.objects.filter(state="active").count() == 2


def fill_the_gates(at):
    """Ben and Ama have what is needed; the checks of Noor and Theo are still to be seen."""
    page = at.page
    at.open("/p/lakeside/today/")
    at.picture("today")
    at.press("Confirm the checks", then="Checks to confirm", role="link")
    at.picture("checks")
    checks = page.url
    for name, codes in (("Ama", ("clearance", "training")), ("Ben", ("permission", "assent"))):
        someone = Match.objects.filter(members__participant__person__given_name=name).get()
        one = someone.members.get(participant__person__given_name=name).participant
        for code in codes:
            at.open(f"/p/lakeside/gates/{one.ref}/{code}/")
            write_down(page, code)
            at.press("Write it down", then=f"Written down for {name}.")
    page.goto(checks)
    at.picture("confirm")
    at.press("Confirm the checks of Ama and Ben", then="confirmed. What was promised")

    assert list(Match.objects.order_by("pk").values_list("awaits_checks", flat=True)) == [False, True]


def write_down(page, code):
    """One thing that was seen, on paper, on the first of March."""
    page.locator("[name=met_on]").fill("1 3 2030")
    page.locator("label", has_text="on paper").click()
    if code == "clearance":
        page.locator("[name=valid_until_on]").fill("1 3 2032")
    if code == "training":
        page.locator("[name=hours]").fill("3")
    if code == "permission":
        page.get_by_label("Grace Adler").check()


def test_one_afternoon_from_nothing_to_the_first_answer(afternoon, browser, mailbox):
    at = afternoon
    make_the_program(at)
    bring_people_in(at)
    bring_the_pairs_in(at)
    tick(at=datetime.now(UTC))
    fill_the_gates(at)

    at.until_something_waits()
    deliver(at=datetime.now(UTC))
    assert letters(sorted(mailbox.glob("*.eml"))) == []

    look_and_let_go(at)
    deliver(at=datetime.now(UTC))
    assert {to for to, *_rest in letters(sorted(mailbox.glob("*.eml")))} == {"ben.adler@lake.example.org"}

    answer_on_a_phone(at, browser, link_of(mailbox, "ben"))
    at.open("/p/lakeside/today/")
    assert Answer.objects.get().feeling == 5
    assert not Message.objects.filter(to__given_name__in=["Noor", "Samir", "Theo"]).exists()


def look_and_let_go(at):
    """The message as Ben will get it, and the page behind its link; then this one alone goes out."""
    ben = at.page.locator("section.card", has_text="Ben Adler").first
    at.open("/p/lakeside/outbox/")
    at.picture("waits")
    ben.get_by_role("link", name="In full").click()
    at.page.get_by_role("heading", level=1).wait_for()
    at.picture("in-full")
    at.open("/p/lakeside/outbox/")
    ben.get_by_role("button", name="Release").click()
    at.page.get_by_text("1 message goes out now.").wait_for()


def answer_on_a_phone(at, browser, path):
    """Ben's small phone: a browser that does not call itself headless, as machines do."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, user_agent=CHROME)
    phone = context.new_page()
    phone.goto(at.server.url + path)
    phone.get_by_role("button", name="Start").click()
    phone.get_by_text("Great", exact=True).click()
    at.picture("ben", phone)
    phone.get_by_role("button", name="Send").click()
    phone.get_by_text("Thank you, Ben").wait_for()
    context.close()
