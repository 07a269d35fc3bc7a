"""What waits on desks when somebody is kept away from somebody: it goes to who may know, or is not needed any more."""

from datetime import date

import pytest
from django.urls import reverse

from rapport.care.actions import keep_apart, part_work
from rapport.matches import actions as matches
from rapport.matches.actions import call_about_checks
from rapport.matches.taking_over import OldPair
from rapport.people.models import Guardianship, Person
from rapport.tasks.models import Task
from tests.care.conftest import restrict, todo
from tests.cast import DAY, MONDAY, participant, person, staff

pytestmark = pytest.mark.django_db
LONG_TOGETHER = date(2024, 9, 9)


@pytest.fixture
def kai(riverside):
    return staff("Kai", riverside, "coordinator")


@pytest.fixture
def gus(riverside):
    return person("Gus", riverside, born_on=date(1984, 1, 1))


def apart(somebody, subject, *, program, by, at=MONDAY):
    return keep_apart(
        program=program, kept_away=somebody, subject=subject, reason="court order 17", document="",
        starts_on=at.date(), review_on=at.date() + 60 * DAY, by=by, at=at,
    )  # fmt: skip


def owner_of(task):
    return Task.objects.get(pk=task.pk).owner


@pytest.mark.parametrize("subject", ["ben", "grace"])
def test_a_call_about_permission_goes_to_a_colleague_who_may_know(
    request, riverside, ben_in, grace, cora, kai, dele, subject
):
    task = todo(cora, riverside, "Call about Ben.", somebody=grace, about=ben_in)
    barred = staff("Bo", riverside, "coordinator")
    restrict(barred.person, request.getfixturevalue(subject), program=riverside, by=dele)

    apart(cora.person, request.getfixturevalue(subject), program=riverside, by=dele)

    assert owner_of(task) == kai
    assert part_work(at=MONDAY, limit=100) == 0


def test_a_call_to_whoever_is_kept_away_about_that_child_is_not_needed_any_more(
    riverside, ben_in, grace, gus, cora, dele
):
    to_him = todo(cora, riverside, "Call Gus about Ben.", somebody=gus, about=ben_in)
    to_her = todo(cora, riverside, "Call Grace about Ben.", somebody=grace, about=ben_in)
    of_himself = todo(cora, riverside, "Call Gus.", somebody=gus)

    apart(gus, ben_in.person, program=riverside, by=dele)

    assert set(Task.objects.open()) >= {to_her, of_himself}
    assert to_him not in Task.objects.open()


def test_a_task_about_no_match_goes_to_a_colleague_of_its_person(riverside, grace, cora, kai, dele):
    task = todo(cora, riverside, "Call Grace.", somebody=grace)

    apart(cora.person, grace, program=riverside, by=dele)

    assert owner_of(task) == kai


def test_a_call_to_a_guardian_about_a_match_leaves_the_coordinator_who_is_kept_away_from_the_guardian(
    riverside, match, grace, cora, kai, dele
):
    task = todo(cora, riverside, "Call Grace about Ben.", somebody=grace, about=match)

    apart(cora.person, grace, program=riverside, by=dele)

    assert owner_of(task) == kai
    assert part_work(at=MONDAY, limit=100) == 0


def test_what_nobody_may_take_keeps_nothing_else_from_moving(riverside, hillside, ben_in, grace, cora, kai, omar, dele):
    stuck = [todo(omar, hillside, f"Call {n}.", somebody=grace) for n in range(3)]
    moves = todo(cora, riverside, "Call Grace.", somebody=grace)
    for user in (omar, cora):
        restrict(user.person, grace, program=riverside, by=dele)

    assert [part_work(at=MONDAY, limit=1) for _ in range(2)] == [1, 0]

    assert owner_of(moves) == kai
    assert {owner_of(task) for task in stuck} == {omar}


@pytest.fixture
def taken(ama_in, ben_in, grace, cora, riverside):
    """Two pairs of Cora from before Rapport, with checks to confirm."""
    lily = participant(person("Lily", riverside, born_on=date(2015, 1, 1)), riverside, "mentee")
    kofi = participant(person("Kofi", riverside, born_on=date(1990, 1, 1)), riverside, "mentor")
    rows = [OldPair(ama_in, ben_in, LONG_TOGETHER, cora), OldPair(kofi, lily, LONG_TOGETHER, cora)]
    return matches.take_over(rows, program=riverside, by=cora, at=MONDAY)


