"""The first eight weeks of young pairs: mentor, mentee and guardian asked twice in the first month, then monthly."""

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.conftest import FULL
from tests.walks.conftest import LONDON, YOUTH, addresses, happened, mornings
from tests.walks.oracle import ANOTHER_WAY, ASKED, EXACT, REMINDED, TALK, Owed, compared

FIRST, EVERY = date(2026, 10, 31), 3
PAIRS = 24 if FULL else 2
DAYS = 56 + EVERY * (PAIRS - 1)
ASKED_OF = """SELECT p.person_id, p.side, m.begun_on FROM matches_member b
    JOIN matches_match m ON m.id = b.match_id JOIN people_participant p ON p.id = b.participant_id
    UNION SELECT g.adult_id, 'guardian', m.begun_on FROM people_guardianship g
    JOIN people_participant p ON p.person_id = g.child_id
    JOIN matches_member b ON b.participant_id = p.id JOIN matches_match m ON m.id = b.match_id"""


@pytest.fixture
def young(places, founded):
    place = places("riverside", like=founded)
    place.bring_pairs(PAIRS, FIRST, EVERY)
    return place


def owed_in(walker, answers=lambda address: False):
    """Everybody to whom Riverside promised to ask, and whether they answer."""
    mail = addresses(walker)
    return [
        Owed(person, party, date.fromisoformat(on), is_child=party == "mentee", answers=answers(mail[person]))
        for person, party, on in walker("rows", sql=ASKED_OF)
    ]


def is_reader(address):
    """Every second pair answers, and so does the guardian of the others."""
    return address.startswith("guardian") or int(address.partition("@")[0][-1]) % 2 == 0


def live(place, walker, people, ticks):
    """Let the clock tick, and everybody who answers press their link two hours later."""
    mail = addresses(walker)
    readers = {mail[one.person] for one in people if one.answers}
    for at in ticks:
        walker.tick(at)
        for address, path in place.links(at.date()).items():
            if address in readers:
                assert walker("press", path=path, at=(at + timedelta(hours=2)).isoformat()) == 200


@pytest.mark.parametrize("answering", ["some", "nobody"] if FULL else ["some"])
def test_young_pairs_are_asked_as_promised_and_children_never_reminded(young, answering):
    walker = young.walker()
    people = owed_in(walker, is_reader if answering == "some" else lambda address: False)
    ticks = mornings(FIRST, DAYS, 1 if FULL else 2)

    live(young, walker, people, ticks)

    expected = sum((YOUTH.events(one, ticks, LONDON) for one in people), Counter())
    seen = happened(walker)
    print(f"{len(people)} people, {DAYS} days:", dict(Counter(what for _, what, _ in seen)))
    assert compared(Counter(seen), expected) == EXACT
    children = {one.person for one in people if one.is_child}
    assert [event for event in seen if event[0] in children and event[1] == REMINDED] == []


def test_the_promise_itself_in_days():
    """What the oracle makes of the file, as somebody would say it: it must be right before it may judge."""
    ticks = mornings(FIRST, 56)

    def days(**more):
        owed = Owed(1, begun_on=FIRST, **more)
        found = sorted(YOUTH.events(owed, ticks, LONDON), key=lambda event: event[2])
        return [(what, (day - FIRST).days) for _, what, day in found]

    assert days(party="mentor", answers=True) == [(ASKED, 7), (ASKED, 21), (ASKED, 30)]
    assert days(party="guardian", answers=True) == [
        (ASKED, 7),
        (ASKED, 21),
        (ASKED, 37),
    ]  # two in thirty days are enough
    assert days(party="mentee", is_child=True) == [(ASKED, 7), (TALK, 12), (ASKED, 21), (ANOTHER_WAY, 26)]
    assert days(party="guardian") == [
        (ASKED, 7), (REMINDED, 10), (TALK, 14), (ASKED, 21), (REMINDED, 24), (ANOTHER_WAY, 28),
    ]  # fmt: skip
