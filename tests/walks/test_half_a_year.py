"""Half a year of the civil service's lists, from the sign-up files to the last reminder, by the command alone."""

import json
from collections import Counter
from datetime import date, timedelta

import pytest

from tests.conftest import FULL
from tests.walks.conftest import LONDON, PROFESSIONAL, SAMPLES, addresses, happened, mornings
from tests.walks.oracle import EXACT, Owed, compared

WEEKS = 26
ANSWERING = {"half": 2, "some": 7, "nobody": 1000}  # one of so many people answers
PEOPLE = """SELECT p.person_id, p.side, m.begun_on FROM matches_member b JOIN matches_match m ON m.id = b.match_id
    JOIN people_participant p ON p.id = b.participant_id WHERE m.state = 'active'"""


@pytest.fixture
def begun(places, founded):
    """The lists came in and the accepted pairs began today: each verb a process of its own."""
    makes_its_own = FULL and not founded.database  # a demo keeps to SQLite; the short walk takes the copy
    place = places("civil-service", like=None if makes_its_own else founded)
    if makes_its_own:
        made = place.rapport("demo", "--empty", "--no-serve")
        assert (made.returncode, made.stderr) == (0, "")
    for outcome in ("created", "unchanged"):
        for side in ("mentors", "mentees"):
            line = ["import", SAMPLES / f"{side}.csv", "--program", "civil-service", "--as", side, "--json"]
            done = place.rapport(*line)
            said = json.loads(done.stdout)
            assert (done.returncode, said["rows"], said[outcome], said["bad"]) == (0, 50, 50, [])
    done = place.rapport("match", "civil-service", "--accept", "--by", "marta@example.org", "--json")
    accepted = json.loads(done.stdout)["accepted"]
    assert (done.returncode, accepted["begun"], accepted["not_begun"]) == (0, accepted["proposed"], [])
    return place


@pytest.mark.parametrize("every", [7, 1] if FULL else [14])
@pytest.mark.parametrize("answering", ["half", "nobody"] if FULL else ["some"])
def test_everybody_is_asked_reminded_and_called_exactly_as_promised(begun, every, answering):
    walker = begun.walker()
    mail = addresses(walker)
    people = [
        Owed(person, side, date.fromisoformat(on), answers=n % ANSWERING[answering] == 0)
        for n, (person, side, on) in enumerate(sorted(walker("rows", sql=PEOPLE)), start=1)
    ]
    readers = {mail[one.person] for one in people if one.answers}
    ticks = mornings(people[0].begun_on, WEEKS * 7, every)

    for at in ticks:
        if FULL and every == 7:
            done = begun.rapport("tick", "--at", at.isoformat(), "--deliver")
            assert (done.returncode, done.stderr) == (0, "")
        else:
            walker.tick(at)
        for address, path in begun.links(at.date()).items():
            if address in readers:
                assert walker("press", path=path, at=(at + timedelta(hours=2)).isoformat()) == 200

    expected = sum((PROFESSIONAL.events(one, ticks, LONDON) for one in people), Counter())
    seen = happened(walker)
    print(
        f"begun {people[0].begun_on}, {len(people)} people, every {every} days, {answering} answering:", figures(seen)
    )
    assert compared(Counter(seen), expected) == EXACT
    assert begun.letters() == sum(what in ("asked", "reminded") for _, what, _ in seen)
    rests = walker("rows", sql="SELECT person_id, why FROM checkins_rest WHERE ended_at IS NULL")
    assert sorted(rests) == sorted([one.person, "unanswered"] for one in people if not one.answers)


def figures(seen):
    return dict(Counter(what for _, what, _ in seen))