def test_the_task_to_confirm_checks_is_said_anew_without_the_pair(riverside, taken, ben, cora, dele):
    task = Task.objects.get(owner=cora)
    assert "Ben" in task.reason

    apart(cora.person, ben, program=riverside, by=dele)

    task.refresh_from_db()
    assert ("Ben" in task.reason, "Kofi and Lily" in task.reason, task.kept_at) == (False, True, None)

    apart(cora.person, taken[1].mentees[0].person, program=riverside, by=dele)
    assert not Task.objects.open().filter(pk=task.pk).exists()
    assert call_about_checks(at=MONDAY, limit=100) == 0


def test_who_may_see_none_of_their_pairs_keeps_no_colleague_from_being_told(riverside, taken, cora, kai, dele):
    for match in taken:
        apart(cora.person, match.mentees[0].person, program=riverside, by=dele)
    pair = taken[1]
    pair.coordinator = kai
    pair.save(update_fields=["coordinator"])
    assert cora.pk < kai.pk

    assert [call_about_checks(at=MONDAY, limit=1) for _ in range(2)] == [1, 0]

    assert Task.objects.open().filter(owner=kai, kind="matches/checks-to-confirm").exists()


# Whoever may not know of a task neither keeps it nor is handed it


def test_a_call_to_the_mentor_leaves_whoever_is_kept_away_from_the_mentee(
    riverside, match, ama, ama_in, ben, cora, kai, dele, as_user, on_monday
):
    """It stands on no desk of theirs, so it must stand on another's: that of a colleague, who is told."""
    tasks = [
        todo(cora, riverside, "Call Ama.", somebody=ama),
        todo(cora, riverside, "Call Ama about her training.", somebody=ama, about=ama_in),
        todo(cora, riverside, "Look at her training.", about=ama_in),
        todo(cora, riverside, "Ask how they are.", about=match),
    ]

    apart(cora.person, ben, program=riverside, by=dele)

    assert {owner_of(task) for task in tasks} == {kai}
    assert "Rapport gave it to you" in as_user(kai).get("/p/riverside/today/").content.decode()
    assert "Ama" not in as_user(cora).get("/p/riverside/today/").content.decode()


def test_where_no_colleague_may_know_of_it_a_lead_gets_it(riverside, match, ben, cora, dele):
    task = todo(cora, riverside, "Ask how they are.", about=match)

    apart(cora.person, ben, program=riverside, by=dele)

    assert owner_of(task) == dele


def test_a_call_to_a_mentor_who_is_kept_away_from_the_mentee_stays_where_it_is_about_the_mentor(
    riverside, match, ama, ama_in, ben, cora, dele
):
    about_her = todo(cora, riverside, "Call Ama about her training.", somebody=ama, about=ama_in)
    about_them = todo(cora, riverside, "Call Ama about Ben.", somebody=ama, about=match)

    apart(ama, ben, program=riverside, by=dele)

    assert (owner_of(about_her), owner_of(about_them)) == (cora, cora)
    assert [task in Task.objects.open() for task in (about_her, about_them)] == [True, False]


@pytest.mark.parametrize("way", ["kept away", "stands for", "is"])
def test_by_hand_a_task_goes_to_nobody_who_may_not_know_of_it(
    riverside, match, ama, ama_in, ben, cora, kai, dele, as_user, on_monday, way
):
    """Neither one about the pair nor a call to the mentor, who soon speaks of the child."""
    tasks = [todo(cora, riverside, "Ask.", about=match), todo(cora, riverside, "Call Ama.", somebody=ama)]
    near(kai, ben, ama, way, riverside, dele)

    for task in tasks:
        address = reverse("care:hand-over", args=["riverside", task.ref])
        page = as_user(cora).get(address)
        assert kai not in page.context["colleagues"]
        assert dele in page.context["colleagues"]
        assert as_user(cora).post(address, {"to": kai.pk}).status_code == 422
        assert owner_of(task) == cora


def near(user, child, mentor, way, program, by):
    if way == "kept away":
        restrict(user.person, child, program=program, by=by)
    elif way == "stands for":
        Guardianship.objects.create(adult=user.person, child=child, starts_on=LONG_TOGETHER)
    else:
        Person.objects.filter(pk=user.person.pk).update(user=None)
        Person.objects.filter(pk=mentor.pk).update(user=user)


def test_a_task_by_hand_about_a_pair_is_given_to_nobody_who_may_not_know_of_the_pair(
    riverside, match, ben, cora, kai, dele, as_user, on_monday
):
    restrict(kai.person, ben, program=riverside, by=dele)
    form = {"form_id": "one", "what": "Ask", "on": "20 11 2026", "match": match.ref}

    refused = as_user(cora).post("/p/riverside/today/task/", {**form, "owner": kai.pk})
    taken = as_user(cora).post("/p/riverside/today/task/", {**form, "owner": dele.pk})

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "Choose somebody else for this pair." in refused.content.decode()
    assert [task.owner for task in Task.objects.filter(kind="care/by-hand")] == [dele]
