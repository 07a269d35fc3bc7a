"""A message that can wait goes at the time that is best for its reader; and who does not read gets none."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rapport.outbox import kinds
from rapport.outbox.actions import deliver_next, queue
from rapport.outbox.models import Message
from rapport.people.best_times import best_times_in_words, is_good_now, next_good
from rapport.people.models import ContactPoint
from tests.cast import DAY, MONDAY

pytestmark = pytest.mark.django_db
TUESDAY_FOUR = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


def best(person, days="24", first="16:00", last=None):
    person.contact_points.update(best_days=days, best_from=first, best_until=last)


def thank(person, program, key="one", at=MONDAY, **more):
    queue("tests/thanks", to=person, about=program, key=key, at=at, program=program, **more)
    deliver_next(at=at, limit=50)
    message = Message.objects.get(dedupe_key=key)
    return message.state, message.next_at if message.state == "pending" else message.final_at


def test_a_message_waits_for_their_best_time_and_goes_then(sink, thanks, ama, riverside):
    best(ama)

    assert thank(ama, riverside) == ("pending", TUESDAY_FOUR)
    deliver_next(at=TUESDAY_FOUR - timedelta(minutes=1), limit=50)
    assert sink.letters == []
    deliver_next(at=TUESDAY_FOUR, limit=50)

    assert [to for to, _letter in sink.letters] == [["ama@example.org"]]
    assert thank(ama, riverside, key="now", at=TUESDAY_FOUR + timedelta(hours=1))[0] == "accepted"


def test_it_waits_no_longer_than_the_program_says_nor_into_the_night_nor_past_its_own_end(sink, thanks, ama, riverside):
    best(ama, days="5")
    assert thank(ama, riverside, key="four days away")[0] == "accepted"
    best(ama, days="", first="21:00", last="23:00")
    assert thank(ama, riverside, key="at night alone")[0] == "accepted"
    best(ama, days="2", first="06:00", last="09:00")
    assert thank(ama, riverside, key="from the morning on") == ("pending", datetime(2026, 11, 17, 8, 0, tzinfo=UTC))
    best(ama)
    assert thank(ama, riverside, key="over by then", not_after=TUESDAY_FOUR - DAY / 2)[0] == "accepted"
    riverside.limits.filter(code="best-time-wait").delete()
    riverside = type(riverside).objects.get(pk=riverside.pk)
    assert thank(ama, riverside, key="no such limit")[0] == "accepted"


def test_what_is_urgent_or_was_asked_for_never_waits(sink, thanks, ama, riverside):
    best(ama)
    for more in ({"urgent": True}, {"purpose": kinds.ESSENTIAL}):
        kinds.kind("tests/thanks", **{"purpose": "messages", "wanted": lambda messages, at: messages, **more})
        assert thank(ama, riverside, key=str(more))[0] == "accepted"


@pytest.mark.parametrize(
    ("days", "first", "last", "words"),
    [
        ("24", time(16), None, "Tue and Thu after 16:00"),
        ("12345", time(9), time(12), "on weekdays from 09:00 to 12:00"),
        ("67", None, None, "at weekends"),
        ("135", None, time(8, 30), "Mon, Wed and Fri before 08:30"),
        ("1234567", time(18), None, "after 18:00"),
        ("", None, None, ""),
    ],
)
def test_best_times_are_said_as_people_say_them(days, first, last, words):
    assert best_times_in_words(ContactPoint(best_days=days, best_from=first, best_until=last)) == words


def test_a_best_time_is_of_the_programs_zone_also_where_the_clocks_change():
    """On 8 March 2026 there is no half past two in New York; the week after, ten o'clock lies an hour earlier."""
    ten = ContactPoint(best_days="7", best_from=time(10), best_until=time(11))
    gap = ContactPoint(best_days="7", best_from=time(2, 30), best_until=time(4))
    saturday = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)

    assert next_good(ten, saturday, NEW_YORK) == datetime(2026, 3, 8, 14, 0, tzinfo=UTC)
    assert next_good(gap, saturday, NEW_YORK) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert is_good_now(ten, datetime(2026, 3, 8, 14, 30, tzinfo=UTC), NEW_YORK)
    assert not is_good_now(ten, datetime(2026, 3, 8, 15, 0, tzinfo=UTC), NEW_YORK)
    assert not is_good_now(ContactPoint(), saturday, NEW_YORK)


def test_who_does_not_read_gets_no_letter_but_what_they_asked_for(sink, thanks, ama, riverside):
    ama.reads_it = False
    ama.save()

    assert thank(ama, riverside, key="an ask")[0] == "suppressed"
    assert Message.objects.get().why == "does not read what we write"
    kinds.kind("tests/thanks", purpose=kinds.ESSENTIAL, wanted=lambda messages, at: messages)
    assert thank(ama, riverside, key="asked for")[0] == "accepted"
