"""A colleague leaves: the sign-in closes at once, and what was in hand is somebody's at every moment."""

from datetime import timedelta

import pytest

from rapport.access.rights import Right
from rapport.audit.models import Event
from rapport.care.actions import handing
from rapport.care.models import HandOver
from rapport.outbox.models import Message
from rapport.portal import inviting
from rapport.safeguarding.actions import acknowledge, climb, raise_concern, set_risk
from rapport.safeguarding.models import Concern
from rapport.tasks.actions import NewTask, add_tasks
from rapport.tasks.models import SEALED, Task
from tests.care.conftest import restrict
from tests.cast import MONDAY, colleague, open_match, participant, person, staff

pytestmark = pytest.mark.django_db
STAFF, TODAY = "/p/riverside/staff/", "/p/riverside/today/"
State = HandOver.State
nina = colleague("Nina", "coordinator")


@pytest.fixture
def call(riverside, cora, ama, match):
    """A task on Cora's desk."""
    [task] = add_tasks([new_task(riverside, cora, ama, match)], by=None, at=MONDAY)
    return task


def new_task(program, owner, about, match, key="call", **more):
    return NewTask(
        program=program, kind="care/call", owner=owner, person=about, about=match, reason=f"Call about {key}",
        due_at=MONDAY, late_at=None, cause_key=key, **more,
    )  # fmt: skip


def leave(member, to=None, *, by, at=MONDAY, **more):
    return inviting.end(member.memberships.get(), to=to, by=by, at=at, **more)


def owners(*things):
    for thing in things:
        thing.refresh_from_db()
    return [getattr(thing, "coordinator", None) or getattr(thing, "owner", None) for thing in things]


def test_what_she_had_in_hand_is_her_colleagues_at_once_and_her_sign_in_is_closed(cora, carl, nina, match, call):
    leave(cora, nina, by=carl)

    cora.refresh_from_db()
    row = HandOver.objects.get()
    assert not cora.is_active
    assert owners(match, call) == [nina, nina]
    assert (row.state, row.leaver, row.to, row.by) == (State.WAITING, cora, nina, carl)
    assert (list(row.matches.all()), list(row.tasks.all())) == ([match], [call])


def test_work_goes_to_nobody_by_mistake(cora, carl, match):
    with pytest.raises(handing.NeedsSomebody):
        leave(cora, by=carl)

    assert cora.memberships.get().ends_at is None


def test_the_page_asks_to_whom_and_the_colleague_says_yes_with_one_press(as_user, cora, carl, nina, match, call):
    ends = f"{STAFF}{cora.memberships.get().pk}/end/"
    browser, hers = as_user(carl), as_user(nina)
    page = browser.get(ends).content.decode()
    assert "1 open match, 1 task" in page
    assert "Choose who takes them over." in browser.post(ends, {"to": ""}).content.decode()

    html = browser.post(ends, {"to": nina.pk}, follow=True).content.decode()

    assert "Cora no longer has this role. Nina has the work now." in html
    assert "was handed to Nina" in html
    assert "not accepted it yet" in browser.get(TODAY).content.decode()
    desk = hers.get(TODAY).content.decode()
    assert "What Cora had in hand is yours now: 1 open match and 1 task." in desk
    answer = f"{TODAY}handed/{HandOver.objects.get().ref}/answer/"
    assert answer in desk
    done = hers.post(answer, {"answer": "yes"}, follow=True).content.decode()
    assert "It is yours." in done
    assert "had in hand" not in done
    assert "not accepted" not in browser.get(TODAY).content.decode()
    assert HandOver.objects.get().state == State.ACCEPTED


def test_given_back_it_is_whose_who_handed_it_over(as_user, cora, carl, nina, match, call):
    leave(cora, nina, by=carl)

    html = as_user(nina).post(f"{TODAY}handed/{HandOver.objects.get().ref}/answer/", {"answer": "no"}, follow=True)

    assert "Carl has it now." in html.content.decode()
    assert owners(match, call) == [carl, carl]
    assert Task.objects.get(kind="care/given-back").owner == carl
    assert "Nina gave back what Cora had in hand: 2 matches and tasks are yours now." in as_user(carl).get(
        TODAY
    ).content.decode().replace("&#x27;", "'")


