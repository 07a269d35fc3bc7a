"""After an event: two letters apart, whether they have been in touch, and after six months where they are now."""

from datetime import timedelta

import pytest
import time_machine

from rapport.checkins.actions import answer_ask, gather_asks, plan_check_ins, take_due_steps
from rapport.checkins.actions.answering import Card as Said
from rapport.checkins.cards import page_of
from rapport.checkins.models import Answer, Ask, CheckIn
from rapport.checkins.refusals import NotAnAnswer
from rapport.core.refs import new_ref
from rapport.outbox.composing import words_of
from rapport.outbox.kinds import KINDS
from rapport.outbox.models import Message
from rapport.portal.story import answer_entry
from rapport.programs import profiles
from rapport.programs.actions import keep_starters
from rapport.programs.models import Promise
from tests.cast import DAY, MONDAY
from tests.checkins.conftest import CHROME, ask_of, link_of, live

pytestmark = pytest.mark.django_db
MENTEES, MENTORS = "checkins/after-event-mentee", "checkins/after-event-mentor"


@pytest.fixture
def event_only(riverside):
    """Riverside asks as a program of events does."""
    riverside.profile = "event-only"
    riverside.save()
    riverside.promises.all().delete()
    Promise.objects.bulk_create(Promise(program=riverside, **row) for row in profiles.read("event-only")["promise"])
    return riverside


@pytest.fixture
def met(event_only, young):
    """Ama and Ben met at the event on Monday 2 November."""
    return young


def ask_all(at):
    plan_check_ins(at=at, limit=100)
    gather_asks(at=at, limit=100)
    take_due_steps(at=at, limit=100)


def letters():
    return sorted(Message.objects.values_list("kind", "to__given_name"))


def text_of(kind, name):
    """Subject and body of the letter, as its reader gets it, but for the link."""
    message = Message.objects.select_related("to", "program").get(kind=kind, to__given_name=name)
    more = KINDS[kind].words(Message.objects.filter(pk=message.pk), MONDAY)[message.pk]
    told = {"person": message.to, "program": message.program, "link": "LINK", **more}
    return words_of(KINDS[kind].template, told, "en")


def on_the_day(n):
    return MONDAY.replace(year=2026, month=11, day=2) + n * DAY


def test_two_weeks_on_mentors_and_mentees_get_letters_of_their_own(met):
    ask_all(on_the_day(13))
    before = letters()
    ask_all(on_the_day(14))

    assert before == []
    assert letters() == [("checkins/after-event-mentee", "Ben"), ("checkins/after-event-mentor", "Ama")]
    for kind, name, other in ((MENTEES, "Ben", "Ama"), (MENTORS, "Ama", "Ben")):
        subject, body = text_of(kind, name)
        assert subject == "After the event: Riverside mentoring"
        assert body.count("\n– ") >= 3
        assert "One of you is under 18: then we put you in touch." in body
        assert other not in body


def test_each_side_hears_its_own_ways_to_begin_and_they_are_the_programs(met, event_only, cora):
    lines = {"mentor": ["M1", "M2", "M3"], "mentee": ["P1", "P2", "P3"]}
    keep_starters(event_only, lines, by=cora, at=MONDAY)
    ask_all(on_the_day(14))

    assert "– P1\n– P2\n– P3\n" in text_of("checkins/after-event-mentee", "Ben")[1]
    assert "– M1\n– M2\n– M3\n" in text_of("checkins/after-event-mentor", "Ama")[1]


def test_a_child_is_never_reminded_and_a_grown_up_once(met, mailbox):
    live(13, since=on_the_day(12))

    sent = sorted(Message.objects.values_list("to__given_name", "kind"))
    assert sent == [
        ("Ama", "checkins/after-event-mentor"), ("Ama", "checkins/reminder"), ("Ben", "checkins/after-event-mentee")
    ]  # fmt: skip


