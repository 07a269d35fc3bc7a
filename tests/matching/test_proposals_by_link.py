"""The page behind a letter that asks about a match: what it shows, what it keeps, and what it never tells."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rapport.matches.actions import set_aside
from rapport.matches.models import Match
from rapport.matching.actions import answering, releasing
from rapport.matching.actions.answering import Answer
from rapport.matching.models import Party, Proposal
from rapport.matching.proposals import calls
from rapport.outbox.actions import issue_link
from rapport.people.models import Person
from rapport.programs.models import Program
from rapport.tasks.models import Task
from tests.matching.test_proposals import ama, ben, grace, of, proposed  # noqa: F401 (fixtures)

State, Way = Proposal.State, Proposal.Way
PERSON = {"HTTP_USER_AGENT": "Mozilla/5.0"}
HOUR = timedelta(hours=1)
OVER = "This did not come about"


@pytest.fixture
def out(ama, ben, grace, cora):  # noqa: F811
    """Asked about an hour ago."""
    at = timezone.now() - HOUR
    return releasing.release([proposed(ama, ben, cora, at)], by=cora, at=at).asked[0]


@pytest.fixture
def reader():
    return Client(**PERSON)


def text(page):
    return page.content.decode()


def door(match, party, *, hours=24):
    row, at = of(match, party), timezone.now() - HOUR / 2
    more = {"program": row.program, "at": at, "expires_at": at + timedelta(hours=hours)}
    return f"/y/{issue_link(purpose='proposal', person=row.person, about=row, **more)}/"


def says(reader, path, say, **more):
    page = reader.get(path, {"start": "1"})
    seen = page.context["form"]["seen"].value()
    return reader.post(path, {"say": say, "seen": seen, **more})


def up_to(match, *parties):
    for party in parties:
        row = of(match, party)
        answering.hear_answer(row, Answer(State.YES, Way.LINK), by=row.person, at=timezone.now() - HOUR / 2)


def test_before_the_press_the_page_names_nobody_and_a_mentor_never_reads_a_childs_name(reader, out):
    path = door(out, Party.MENTOR)
    start, page = text(reader.get(path)), text(reader.get(path, {"start": "1"}))

    assert "Hello Ama" in start
    assert "Ben" not in start + page
    assert "Kestrels" not in page
    assert "A young person" in page
    assert "Football" in page
    assert " checked" not in page
    assert reader.get(path)["Cache-Control"] == "no-store"


def test_from_the_mentors_yes_to_an_active_match_by_three_links(reader, out, cora):
    from tests.matching.test_proposals import ticked

    ticked(out, cora)
    for party in (Party.MENTOR, Party.GUARDIAN, Party.MENTEE):
        assert "Your answer has arrived" in text(says(reader, door(out, party), "yes"))

    assert Match.objects.get(pk=out.pk).state == "active"
    for party in (Party.MENTOR, Party.MENTEE):
        assert "nothing to answer here" in text(reader.get(door(out, party), {"start": "1"}))


def test_a_child_may_say_no_ask_for_another_and_want_to_know_more_and_reads_no_earlier_answer(reader, out):
    up_to(out, Party.MENTOR, Party.GUARDIAN)
    path = door(out, Party.MENTEE)
    page = text(reader.get(path, {"start": "1"}))
    assert "Nobody is cross with you" in page
    for words in ("Yes, I would like that", "No, please show me somebody else", "I would like to know more first"):
        assert words in page

    says(reader, path, "more", reason="Does she like dogs?")
    says(reader, path, "another", reason="I am afraid of her")

    row = of(out, Party.MENTEE)
    assert (row.state, row.wants_another, row.reason) == ("declined", True, "I am afraid of her")
    again = text(reader.get(path, {"start": "1"}))
    assert "afraid" not in again
    assert " checked" not in again
    assert list(Task.objects.open().counted().values_list("kind", flat=True)) == [calls.NO]


def test_a_child_and_whoever_stands_for_it_read_whom_to_call_in_danger_before_and_after_they_write(reader, out):
    out.program.sites.update(emergency_numbers="911")
    called = "911</a></bdi></b>. Nobody watches this page at night."
    assert called not in text(reader.get(door(out, Party.MENTOR), {"start": "1"}))

    for before, party in ((Party.MENTOR, Party.GUARDIAN), (Party.GUARDIAN, Party.MENTEE)):
        up_to(out, before)
        path = door(out, party)
        assert called in text(reader.get(path, {"start": "1"}))
        assert called in text(says(reader, path, "more", reason="He waits for me at the gate"))


def test_a_grown_up_is_not_spoken_to_like_a_child(reader, out):
    up_to(out, Party.MENTOR, Party.GUARDIAN)
    out.program.sites.update(emergency_numbers="911")
    Program.objects.filter(pk=out.program_id).update(adults_only=True)

    page = text(reader.get(door(out, Party.MENTEE), {"start": "1"}))

    assert "Say no if it does not fit: then we think of somebody else." in page
    assert "No, please show me somebody else" in page
    for words in ("Nobody is cross with you", "somebody in danger"):
        assert words not in page


@pytest.mark.parametrize(("language", "day"), [("es", "10 de diciembre"), ("fr", "10 décembre"), ("ar", "10 ديسمبر")])
def test_the_day_to_answer_by_reads_as_people_write_it(reader, out, language, day):
    Proposal.objects.update(expires_at=datetime(2026, 12, 10, 12, tzinfo=UTC))

    assert day in text(reader.get(door(out, Party.MENTOR), {"start": "1", "in": language}))


@pytest.mark.parametrize("cause", ["mentor", "guardian", "mentee", "late", "staff"])
def test_whatever_the_cause_each_side_reads_the_same_sentence(reader, out, cora, cause):
    up_to(out, *{"guardian": ["mentor"], "mentee": ["mentor", "guardian"]}.get(cause, []))
    if cause in ("mentor", "guardian", "mentee"):
        row = of(out, cause)
        answering.hear_answer(row, Answer(State.DECLINED, Way.LINK, reason="No."), by=row.person, at=timezone.now())
    before = {party: text(reader.get(door(out, party), {"start": "1"})) for party in ("mentor",)}
    let = set_aside if cause == "staff" else releasing.let_go
    let(out, words="because", by=cora, at=timezone.now())

    pages = [
        text(reader.get(door(out, row.party), {"start": "1"}))
        for row in Proposal.objects.filter(match=out).exclude(asked_at=None)
    ]

    assert all(OVER in page for page in pages)
    assert not any("because" in page or "said no" in page for page in [*pages, *before.values()])
    said = {page.split("<main", 1)[1].split("<h1", 1)[1].split("</h1>", 1)[1].split("</main", 1)[0] for page in pages}
    assert len({"".join(one.split()) for one in said}) == 1
    assert reader.post(door(out, "mentor"), {"say": "yes"}).status_code == 409


def test_machines_old_pages_wrong_words_and_strangers_change_nothing(reader, out, ama, omar):  # noqa: F811
    path = door(out, Party.MENTOR)
    page = reader.get(path, {"start": "1"})
    seen = page.context["form"]["seen"].value()
    machine = Client(HTTP_USER_AGENT="curl/8").post(path, {"say": "yes", "seen": seen})
    wrong = [reader.post(path, {"say": say, "reason": why}).status_code for say, why in [
        ("", ""), ("perhaps", ""), ("another", ""), ("yes", "x\x00"), ("yes", "y" * 1001), ("waiting", ""),
    ]]  # fmt: skip
    assert (machine.status_code, wrong) == (409, [422] * 6)
    assert of(out, Party.MENTOR).answers == 0
    assert "Ama" in text(says(reader, path, "more"))
    old = reader.post(path, {"say": "declined", "seen": seen})

    assert (old.status_code, "You said something else since" in text(old)) == (409, True)
    assert of(out, Party.MENTOR).state == "more"
    for method in (reader.head, reader.get):
        method(path)
    row = of(out, Party.MENTOR)
    stranger = Person.objects.get(user=omar)
    more = {"program": row.program, "at": timezone.now(), "expires_at": timezone.now() + HOUR}
    forged = issue_link(purpose="proposal", person=stranger, about=row, **more)
    waiting = issue_link(purpose="proposal", person=of(out, "mentee").person, about=of(out, "mentee"), **more)
    for token in (forged, waiting, "x" * 22):
        assert reader.get(f"/y/{token}/", {"start": "1"}).status_code == 404


def test_other_buttons_call_a_person_and_shut_a_link_that_reached_somebody_else(reader, out):
    path = door(out, Party.MENTOR)
    reader.post(path, {"instead": "talk"})
    reader.post(path, {"instead": "talk"})
    assert list(Task.objects.open().values_list("kind", flat=True)) == [calls.TALK]

    reader.post(path, {"instead": "not-me"})
    assert reader.get(path).status_code == 404
    assert set(Task.objects.open().values_list("kind", flat=True)) == {calls.TALK, calls.NOT_ME}


def test_whoever_a_letter_did_not_reach_is_asked_once_more_when_a_person_decides_so(reader, out, cora, as_user):
    first, here = door(out, Party.MENTOR), reverse("proposals:one", args=["riverside", out.ref])
    reader.post(first, {"instead": "not-me"})
    browser = as_user(cora)
    assert "find the right address, then ask once more" in text(browser.get(here))

    browser.post(here, {"do": "again"})

    assert reader.get(first, {"start": "1"}).status_code == 404
    assert "Your answer has arrived" in text(says(reader, door(out, Party.MENTOR), "yes"))
    assert of(out, Party.GUARDIAN).state == State.ASKED


def test_a_link_whose_time_ran_out_sends_a_new_one_to_the_address_on_file(reader, out):
    from rapport.outbox.models import Message

    path = door(out, Party.MENTOR, hours=0)
    assert "new-link" in text(reader.get(path))
    sent = reader.post(path, {"instead": "new-link"})

    assert "A new link is on its way" in text(sent)
    assert Message.objects.filter(kind="matching/proposal-link").count() == 1