def test_what_was_done_or_given_on_meanwhile_does_not_come_back(cora, carl, nina, match, call):
    from rapport.matches.actions import assign
    from rapport.tasks.actions import finish

    leave(cora, nina, by=carl)
    call.refresh_from_db()
    finish(call, by=nina, at=MONDAY)
    assign([match], coordinator=carl, by=nina, at=MONDAY)

    assert handing.give_back(HandOver.objects.get(), by=nina, at=MONDAY) is None
    assert owners(match, call) == [carl, nina]


def test_it_is_answered_once_and_by_the_one_it_was_given_to(as_user, cora, carl, nina, dele, omar, match):
    leave(cora, nina, by=carl)
    row = HandOver.objects.get()
    answer = f"{TODAY}handed/{row.ref}/answer/"

    assert [as_user(user).post(answer, {"answer": "yes"}).status_code for user in (carl, dele, omar)] == [404] * 3
    assert as_user(nina).get(answer).status_code == 405
    handing.accept(row, by=nina, at=MONDAY)
    assert as_user(nina).post(answer, {"answer": "no"}).status_code == 409
    assert owners(match) == [nina]


def test_to_whom_it_may_not_go_the_next_gets_it_and_nobody_learns_why(
    as_user, riverside, cora, carl, nina, dele, match, call, lincoln
):
    """Nina is kept away from Ben; a call about his match is not hers either, the rest of the work is."""
    restrict(nina.person, match.members.get(side="mentee").participant.person, program=riverside, by=dele)
    other = open_match(
        participant(person("Abe", riverside), riverside, "mentor"),
        participant(person("Bea", riverside), riverside, "mentee"), coordinator=cora,
    )  # fmt: skip

    assert leave(cora, nina, by=carl) == 0

    assert owners(match, other, call) == [carl, nina, carl]
    assert "1 open match" in as_user(nina).get(TODAY).content.decode()


def test_what_nobody_may_have_is_told_and_somebody_who_leaves_is_closed_all_the_same(
    riverside, cora, carl, dele, match
):
    restrict(carl.person, match.members.get(side="mentee").participant.person, program=riverside, by=dele)

    assert leave(cora, carl, by=carl) == 1

    cora.refresh_from_db()
    assert (cora.is_active, HandOver.objects.count()) == (False, 0)


def test_whoever_takes_it_themselves_need_not_say_so_again(cora, carl, match):
    leave(cora, carl, by=carl)

    assert owners(match) == [carl]
    assert not HandOver.objects.exists()


def test_work_that_waits_goes_on_when_its_taker_leaves_too(cora, carl, nina, match, call):
    leave(cora, nina, by=carl)
    leave(nina, carl, by=carl, at=MONDAY + timedelta(days=1))

    assert owners(match, call) == [carl, carl]
    assert [row.state for row in HandOver.objects.all()] == [State.PASSED_ON]


def test_given_back_to_somebody_without_a_desk_it_goes_to_a_coordinator(riverside, cora, carl, nina, match):
    """An administrator has no desk: what comes back needs somebody who has one."""
    ada = staff("Ada", riverside, "administrator")
    leave(cora, nina, by=ada)

    taker = handing.give_back(HandOver.objects.get(), by=nina, at=MONDAY)

    assert (taker, *owners(match)) == (carl, carl)


def test_with_nobody_else_it_cannot_be_given_back(riverside, cora, nina, match):
    ada = staff("Ada", riverside, "administrator")
    leave(cora, nina, by=ada)

    with pytest.raises(handing.NobodyElse):
        handing.give_back(HandOver.objects.get(), by=nina, at=MONDAY)

    assert HandOver.objects.get().state == State.WAITING


def test_who_keeps_another_desk_here_hands_over_nothing(riverside, cora, carl, match):
    from rapport.access.models import Role
    from rapport.programs.actions import add_member

    support = add_member(cora, program=riverside, role=Role.objects.get(slug="match-support"), by=None, at=MONDAY)

    inviting.end(support, by=carl, at=MONDAY)

    assert owners(match) == [cora]


