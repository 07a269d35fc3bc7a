"""What waits is read as people would get it, and let go by whoever may; what was sent shows no words."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from rapport.audit.models import Event
from rapport.core import places
from rapport.outbox import kinds
from rapport.outbox.actions import queue
from rapport.outbox.kinds import LinkPlan
from rapport.outbox.models import Link, Message
from rapport.people.actions import keep_away
from tests.cast import DAY, MONDAY, person


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield MONDAY


@pytest.fixture
def invitation(thanks, tmp_path):
    """A kind that carries a link, and speaks of a child."""
    file = tmp_path / "templates" / "mail" / "tests" / "invitation.txt"
    file.write_text("How is it going, {{ person.first_name }}?\n\nPress here:\n\n{{ link }}\n\n{{ program.name }}\n")
    plan = LinkPlan("ask", "tests:nowhere", timedelta(days=7))
    yield kinds.kind("tests/invitation", purpose="messages", wanted=lambda messages, at: messages, link=plan)
    kinds.KINDS.pop("tests/invitation", None)


@pytest.fixture
def waiting(quiet, invitation, match, ama, grace, omar, hillside):
    """Two thanks and one invitation of Riverside; one thanks of Hillside."""
    for somebody in (ama, grace):
        queue("tests/thanks", to=somebody, about=match, key=f"thanks:{somebody.pk}", at=MONDAY)
    queue("tests/invitation", to=ama, about=match, key="invitation", at=MONDAY)
    hillside.quiet_start = True
    hillside.save()
    queue("tests/thanks", to=person("Hana", hillside), about=None, program=hillside, key="omar", at=MONDAY)


HELD = "/p/riverside/outbox/"


def last_on(browser, where=""):
    """Up to which message a page of what waits goes."""
    return browser.get(HELD + where).context["until"]


def states():
    return dict(Message.objects.order_by("pk").values_list("dedupe_key", "state"))


def test_each_message_is_seen_as_the_person_would_get_it(as_user, waiting, cora):
    html = as_user(cora).get(HELD).content.decode()

    for said in (
        "3 messages wait for you.", "Thank you, Ama", "Hello Grace, thank you.", "How is it going, Ama?", "[link]",
        "ama@example.org", "Thanks 2", "Invitation 1",
    ):  # fmt: skip
        assert said in html
    assert "omar" not in html
    assert "/a/" not in html
    assert Link.objects.count() == 0


def test_one_is_let_go(as_user, waiting, cora, ama):
    one = Message.objects.get(dedupe_key="invitation")

    page = as_user(cora).post(HELD + "release/", {"message": [places.hide(one.pk)]}, follow=True)

    assert "1 message goes out now." in page.content.decode()
    assert [key for key, state in states().items() if state == "pending"] == ["invitation"]
    assert Event.objects.get(verb="message.released").actor_id == cora.pk


@pytest.mark.parametrize(("kind", "released"), [("tests/thanks", 2), ("tests/invitation", 1), ("", 3), ("nonsense", 0)])
def test_all_of_a_kind_are_let_go(as_user, waiting, cora, kind, released):
    browser = as_user(cora)

    browser.post(HELD + "release/", {"do": "all", "kind": kind, "until": last_on(browser)})

    assert list(states().values()).count("pending") == released
    assert states()["omar"] == "held"


@pytest.mark.parametrize("chosen", [[], ["x"], ["-1"], ["9" * 40], ["\0"]])
def test_nothing_chosen_lets_nothing_go(as_user, waiting, cora, chosen):
    page = as_user(cora).post(HELD + "release/", {"message": chosen}, follow=True)

    assert page.status_code == 200
    assert set(states().values()) == {"held"}


def test_no_key_leaves_the_house(as_user, waiting, cora):
    """Keys are counted through: two of them tell how many letters lie between, even those of safety."""
    one = Message.objects.get(dedupe_key="invitation")

    as_user(cora).post(HELD + "release/", {"message": [one.pk, f"{one.pk}:{one.pk}"]})
    html = as_user(cora).get(HELD).content.decode()

    assert set(states().values()) == {"held"}
    assert not re.search(r'value="\d+"', html)


def test_omar_lets_nothing_of_riverside_go(as_user, waiting, omar, dele):
    one = Message.objects.get(dedupe_key="invitation")
    browser = as_user(omar)

    assert "1 message waits for you." in browser.get("/p/hillside/outbox/").content.decode()
    for user in (omar, dele):
        assert as_user(user).get(HELD).status_code == as_user(user).get(HELD + "sent/").status_code == 404
        assert as_user(user).post(HELD + "release/", {"do": "all", "until": places.hide(99)}).status_code == 404
    browser.post("/p/hillside/outbox/release/", {"message": [places.hide(one.pk)]})
    assert states()["invitation"] == "held"


def test_getting_the_address_lets_nothing_go(as_user, waiting, cora):
    assert as_user(cora).get(HELD + "release/?do=all").status_code == 404
    assert set(states().values()) == {"held"}


def test_messages_on_safety_stand_on_no_page(as_user, waiting, cora, dele, match):
    before = [as_user(cora).get(HELD + where).context["rows"] for where in ("", "sent/")]
    queue("safeguarding/concern", to=dele.person, about=match, key="sealed", at=MONDAY)
    Message.objects.filter(dedupe_key="sealed").update(state="held")
    queue("safeguarding/worry", to=dele.person, about=match, key="gone", at=MONDAY)
    Message.objects.filter(dedupe_key="gone").update(state="accepted", final_at=MONDAY - DAY)

    assert [as_user(cora).get(HELD + where).context["rows"] for where in ("", "sent/")] == before
    browser = as_user(cora)
    browser.post(HELD + "release/", {"do": "all", "until": last_on(browser)})
    assert (states()["sealed"], states()["invitation"]) == ("held", "pending")


def test_staff_kept_away_read_no_message_to_them_nor_about_them(as_user, waiting, cora, dele, grace, ama, riverside):
    kinds.kind(
        "tests/invitation", purpose="messages", wanted=lambda messages, at: messages,
        speaks_of=lambda messages: {message.pk: [grace.pk] for message in messages},
    )  # fmt: skip
    keep_away(
        program=riverside, kept_away=cora.person, subject=grace, reason="x", document="", starts_on=date(2026, 11, 1),
        review_on=date(2027, 1, 1), by=dele, at=MONDAY,
    )  # fmt: skip

    rows = as_user(cora).get(HELD).context["rows"]

    assert [row.message.dedupe_key for row in rows] == [f"thanks:{ama.pk}"]


def test_somebody_without_an_address_is_said(as_user, waiting, cora, match, riverside):
    queue("tests/thanks", to=person("Lou", riverside, mail=False), about=match, key="lou", at=MONDAY)

    assert "It would not leave now: no address." in as_user(cora).get(HELD).content.decode()


def test_what_was_sent_shows_no_words(as_user, waiting, cora):
    Message.objects.filter(dedupe_key="invitation").update(state="accepted", final_at=MONDAY - DAY)
    Message.objects.filter(kind="tests/thanks", program__slug="riverside").update(
        state="failed", final_at=MONDAY - 31 * DAY, why="old"
    )

    html = as_user(cora).get(HELD + "sent/").content.decode()

    assert "Ama Mensah" in html
    assert "Invitation" in html
    assert "sent" in html
    assert "How is it going" not in html
    assert "Grace" not in html
    assert "old" not in html


def test_the_number_of_queries_does_not_grow(as_user, waiting, cora, match, riverside, django_assert_max_num_queries):
    browser = as_user(cora)
    queue("tests/thanks", to=person("P", riverside), about=match, key="more:p", at=MONDAY)
    browser.get(HELD)
    with django_assert_max_num_queries(40) as one:
        browser.get(HELD)
    for n in range(30):
        queue("tests/thanks", to=person(f"P{n}", riverside), about=match, key=f"more:{n}", at=MONDAY)
    with django_assert_max_num_queries(len(one.captured_queries)):
        page = browser.get(HELD)

    assert len(page.context["rows"]) == 25
    assert len(browser.get(HELD + page.context["older"]).context["rows"]) == 9
