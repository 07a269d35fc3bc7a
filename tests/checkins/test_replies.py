"""A letter answered with a number alone is minutes of the one meeting it asked about; all else a person reads."""

import io
import sys
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from rapport.checkins.actions import gather_asks
from rapport.checkins.actions.replying import KEPT, NOBODY, TO_A_PERSON, UNKNOWN, take_reply
from rapport.checkins.models import Ask
from rapport.checkins.replies import number_in, read
from rapport.meetings.actions import log
from rapport.meetings.models import Log, Meeting
from rapport.outbox.models import Message
from rapport.people.models import ContactPoint
from rapport.programs.models import Membership
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY, staff
from tests.meetings.test_logs import met_on

OURS = "<0123456789abcdef@localhost>"
LATER = MONDAY + timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45), (" 45 \n", 45), ("45 min", 45), ("60 minutes.", 60),
        ("90\n\nOn Mon, 16 Nov 2026, Riverside wrote:\n> 30", 90),
        ("45\n> How is it going?", 45), ("", None), ("about 45", None), ("45\nBut he was sad.", None), ("4.5", None),
        ("-45", None), ("45, 60", None), ("2026-11-16", None), ("+15550100", None), ("12345", None), ("٤٥", 45),
    ],
)  # fmt: skip
def test_only_a_number_that_stands_alone_is_one(text, minutes):
    assert number_in(text) == minutes


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x00\xff\xfe", b"From: x", b"Subject: 45\n\n45",
        b"From: ama@example.org\nAuto-Submitted: auto-replied\n\n45",
        b"From: <<<>>>\nReferences: <a>\n\n45", b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n",
        b"From: a@b\nContent-Type: text/plain; charset=no-such\n\n45",
    ],
)  # fmt: skip
def test_whatever_comes_through_the_pipe_is_read_without_a_fault(raw):
    reply = read(raw)

    assert reply is None or reply.references == ()


@pytest.fixture
def asked(db, match, ama):
    """Ama was asked about one meeting, and her letter has gone out."""
    met_on(match, 2)
    gather_asks(at=MONDAY, limit=10)
    ask = Ask.objects.get(person=ama)
    Message.objects.create(
        program=match.program, kind="checkins/invitation", to=ama, about=ask, dedupe_key="letter", state="accepted",
        queued_at=MONDAY, next_at=MONDAY, message_id=OURS,
    )  # fmt: skip
    Ask.objects.filter(pk=ask.pk).update(state="sent", sent_at=MONDAY)
    return ask


def mail(text, sender="Ama <AMA@example.org>", answers=OURS):
    return read(f"From: {sender}\r\nIn-Reply-To: {answers}\r\nSubject: Re: How is it going?\r\n\r\n{text}\r\n".encode())


def test_a_number_is_the_minutes_of_the_meeting_asked_about_with_its_grade_and_twice_is_once(asked, ama):
    assert take_reply(mail("45"), at=LATER) == KEPT
    assert take_reply(mail("45"), at=LATER + DAY) == KEPT

    said = Log.objects.get()
    assert (said.person, said.minutes, said.source, said.happened) == (ama, 45, "number", True)
    assert Meeting.objects.get().minutes == 45
    assert Ask.objects.get().state == "answered"
    assert not Task.objects.exists()


@pytest.mark.parametrize("text", ["45, and he was very quiet", "I am worried about Ben", "1800", "0"])
def test_everything_else_is_read_by_a_person_and_no_word_of_it_is_kept(asked, cora, text):
    assert take_reply(mail(text), at=LATER) == TO_A_PERSON

    assert not Log.objects.exists()
    task = Task.objects.get()
    assert task.owner == cora
    if text.isdigit():
        assert task.reason == f"Ama answered our letter by mail with “{text}”. Of which meeting is not sure: ask them."
    else:
        assert task.reason == "Ama answered our letter by mail, with more than a number. Read it in the mailbox today."


def test_other_words_are_another_task_and_whoever_may_not_have_it_gets_none(asked, riverside, cora):
    texts = ("45, and all is well", "45, and all is well", "I am worried about Ben")
    assert [take_reply(mail(text), at=LATER) for text in texts] == [TO_A_PERSON] * 3

    kim = staff("Kim", riverside, "coordinator")
    Membership.objects.filter(user=cora).delete()
    assert take_reply(mail("Please call me"), at=LATER) == TO_A_PERSON
    assert [task.owner for task in Task.objects.order_by("pk")] == [cora, cora, kim]

    Membership.objects.all().delete()
    assert take_reply(mail("Is anybody there?"), at=LATER) == NOBODY
    assert Task.objects.count() == 3


@pytest.mark.parametrize(
    "other", ["untold", "told since the letter", "after the letter", "told on their page", "long told"]
)
def test_of_two_meetings_a_number_is_nobodys_and_a_person_asks(asked, match, ama, other):
    """Nor where one of them was told meanwhile, or came after the letter: which one is meant only Ama knows."""
    meeting = Meeting.objects.get()
    second = met_on(match, 5) if other != "after the letter" else met_on(match, -1)
    if other == "told since the letter":
        log(second, ama, True, minutes=60, source="page", by=ama, at=MONDAY + timedelta(hours=1))
    if other == "long told":
        log(second, ama, True, minutes=60, source="page", by=ama, at=MONDAY - DAY)
    if other == "told on their page":
        second.delete()
        log(meeting, ama, True, minutes=60, source="page", by=ama, at=MONDAY + timedelta(hours=1))
    at = LATER + 2 * DAY
    told = list(Log.objects.values_list("meeting", "minutes"))

    assert take_reply(mail("45"), at=at) == (KEPT if other == "long told" else TO_A_PERSON)

    if other == "long told":
        assert Log.objects.get(meeting=meeting).minutes == 45
    else:
        assert list(Log.objects.values_list("meeting", "minutes")) == told
        assert "with “45”. Of which meeting is not sure" in Task.objects.get().reason


@pytest.mark.parametrize(
    "more", [{"sender": "grace@example.org"}, {"sender": "x@y"}, {"answers": "<another@localhost>"}, {"answers": ""}]
)
def test_from_another_address_or_to_another_letter_it_is_not_known(asked, grace, more):
    assert take_reply(mail("45", **more), at=LATER) == UNKNOWN
    assert not Log.objects.exists()
    assert not Task.objects.exists()


def test_an_address_that_is_no_longer_theirs_answers_nothing(asked, ama):
    ContactPoint.objects.filter(person=ama).update(value="new@example.org")

    assert take_reply(mail("45"), at=LATER) == UNKNOWN


def test_the_command_takes_one_message_and_refuses_what_it_does_not_know(asked, monkeypatch, time_machine):
    time_machine.move_to(LATER, tick=False)

    def piped(raw):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        said = io.StringIO()
        call_command("reply", stdout=said)
        return said.getvalue()

    assert piped(f"From: ama@example.org\nReferences: {OURS}\n\n50\n".encode()).startswith("Kept")
    with pytest.raises(CommandError):
        piped(b"From: ama@example.org\n\n50\n")
