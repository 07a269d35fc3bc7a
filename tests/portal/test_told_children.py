"""A parent who is mentored tells of their children: staff read it, and it leads nowhere and counts nowhere (S3-20)."""

from datetime import date

import pytest
import time_machine

from rapport.audit.models import Event
from rapport.outbox.models import Message
from rapport.people.actions import NotAskedHere, TooManyChildren, keep_away, tell_of_child
from rapport.people.actions.merging import put_together
from rapport.people.models import Participant, Person, ToldChild
from tests.cast import DAY, MONDAY, open_match, participant, person
from tests.reading import lasting, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def parents(riverside):
    """Riverside, where parents mentor parents."""
    type(riverside).objects.filter(pk=riverside.pk).update(profile="parent-mentors", adults_only=True)
    riverside.refresh_from_db()
    return riverside


@pytest.fixture
def mira(parents):
    return participant(person("Mira", parents, born_on=date(1988, 1, 1)), parents, "mentee")


def of(one, page=""):
    return f"/p/riverside/people/{one.ref}/{page}"


def test_staff_write_down_what_a_parent_tells_and_take_it_off(as_user, sign_up, mira, ama, ama_in, cora, dele, omar):
    open_match(ama_in, mira, coordinator=cora)
    staff, mentor = as_user(cora), sign_up(ama, mira.program, "mentor")
    others = [sign_up(mira.person, mira.program, "mentee"), mentor]
    before = [lasting(one.get("/mine/").text) for one in others]
    sent = {"first_name": "Tom", "school_year": "year 4", "school": "Lincoln"}

    assert staff.get(of(mira, "children/")).status_code == 200
    assert [staff.post(of(mira, "children/"), sent).status_code for _press in range(2)] == [302, 302]

    told = ToldChild.objects.get()
    assert (told.parent, told.first_name, told.told_by) == (mira, "Tom", cora)
    assert "Tom year 4 · Lincoln" in words(staff.get(of(mira)).text)
    assert not Person.objects.filter(given_name="Tom").exists()
    assert (Participant.objects.count(), Message.objects.count()) == (2, 0)
    assert [lasting(one.get("/mine/").text) for one in others] == before
    for user in (dele, omar):
        browser = as_user(user)
        assert "Tom" not in browser.get(of(mira)).text
        assert browser.get(of(mira, "children/")).status_code == 404
        assert browser.post(of(mira, "children/"), sent).status_code == 404
        assert browser.post(of(mira, "children/"), {"off": told.pk}).status_code == 404
    assert mentor.get(of(mira, "children/")).status_code == 404
    assert staff.post(of(mira, "children/"), {"first_name": "", "school": "x" * 99}).status_code == 422
    assert [staff.post(of(mira, "children/"), {"off": off}).status_code for off in ("x", "9" * 40)] == [404, 404]
    assert staff.post(of(mira, "children/"), {"off": told.pk}).status_code == 302
    assert not ToldChild.objects.exists()
    trail = Event.objects.filter(verb__startswith="participant.child-").order_by("pk")
    assert [(row.verb, "Tom" in str(row.facts)) for row in trail] == [
        ("participant.child-told", False), ("participant.child-taken-off", False),
    ]  # fmt: skip


def test_what_is_known_of_the_child_elsewhere_changes_nothing_here(as_user, mira, hill_match, cora, omar):
    """The child is Hanna of Hillside: matched there, with another parent, and Mira is to be kept away from her."""
    hanna = hill_match.mentees[0].person
    tell_of_child(mira, first_name="Hanna", by=cora, at=MONDAY)
    staff = as_user(cora)
    before = [lasting(staff.get(of(mira, page)).text) for page in ("", "children/")]

    keep_away(
        program=hill_match.program, kept_away=mira.person, subject=hanna, reason="a court", document="",
        starts_on=MONDAY.date() - DAY, review_on=date(2027, 1, 1), by=omar, at=MONDAY,
    )  # fmt: skip

    assert [lasting(staff.get(of(mira, page)).text) for page in ("", "children/")] == before
    assert not any(hanna.ref in page or hill_match.ref in page for page in before)


def test_nobody_else_is_asked_of_children(as_user, riverside, ben_in, ama_in, mira_of_youth, cora):
    for one in (ben_in, ama_in, mira_of_youth):
        with pytest.raises(NotAskedHere):
            tell_of_child(one, first_name="Tom", by=cora, at=MONDAY)
        assert as_user(cora).get(of(one, "children/")).status_code == 404
        assert "Their children" not in as_user(cora).get(of(one)).text


@pytest.fixture
def mira_of_youth(riverside):
    return participant(person("Mira", riverside, born_on=date(1988, 1, 1)), riverside, "mentee")


def test_two_records_of_a_parent_tell_of_each_child_once(mira, parents, cora):
    twin = participant(person("Mirah", parents, born_on=date(1988, 1, 1), mail=False), parents, "mentee")
    for one, name in ((mira, "Tom"), (twin, "Tom"), (twin, "Ida")):
        tell_of_child(one, first_name=name, by=cora, at=MONDAY)

    put_together(mira.person, twin.person, by=cora, at=MONDAY)

    assert sorted(mira.told_children.values_list("first_name", flat=True)) == ["Ida", "Tom"]
    ToldChild.objects.bulk_create(
        ToldChild(program=parents, parent=mira, first_name=f"No {n}", told_by=cora, told_at=MONDAY) for n in range(18)
    )
    with pytest.raises(TooManyChildren):
        tell_of_child(mira, first_name="Max", by=cora, at=MONDAY)
    Participant.objects.filter(pk=mira.pk).update(left_at=MONDAY)
    with pytest.raises(NotAskedHere):
        tell_of_child(mira, first_name="Max", by=cora, at=MONDAY)