def test_in_quiet_start_nothing_leaves(met, event_only, mailbox):
    event_only.quiet_start = True
    event_only.save()

    live(8, since=on_the_day(12))

    assert {one.state for one in Message.objects.all()} == {"held"}
    assert list(mailbox.glob("*.eml")) == []


def test_whether_they_were_in_touch_is_kept_by_link(met, mailbox, client, duty):
    with time_machine.travel(on_the_day(14), tick=False) as clock:
        live(1, since=on_the_day(14))
        path, card = link_of(mailbox, "ben"), f"c{CheckIn.objects.get(party='mentee').pk}"
        clock.shift(timedelta(hours=1))
        page = client.get(path + "?start=1").content.decode()
        wrong = client.post(path, {f"{card}-in_touch": "often", "form_id": new_ref()})
        sent = client.post(path, {f"{card}-in_touch": "not-yet", "form_id": new_ref()}, HTTP_USER_AGENT=CHROME)

    answer = Answer.objects.get()
    assert "Have you been in touch with Ama since the event?" in page
    assert "the program puts you in touch" in page
    assert ("Where are you now?" in page, "-news" in page) == (False, False)
    assert (wrong.status_code, sent.status_code) == (422, 200)
    assert (answer.in_touch, answer.feeling, answer.level) == ("not-yet", None, 2)
    assert CheckIn.objects.get(party="mentee").state == "answered"
    entry = answer_entry(answer)
    assert (entry.title, entry.words) == ("Ben was asked how it goes:", "In touch since: Not yet.")


def test_after_six_months_each_is_asked_where_they_are_now(met, ama, ben):
    ask_all(on_the_day(182))
    assert letters() == []
    ask_all(on_the_day(183))

    assert ("checkins/where-now", "Ama") in letters()
    assert ("checkins/where-now", "Ben") in letters()
    subject, body = text_of("checkins/where-now", "Ben")
    assert subject == "Where are you now? Riverside mentoring"
    assert "It is a good moment to get in touch with each other again" in body
    at = on_the_day(183)
    asked = [page_of(ask_of(who), at).cards[0].since.asks for who in (ama, ben)]
    assert asked == [("now", "in_touch", "news"), ("now", "in_touch")]
    ask, card = ask_of(ama), page_of(ask_of(ama), at).cards[0].check_in
    with pytest.raises(NotAnAnswer):
        answer_ask(ask, cards=[Said(card, now="rich")], form_id="x", by=ama, at=at)

    answer_ask(ask, cards=[Said(card, now="working", in_touch="yes", news="A new job")], form_id="y", by=ama, at=at)

    kept = Answer.objects.get()
    assert (kept.now, kept.in_touch, kept.news) == ("working", "yes", "A new job")
    assert answer_entry(kept).words == "Now: Working. In touch since: Yes. Ama: “A new job”"


def test_on_paper_the_same_is_asked_and_written_down(met, as_user, cora):
    with time_machine.travel(on_the_day(183), tick=False):
        ask_all(on_the_day(183))
        ask = Ask.objects.filter(person__given_name="Ben").latest("pk")
        desk, card = as_user(cora), f"c{ask.check_ins.get().pk}"
        sheet = desk.get(f"/p/riverside/asks/{ask.ref}/sheet/").content.decode()
        typed = {f"{card}-now": "school", f"{card}-in_touch": "yes", "way": "paper", "said_on": "4 5 2027"}
        sent = desk.post(f"/p/riverside/asks/{ask.ref}/", typed | {"form_id": new_ref()})

    assert [words in sheet for words in ("Where are you now?", "Looking for something", "Your news")] == [1, 1, 0]
    assert sent.status_code == 302
    assert list(Answer.objects.values_list("now", "in_touch", "source")) == [("school", "yes", "paper")]


def test_a_pair_that_never_met_at_an_event_is_asked_how_it_goes_alone(young):
    ask_all(on_the_day(14))

    assert {kind for kind, _name in letters()} == {"checkins/invitation"}
    page = page_of(Ask.objects.earliest("pk"), on_the_day(14))
    assert [card.since.asks for card in page.cards] == [()]
