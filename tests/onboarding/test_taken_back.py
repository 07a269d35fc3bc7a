"""A no counts at once and everywhere: in queued letters, in what is asked, in rounds, on pages (security.md §2.4)."""

from datetime import date, timedelta

import pytest

from rapport.access.actions import add_user
from rapport.access.models import Role
from rapport.checkins.actions import gather_asks, plan_check_ins, take_due_steps
from rapport.checkins.cards import page_of
from rapport.checkins.models import Ask, CheckIn
from rapport.clock.actions import deliver
from rapport.matching.gathering import gather
from rapport.meetings.actions import add_meeting
from rapport.meetings.questions import unlogged, unlogged_by
from rapport.onboarding.actions import record_gate
from rapport.outbox.models import Message
from rapport.people.actions import say
from rapport.people.models import Guardianship, Person
from rapport.portal.mine import own_places
from rapport.programs.actions import add_member
from rapport.tasks.models import Task
from tests.cast import DAY, LONG_AGO, MONDAY, gates_met
from tests.checkins.conftest import duty, young  # noqa: F401
from tests.onboarding.conftest import NOON, TODAY, asked, link_to, say_by_link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def queued(young, duty, mailbox):  # noqa: F811
    """Ama, Ben and Grace have been asked; their letters wait."""
    plan_check_ins(at=MONDAY, limit=100)
    gather_asks(at=MONDAY, limit=100)
    take_due_steps(at=MONDAY, limit=100)
    return young


def waiting():
    return sorted(Message.objects.waiting().filter(kind="checkins/invitation").values_list("to__given_name", flat=True))


def sent(mailbox):
    deliver(at=NOON)
    states = Message.objects.filter(kind="checkins/invitation").values_list("to__given_name", "state")
    return dict(states)


def test_a_no_to_messages_is_judged_when_the_queued_letter_would_leave(mailbox, reader, queued, ben_in, grace, cora):
    assert waiting() == ["Ama", "Ben", "Grace"]
    asked(ben_in, grace, "messages", by=cora)
    path = link_to_alone(mailbox, grace)

    say_by_link(reader, path, messages="no")

    assert sent(mailbox) == {"Ama": "accepted", "Ben": "suppressed", "Grace": "accepted"}


def link_to_alone(mailbox, person):
    """Send the letter that asks for permission alone, and leave the others in the queue."""
    others = Message.objects.waiting().exclude(kind="onboarding/permission")
    others.update(next_at=NOON - timedelta(minutes=1))
    return link_to(mailbox, person.given_name.lower(), at=NOON - timedelta(minutes=5))


def test_a_no_to_taking_part_stops_what_is_asked_about_the_child_and_a_person_settles_it(
    mailbox, reader, queued, ben_in, grace, cora
):
    asked(ben_in, grace, "join", by=cora)
    say_by_link(reader, link_to_alone(mailbox, grace), join="no")

    assert [task.kind for task in Task.objects.filter(owner=cora)] == ["matches/gate-lost/permission"]
    assert set(sent(mailbox).values()) == {"suppressed"}
    queued.refresh_from_db()
    assert queued.state == "active"
    assert not CheckIn.objects.asking(NOON).exists()

    record_gate(ben_in, code="permission", is_met=True, met_on=TODAY, given_by=grace, how="a talk", by=cora, at=NOON)
    assert CheckIn.objects.asking(NOON).count() == 6  # of three people, two each


def test_what_the_child_would_tell_us_is_still_heard(mailbox, reader, queued, ben_in, grace, cora):
    deliver(at=MONDAY)
    ask = Ask.objects.get(person=ben_in.person)
    record_gate(ben_in, code="permission", is_met=False, met_on=TODAY, by=cora, at=NOON)

    assert [card.name for card in page_of(ask, NOON).cards] == ["Ama"]


