"""What Ben says in confidence changes no page of those who may not read it: not by a colour, a count or an order.

Every address where a pair may show is opened by every such reader after Ben said "great", and again after "bad".
"""

from datetime import timedelta

import pytest
import time_machine

from rapport.care.actions import refresh_findings
from rapport.care.models import Finding, Standing
from rapport.care.questions import strips
from rapport.checkins.models import Answer, CheckIn
from rapport.matches.models import Match
from rapport.programs.models import Membership
from rapport.tasks.models import Task
from tests.care.conftest import HELD, pair, said, todo, weekly
from tests.cast import DAY, MONDAY, staff
from tests.safeguarding.test_nothing_shows import addresses, pages

pytestmark = pytest.mark.django_db
WHERE_PAIRS_ARE = tuple(f"/p/riverside/{app}/" for app in ("people", "matches", "today", "tasks", "meetings"))
FIRST = ("/", "/p/riverside/")
ELSEWHERE = (
    "mentor",
    "mentee",
    "guardian",
    "evaluator",
    "administrator",
    "match-support",
    "site-lead",
    "safeguarding-lead",
)


@pytest.fixture
def two_pairs(match, riverside, cora, ben):
    """Both pairs met four times; Ben was asked how it goes."""
    other = pair(riverside, "Kofi", "Sam", coordinator=cora)
    for one in (match, other):
        weekly(one, *[HELD] * 4)
    return match, said(match, ben, 5), other


@pytest.fixture
def readers(riverside, lincoln, match, ama, grace, omar):
    """One of each role that may not read answers of this pair; Ama and Grace among them."""
    users = {role: staff(f"Sam{n}", riverside, role) for n, role in enumerate(ELSEWHERE)}
    Membership.objects.filter(user=users["site-lead"]).update(site=lincoln)
    for somebody, role in ((ama, "mentor"), (grace, "guardian")):
        user = users[role]
        user.person.delete()
        somebody.user = user
        somebody.save()
    for role in ("site-lead", "match-support", "safeguarding-lead"):
        todo(users[role], riverside, "Call about the room.", somebody=ama, about=match, level=1)
    return users | {"omar": omar}


def standing(match, user):
    return strips([match], user, MONDAY)[match.pk].how


def owed(match, user):
    return strips([match], user, MONDAY)[match.pk].owed


def look_again():
    Standing.objects.update(next_look_at=MONDAY)
    refresh_findings(at=MONDAY)


def test_a_low_answer_changes_no_page_of_those_who_may_not_read_it(two_pairs, readers, as_user, cora, riverside):
    match, answer, _other = two_pairs
    ben = match.mentees[0]
    page = f"/p/riverside/matches/{match.ref}/"
    found = [a for a in addresses([match.ref, ben.ref, ben.person.ref]) if a.startswith(WHERE_PAIRS_ARE) or a in FIRST]
    found += [page] if page not in found else []
    browsers = {name: as_user(user) for name, user in (readers | {"cora": cora}).items()}

    with time_machine.travel(MONDAY + timedelta(minutes=5), tick=False):
        look_again()
        before = {name: pages(browser, found) for name, browser in browsers.items()}
        Answer.objects.filter(pk=answer.pk).update(feeling=1)
        look_again()
        opened = {name: [a for a in found if before[name][a][0] == 200] for name in browsers}
        after = {name: pages(browser, opened[name]) for name, browser in browsers.items()}

    changed = {name: [a for a in opened[name] if before[name][a] != after[name][a]] for name in browsers}
    assert Finding.objects.now().filter(rule="low-feeling", level=2).exists()
    assert page in changed.pop("cora")  # whoever may read it does see it
    assert sum(map(len, opened.values())) > 20
    assert changed == {name: [] for name in readers}


@pytest.mark.parametrize(
    ("reader", "sees"),
    [("coordinator", "help"), ("match-support", "help"), ("site-lead", "thriving"), ("safeguarding-lead", "thriving")],
)
def test_how_they_are_is_made_of_what_its_reader_may_see(two_pairs, riverside, lincoln, reader, sees):
    match, answer, _other = two_pairs
    Answer.objects.filter(pk=answer.pk).update(feeling=1)
    look_again()
    user = staff("Nora", riverside, reader)
    Membership.objects.filter(user=user).update(site=lincoln if reader == "site-lead" else None)
    Match.objects.filter(pk=match.pk).update(coordinator=user)

    assert standing(match, user).state == sees


def test_a_fact_above_level_two_is_in_no_strip(two_pairs, cora):
    match, answer, _other = two_pairs
    Answer.objects.filter(pk=answer.pk).update(feeling=1, level=3)
    look_again()

    assert standing(match, cora).state == "thriving"


def test_a_member_of_the_pair_sees_no_strip_even_as_staff(two_pairs, riverside, cora):
    match, _answer, _other = two_pairs
    look_again()
    todo(cora, riverside, "Call.", about=match, due_at=MONDAY - timedelta(hours=1), level=1)
    ben = match.mentees[0].person
    user = staff("Nora", riverside, "coordinator")
    user.person.delete()
    ben.user = user
    ben.save()

    assert standing(match, user).findings == []
    assert owed(match, user).things == []


def test_omar_learns_nothing_of_a_pair_of_riverside(two_pairs, omar, riverside, cora):
    match, _answer, other = two_pairs
    look_again()
    todo(cora, riverside, "Call.", about=match, due_at=MONDAY - timedelta(hours=1), level=1)

    found = strips([match, other], omar, MONDAY)

    assert {pk: (known.how.state, known.how.findings) for pk, known in found.items()} == {
        match.pk: ("unknown", []),
        other.pk: ("unknown", []),
    }
    assert owed(match, omar).things == []


def test_what_we_owe_is_what_is_due_or_late_and_open_to_the_reader(two_pairs, riverside, cora, dele, lincoln):
    match, _answer, _other = two_pairs
    lead = staff("Lena", riverside, "site-lead")
    Membership.objects.filter(user=lead).update(site=lincoln)
    late, due = MONDAY - timedelta(days=2), MONDAY - timedelta(hours=1)
    todo(cora, riverside, "Level one.", about=match, due_at=late, level=1)
    todo(cora, riverside, "Level two.", about=match, due_at=due, level=2)
    todo(cora, riverside, "Level three.", about=match, due_at=due, level=3)
    todo(dele, riverside, "Sealed.", about=match, due_at=due, level=4)

    assert [thing.what for thing in owed(match, cora).things] == ["Level one.", "Level two."]
    assert owed(match, cora).words == "1 late, 1 due"
    assert [thing.what for thing in owed(match, lead).things] == ["Level one."]


def test_an_ask_that_became_a_call_is_owed_once(match, ama, ben, cora, riverside):
    for somebody, party in ((ama, "mentor"), (ben, "mentee")):
        CheckIn.objects.create(
            program=riverside, match=match, person=somebody, party=party, instance=1, due_at=MONDAY - DAY
        )
    call = Task.objects.create(
        program=riverside, kind="checkins/talk-instead", owner=cora, person=ama, about=match, reason="Talk with Ama.",
        cause_key="call", due_at=MONDAY - DAY, made_at=MONDAY - DAY,
    )  # fmt: skip

    with_call = [thing.what for thing in owed(match, cora).things]
    Task.objects.filter(pk=call.pk).update(kept_at=MONDAY)
    done = [thing.what for thing in owed(match, cora).things]

    assert sorted(with_call) == ["Ask Ben how it goes", "Talk with Ama."]
    assert sorted(done) == ["Ask Ama how it goes", "Ask Ben how it goes"]