def test_the_desk_asks_as_much_however_much_is_handed_over(as_user, riverside, cora, carl, nina, match):
    from tests.portal.test_staff import queries

    leave(cora, nina, by=carl)
    few = queries(as_user(nina), TODAY), queries(as_user(carl), STAFF)
    for number in range(4):
        colleague = staff(f"Lee{number}", riverside, "coordinator")
        add_tasks([new_task(riverside, colleague, None, None, key=f"t{number}", level=2)], by=None, at=MONDAY)
        leave(colleague, nina, by=carl)

    assert (queries(as_user(nina), TODAY), queries(as_user(carl), STAFF)) == few


# Safety


@pytest.fixture
def concern(riverside, dele, match, ben):
    """A concern that Dele has read and is exploring."""
    row = raise_concern(program=riverside, words="w", cause_key="c", subject=ben, match=match, at=MONDAY)
    acknowledge(row, by=dele, at=MONDAY)
    row.refresh_from_db()
    set_risk(row, risk="high", state=Concern.State.EXPLORING, by=dele, at=MONDAY)
    return row


def test_safety_work_goes_to_another_lead_who_has_to_read_it(concern, dele, dora, ada):
    leave(dele, lead=dora, by=ada)

    concern.refresh_from_db()
    assert (concern.owner, concern.acknowledged_at, concern.state) == (dora, None, Concern.State.EXPLORING)
    task = Task.objects.get(owner=dora, level=SEALED, kept_at=None, excused_at=None)
    assert (task.about, task.ends_on_its_page) == (concern, True)
    assert Message.objects.filter(to=dora.person, kind="safeguarding/concern").exists()
    assert not HandOver.objects.exists()
    assert [entry.verb for entry in concern.entries.all()][-1] == "handed on"

    acknowledge(concern, by=dora, at=MONDAY)
    concern.refresh_from_db()
    assert (concern.owner, concern.state, concern.next_at) == (dora, Concern.State.EXPLORING, None)


def test_what_the_new_lead_does_not_read_climbs_on(concern, dele, dora, ada, riverside):
    eve = staff("Eve", riverside, "safeguarding-lead")
    leave(dele, lead=dora, by=ada)

    climb(at=MONDAY + timedelta(minutes=30))
    assert not Task.objects.filter(owner=eve).exclude(kept_at__isnull=False).exists()
    climb(at=MONDAY + timedelta(minutes=61))

    assert Task.objects.open().filter(owner=eve, level=SEALED).exists()


def test_a_lead_it_is_about_does_not_get_it(concern, dele, dora, ada, riverside):
    eve = staff("Eve", riverside, "safeguarding-lead")
    concern.accused.add(dora.person)

    leave(dele, lead=dora, by=ada)

    concern.refresh_from_db()
    assert concern.owner == eve
    assert not Task.objects.filter(owner=dora).exists()


def test_where_no_lead_may_see_it_the_ladder_starts_at_once(concern, dele, dora, ada):
    concern.accused.add(dora.person)

    leave(dele, lead=dora, by=ada)

    concern.refresh_from_db()
    assert (concern.owner, concern.acknowledged_at) == (None, None)
    assert Task.objects.open().filter(owner=ada, level=SEALED).exists()  # who manages the house calls outside


def test_whether_there_was_anything_shows_nowhere(as_user, concern, dele, dora, ada, cora):
    ends = f"{STAFF}{dele.memberships.get().pk}/end/"
    page = as_user(ada).get(ends).content.decode()
    html = as_user(ada).post(ends, {"lead": dora.pk}, follow=True).content.decode()
    rows = Event.objects.filter(verb="concern.handed-on")

    for said in (page, html, as_user(cora).get(TODAY).content.decode()):
        assert "concern" not in said.lower().replace("raise a concern", "")
        assert "in hand is" not in said
    assert "Still in their hands" not in page
    assert {row.level for row in rows} == {SEALED}


def test_only_a_lead_of_this_program_is_named(as_user, concern, dele, dora, ada, cora, omar):
    ends = f"{STAFF}{dele.memberships.get().pk}/end/"
    for wrong in (cora.pk, omar.pk, dele.pk, "", "x", 10**30):
        assert as_user(ada).post(ends, {"lead": wrong}).status_code == 422

    assert dele.memberships.get().ends_at is None
    assert inviting.loses(dele.memberships.get(), Right.CONCERN_LEAD, MONDAY)