def test_nobody_is_asked_anew_about_them(young, duty, ben_in, cora):  # noqa: F811
    record_gate(ben_in, code="assent", is_met=False, met_on=TODAY, by=cora, at=MONDAY)
    plan_check_ins(at=MONDAY, limit=100)

    gather_asks(at=MONDAY, limit=100)

    assert CheckIn.objects.open().count() == 6
    assert not Ask.objects.exists()


def test_a_meeting_of_theirs_is_not_asked_for(young, ama, ben_in, cora, riverside):  # noqa: F811
    add_meeting(young, starts_at=MONDAY - 2 * DAY, minutes=60, by=cora, at=MONDAY - 3 * DAY)
    assert len(unlogged_by(ama, riverside, NOON)) == 1

    record_gate(ben_in, code="permission", is_met=False, met_on=TODAY, by=cora, at=NOON)

    assert unlogged_by(ama, riverside, NOON) == []
    assert not unlogged(NOON).exists()


def test_an_older_no_of_a_guardian_ends_with_the_eighteenth_birthday(young, ben_in, ben, cora):  # noqa: F811
    plan_check_ins(at=MONDAY, limit=100)
    record_gate(ben_in, code="permission", is_met=False, met_on=TODAY, by=cora, at=MONDAY)
    assert not CheckIn.objects.asking(NOON).exists()

    Person.objects.filter(pk=ben.pk).update(born_on=date(2008, 11, 16))

    assert CheckIn.objects.asking(NOON).exists()


def test_a_round_looks_only_at_whom_it_may_show(riverside, ama_in, ben_in, grace, cora):
    gates_met(ama_in, "clearance", "training", by=cora)
    gates_met(ben_in, "permission", "assent", by=cora)
    assert gather(riverside, NOON).mentees == [ben_in]
    share = {"program": riverside, "person": ben_in.person, "given_by": grace, "purpose": "share-basics", "by": cora}

    say(**share, is_given=False, at=MONDAY)
    found = gather(riverside, NOON)
    assert found.mentees == []
    assert found.not_ready == {ben_in: ["first name and interests of Ben may not be shared"]}

    say(**share, is_given=True, at=NOON)
    assert gather(riverside, NOON).mentees == [ben_in]


def test_a_permission_that_ran_out_yesterday_begins_nothing(riverside, ama_in, ben_in, grace, cora):
    gates_met(ama_in, "clearance", "training", by=cora)
    gates_met(ben_in, "assent", by=cora)
    record_gate(
        ben_in, code="permission", is_met=True, met_on=TODAY - timedelta(days=30),
        valid_until_on=TODAY - timedelta(days=1), given_by=grace, by=cora, at=MONDAY,
    )  # fmt: skip

    found = gather(riverside, NOON)

    assert found.mentees == []
    assert [len(words) for words in found.not_ready.values()] == [1]


def test_the_mentors_pages_name_nobody_whose_name_may_not_be_shared(mailbox, queued, ama, ben, grace, cora, riverside):
    user = add_user(email="ama@example.org", name="Ama", by=None, at=LONG_AGO)
    Person.objects.filter(pk=ama.pk).update(user=user)
    add_member(user, program=riverside, role=Role.objects.get(slug="mentor"), by=None, at=LONG_AGO)
    ask = Ask.objects.get(person=ama)
    assert [card.name for card in page_of(ask, NOON).cards] == ["Ben"]
    assert own_places(user, NOON)["places"][0].pairs[0].names == ["Ben"]

    say(program=riverside, person=ben, given_by=grace, purpose="share-basics", is_given=False, by=cora, at=NOON)

    assert [card.name for card in page_of(ask, NOON).cards] == ["your mentee"]
    assert own_places(user, NOON)["places"][0].pairs[0].names == ["your mentee"]
    theirs = page_of(Ask.objects.get(person=grace), NOON)
    assert [card.name for card in theirs.cards] == ["Ben"]


def test_a_queued_letter_to_a_guardian_who_is_one_no_more_stays(mailbox, queued, grace):
    Guardianship.objects.update(ends_on=TODAY)

    assert page_of(Ask.objects.get(person=grace), NOON).cards == []
