"""What somebody typed on the page of their meetings stays there until it is kept: nobody types it twice."""

import pytest

from tests.cast import DAY
from tests.meetings.test_own_page import ahead, door, press  # noqa: F401  (fixtures of its neighbour)

pytestmark = pytest.mark.django_db
MACHINE = {"User-Agent": "SafeLinks scan"}


def test_who_is_asked_to_press_once_more_finds_their_words_still_there(ahead, door, client, ben, ama):  # noqa: F811
    day = ahead.starts_at.date() + DAY
    when = f"{day.day} {day.month} {day.year} 16:00"
    moved = {"do": "move", "meeting": ahead.ref, f"{ahead.ref}-starts_at": when}
    topic = {"do": "add", "kind": "topic", "topic-words": "the test on Friday", "topic-for_staff_too": "on"}
    free = {"do": "free", "from_0": "15:30", "until_0": "16:30"}

    pages = [client.post(door(ben), sent, headers=MACHINE) for sent in (moved, topic, free)]

    assert [one.status_code for one in pages] == [409] * 3
    first, second, third = (one.content.decode() for one in pages)
    assert f'value="{when}"' in first
    assert first.count("<details open>") == 1
    assert 'value="the test on Friday"' in second
    assert third.count("<details open>") == 1
    assert 'value="15:30"' in third


def test_an_hour_that_cannot_be_stays_in_its_field(ahead, door, client, ben):  # noqa: F811
    sent = {"do": "move", "meeting": ahead.ref, f"{ahead.ref}-starts_at": "1 1 2025 16:00"}

    page = press(client, door(ben), **sent)

    assert page.status_code == 409
    assert 'value="1 1 2025 16:00"' in page.content.decode()
    assert page.content.decode().count("<details open>") == 1


def test_what_is_to_be_put_right_is_said_above_the_page(ahead, door, client, ben):  # noqa: F811
    page = press(client, door(ben), do="add", kind="agreed", **{"agreed-words": " "}).content.decode()

    assert page.index("One thing to put right") < page.index("When you meet next")
    assert 'href="#id_agreed-words"' in page


def test_whoever_is_told_to_tell_the_program_reads_how(ahead, door, client, ben, ama, riverside):  # noqa: F811
    type(riverside).objects.filter(pk=riverside.pk).update(contact_line="Cora, 020 7946 0100")

    for person in (ben, ama):
        page = client.get(door(person) + "?start=1").content.decode()
        reach = page.split("Do not leave it for the next time: tell the program.")[1][:90]
        assert 'Cora, <a href="tel:02079460100">020 7946 0100</a>' in reach
