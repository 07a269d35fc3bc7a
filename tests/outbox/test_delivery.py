"""A message leaves once, to the right place, at a decent hour, and only while it is still wanted."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import override

from rapport.core import machine
from rapport.outbox import kinds, links
from rapport.outbox.actions import deliver_next, delivering, hold_all, queue, queue_mail, queue_many, release
from rapport.outbox.actions.delivering import me
from rapport.outbox.actions.queueing import Outgoing
from rapport.outbox.composing import words_of
from rapport.outbox.models import Link, Message
from rapport.outbox.settling import settle
from rapport.people.actions import keep_away, say
from rapport.people.models import ContactPoint
from rapport.programs.models import Program
from tests.cast import DAY, MONDAY, participant

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 16, 22, 30, tzinfo=UTC)


def thank(person, program, key="one", at=MONDAY, **more):
    queue("tests/thanks", to=person, about=program, key=key, at=at, program=program, **more)


def deliver(at=MONDAY):
    while deliver_next(at=at, limit=50):
        pass


def states():
    return list(Message.objects.order_by("pk").values_list("state", "why"))


def test_who_claims_is_told_apart_on_machines_whose_names_begin_the_same(monkeypatch):
    names = []
    for number in (1, 2):
        monkeypatch.setattr(machine.socket, "gethostname", lambda n=number: f"delivery-worker-of-the-house-{n}")
        names.append(me())

    assert names[0] != names[1]
    assert max(map(len, names)) <= Message._meta.get_field("claimed_by").max_length


def test_a_slow_server_is_no_crash_and_what_another_took_meanwhile_is_not_sent_again(
    thanks, ama, riverside, monkeypatch
):
    for key in ("one", "two", "three"):
        thank(ama, riverside, key=key)
    monkeypatch.setattr(delivering, "LEASE", timedelta(0))  # over at once, as if each letter took too long
    mine = delivering.claim(at=MONDAY, limit=50)

    one_by_one = delivering.still_mine(settle(mine, MONDAY))
    sent = [next(one_by_one).message]
    Message.objects.filter(pk=mine[1].pk).update(claimed_by="another:1")
    sent += [plan.message for plan in one_by_one]

    assert sent == [mine[0], mine[2]]


def test_a_message_arrives_in_words_and_in_html(sink, thanks, ama, riverside):
    thank(ama, riverside)

    deliver()

    [(recipients, letter)] = sink.letters
    assert (recipients, letter["Subject"], letter["From"]) == (
        ["ama@example.org"],
        "Thank you, Ama",
        "Riverside mentoring <rapport@localhost>",
    )
    assert letter.get_body(("plain",)).get_content().strip() == "Hello Ama, thank you."
    assert "<p" in letter.get_body(("html",)).get_content()
    assert states() == [("accepted", "")]


def test_one_cause_sends_once_however_often_it_is_queued(sink, thanks, ama, riverside):
    for _ in range(3):
        thank(ama, riverside)

    deliver()
    thank(ama, riverside)
    deliver()

    assert len(sink.letters) == 1


def test_what_is_no_longer_wanted_is_not_sent(sink, thanks, ama, riverside):
    kinds.kind("tests/thanks", purpose="messages", wanted=lambda messages, at: messages.none())
    thank(ama, riverside)

    deliver()

    assert (sink.letters, states()) == ([], [("suppressed", "no longer wanted")])


def test_a_young_person_is_written_to_where_nobody_else_reads(sink, thanks, ben, riverside):
    thank(ben, riverside)

    deliver()

    assert [to for to, _ in sink.letters] == [["ben@example.org"]]


def test_a_young_person_with_a_shared_address_is_not_written_to(sink, thanks, ben, riverside):
    ContactPoint.objects.filter(person=ben).update(is_private=False)
    thank(ben, riverside)

    deliver()

    assert (sink.letters, states()) == ([], [("suppressed", "no private address")])


@pytest.mark.parametrize(("is_mentee", "sent"), [(False, 1), (True, 0)])
def test_a_guardian_without_a_birth_date_is_an_adult_unless_somebodys_mentee(
    is_mentee, sent, sink, thanks, grace, riverside
):
    grace.born_on = None
    grace.save()
    ContactPoint.objects.filter(person=grace).update(is_private=False)
    if is_mentee:
        participant(grace, riverside, "mentee")

    thank(grace, riverside)

    deliver()

    assert len(sink.letters) == sent


def test_an_adult_may_be_written_to_at_a_shared_address(sink, thanks, grace, riverside):
    ContactPoint.objects.filter(person=grace).update(is_private=False)
    thank(grace, riverside)

    deliver()

    assert [to for to, _ in sink.letters] == [["grace@example.org"]]


def test_a_no_to_messages_bites_on_what_is_queued_already(sink, thanks, ama, riverside, cora):
    thank(ama, riverside)
    say(program=riverside, person=ama, given_by=ama, purpose="messages", is_given=False, by=cora, at=MONDAY)

    deliver(MONDAY + timedelta(minutes=1))

    assert (sink.letters, states()) == ([], [("suppressed", "does not want to be written to")])


def test_nobody_hears_about_somebody_they_are_kept_away_from(sink, thanks, grace, ben, riverside, cora):
    kinds.kind(
        "tests/thanks",
        purpose="messages",
        wanted=lambda messages, at: messages,
        speaks_of=lambda messages: {message.pk: [ben.pk] for message in messages},
    )
    thank(grace, riverside)
    keep_away(
        program=riverside, kept_away=grace, subject=ben, reason="court order", document="12/2026",
        starts_on=MONDAY.date(), review_on=(MONDAY + 90 * DAY).date(), by=cora, at=MONDAY,
    )  # fmt: skip

    deliver()

    assert (sink.letters, states()) == ([], [("suppressed", "no longer wanted")])


def test_at_night_a_message_waits_for_the_morning(sink, thanks, ama, riverside):
    thank(ama, riverside, at=NIGHT)

    deliver(NIGHT)

    assert sink.letters == []
    assert Message.objects.get().next_at == datetime(2026, 11, 17, 8, 0, tzinfo=UTC)
    deliver(datetime(2026, 11, 17, 8, 0, tzinfo=UTC))
    assert len(sink.letters) == 1


def test_safety_knows_no_night(sink, thanks, ama, riverside):
    kinds.kind("tests/thanks", purpose=kinds.ESSENTIAL, wanted=lambda messages, at: messages, urgent=True)
    thank(ama, riverside, at=NIGHT)

    deliver(NIGHT)

    assert len(sink.letters) == 1


def test_in_a_quiet_start_a_message_waits_for_its_release(sink, thanks, ama, riverside, cora):
    riverside.quiet_start = True
    riverside.save()
    thank(ama, riverside)
    deliver()
    held = states()

    release(Message.objects.filter(program=riverside), by=cora, at=MONDAY)
    deliver()

    assert held == [("held", "")]
    assert len(sink.letters) == 1


def test_a_link_is_issued_at_delivery_and_its_token_is_kept_nowhere(sink, thanks, ama, riverside, tmp_path):
    (tmp_path / "templates/mail/tests/thanks.txt").write_text("Hello\n\n{{ link }}\n")
    plan = kinds.LinkPlan("tests", "account_reset_password_done_test", timedelta(days=7))
    kinds.kind("tests/thanks", purpose="messages", wanted=lambda messages, at: messages, link=plan)
    thank(ama, riverside)
    original, links.address = links.address, lambda route, token: f"http://localhost:8000/a/{token}/"
    try:
        deliver()
    finally:
        links.address = original

    token = sink.letters[0][1].get_body(("plain",)).get_content().strip().split("/")[-2]
    assert len(token) == 22
    assert links.find(token, "tests") == Link.objects.get()
    assert token not in str(list(Link.objects.values())) + str(list(Message.objects.values()))


ANSWERS = [
    ("421 too busy", ("pending", "421 too busy"), 1),
    ("451 greylisted", ("pending", "451 greylisted"), 1),
    ("552 too big", ("suppressed", "no address"), 0),
    ("drop", ("pending", "SMTPServerDisconnected: Connection unexpectedly closed"), 1),
    ("999 rubbish", ("pending", "999 rubbish"), 1),
]


@pytest.mark.parametrize(("answer", "state", "later"), ANSWERS)
def test_whatever_the_server_says_nothing_is_lost(sink, thanks, ama, riverside, answer, state, later):
    sink.says = [answer]
    thank(ama, riverside)

    deliver()
    first = states()
    deliver(MONDAY + timedelta(minutes=2))

    assert first == [state]
    assert len(sink.letters) == later


def test_a_refused_address_is_marked_and_the_next_one_is_tried(sink, thanks, ama, riverside):
    ContactPoint.objects.create(person=ama, kind="email", value="ama.second@example.org")
    sink.says = ["550 no such user"]
    thank(ama, riverside)

    deliver()

    assert [to for to, _ in sink.letters] == [["ama.second@example.org"]]
    assert list(ContactPoint.objects.filter(broken_at=None).filter(person=ama).values_list("value", flat=True)) == [
        "ama.second@example.org"
    ]


@pytest.mark.parametrize(("answer", "days"), [("550 no such user", 0), ("421 too busy", 4)])
def test_staff_hear_of_a_message_that_will_not_arrive(sink, thanks, ama, riverside, answer, days):
    told = []
    tell = lambda messages, at: told.extend(message.pk for message in messages)  # noqa: E731
    kinds.on_failure(tell)
    sink.says = [answer]
    thank(ama, riverside)

    deliver(MONDAY + days * DAY)
    kinds._failures.remove(tell)

    assert told == [Message.objects.get().pk]


def test_a_letter_that_was_taken_before_the_line_broke_goes_again_under_the_same_id(sink, thanks, ama, riverside):
    sink.says = ["drop after taking it"]
    thank(ama, riverside)

    deliver()
    deliver(MONDAY + timedelta(minutes=2))

    assert len(sink.ids) == 2
    assert len(set(sink.ids)) == 1


def test_mail_of_the_house_itself_leaves_at_once_and_its_words_are_wiped(sink, db):
    queue_mail(address="ama@example.org", subject="Your code", body="123456", key="k", at=NIGHT)

    deliver(NIGHT)

    assert sink.letters[0][1].get_body(("plain",)).get_content().strip() == "123456"
    assert list(Message.objects.values_list("state", "body")) == [("accepted", "")]


@pytest.mark.parametrize(
    ("language", "said"), [("ar", '<html lang="ar" dir="rtl">'), ("en", '<html lang="en" dir="ltr">')]
)
def test_mail_of_the_house_itself_is_laid_out_in_the_language_it_was_written_in(sink, settings, db, language, said):
    settings.EMAIL_BACKEND = "rapport.outbox.mail.OutboxBackend"
    with override(language):
        send_mail("1234", "1234", None, ["ama@example.org"])

    deliver(timezone.now())

    assert said in sink.letters[0][1].get_body(("html",)).get_content()


@pytest.mark.parametrize("name", ["Ama\r\nBcc: omar@example.org", "Zoë 🌻", "A" * 100, "عائشة"])
def test_a_name_never_becomes_a_header(sink, thanks, ama, riverside, name):
    ama.given_name = name
    ama.save()
    thank(ama, riverside)

    deliver()

    [(recipients, letter)] = sink.letters
    assert (recipients, letter["Bcc"]) == (["ama@example.org"], None)


@pytest.mark.parametrize("address", ["ama@exämple.org", '"ama mensah"@example.org', "ama+rapport@example.org"])
def test_unusual_addresses_are_written_to(sink, thanks, ama, riverside, address):
    ContactPoint.objects.filter(person=ama).update(value=address)
    thank(ama, riverside)

    deliver()

    assert len(sink.letters) == 1


@pytest.mark.parametrize("address", ["ama", "@example.org", "ama@example.org\r\nBcc: x@example.org"])
def test_an_address_that_is_none_fails_without_harm(sink, thanks, ama, riverside, address):
    ContactPoint.objects.filter(person=ama).update(value=address)
    thank(ama, riverside)

    deliver()

    assert sink.letters == []
    assert states()[0][0] in ("failed", "suppressed")


def test_the_number_of_queries_does_not_depend_on_the_number_of_messages_but_for_writing_each_off(
    sink, thanks, ama, riverside, django_assert_num_queries, django_assert_max_num_queries
):
    rows = [Outgoing(to=ama, about=riverside, key=f"k{n}") for n in range(50)]
    with django_assert_max_num_queries(8):
        queue_many("tests/thanks", rows, program=riverside, at=MONDAY)

    with django_assert_max_num_queries(25 + 4 * 50):
        deliver_next(at=MONDAY, limit=50)

    assert len(sink.letters) == 50


def test_what_a_restore_held_goes_by_itself_only_where_it_never_waits(sink, thanks, ama, riverside):
    """An essential letter stands on no list; it goes when quiet start ends. The others wait for a person."""
    kinds.kind("tests/thanks", purpose="essential", wanted=lambda messages, at: messages)
    thank(ama, riverside, key="essential")
    queue_mail(address="cora@example.org", subject="Your code", body="1234", key="code", at=MONDAY)
    hold_all(at=MONDAY)
    Program.objects.filter(pk=riverside.pk).update(quiet_start=True)
    deliver()
    assert states() == [("held", ""), ("expired", "a copy was restored")]

    Program.objects.filter(pk=riverside.pk).update(quiet_start=False)
    deliver()

    assert states()[0] == ("accepted", "")
    assert len(sink.letters) == 1


def test_what_a_restore_held_of_ordinary_letters_waits_for_a_person(sink, thanks, ama, riverside):
    thank(ama, riverside)
    hold_all(at=MONDAY)

    deliver()

    assert (states(), sink.letters) == ([("held", "")], [])


def test_days_and_hours_in_a_letter_are_those_of_its_program(riverside, ama):
    riverside.time_zone = "America/New_York"  # there it is Sunday evening still
    told = {"program": riverside, "person": ama, "day": MONDAY - timedelta(hours=6)}

    subject, body = words_of("mail/meetings/planned.txt", told, "en")

    assert (subject, "Sunday 15 November, 22:00" in body) == ("A meeting on Sunday 15 November, 22:00", True)
