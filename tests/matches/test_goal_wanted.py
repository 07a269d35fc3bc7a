"""A pair without a goal in the mentee's own words is talked about once, and nobody who takes part is reminded."""

import pytest

from rapport.matches.actions import goals
from rapport.matches.actions.goals import Heard
from rapport.matches.actions.wanting import KIND, call_about_goals
from rapport.matches.models import Match
from rapport.outbox.models import Message
from rapport.programs.models import Limit
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY

OWN = {"words": "To swim", "worded_by": "mentee", "level": 2, "form_id": "g"}


@pytest.fixture
def wanted(match, riverside):
    """Sixty days; Ama and Ben have been together for longer, in a program that uses Rapport since then."""
    Limit.objects.update_or_create(program=riverside, code="goal-within", defaults={"value": 60, "unit": "days"})
    type(riverside).objects.filter(pk=riverside.pk).update(using_since_on=MONDAY.date() - 300 * DAY)
    return match


def begun(match, days, **facts):
    Match.objects.filter(pk=match.pk).update(begun_on=MONDAY.date() - days * DAY, **facts)


def calls(at=MONDAY):
    call_about_goals(at=at, limit=100)
    return list(Task.objects.filter(kind=KIND).values_list("reason", "person__given_name", "owner__name"))


def test_after_sixty_days_the_coordinator_talks_with_the_mentor_once(wanted, ben, cora):
    begun(wanted, 59)
    assert calls() == []
    assert len(calls(MONDAY + DAY)) == 1
    reason, mentor, owner = calls(MONDAY + 100 * DAY)[0]
    assert (reason.startswith("Ama and Ben: no goal"), mentor, owner) == (True, "Ama", cora.name)

    mentee = Match.objects.with_people().get().mentees[0]
    goals.add_goal(wanted, mentee=mentee, heard=Heard(ben, "told"), by=cora, at=MONDAY + 100 * DAY, **OWN)
    assert not Task.objects.open().filter(kind=KIND).exists()
    assert len(calls(MONDAY + 200 * DAY)) == 1
    assert not Message.objects.exists()


def test_a_goal_of_the_family_is_not_their_own_and_a_private_one_of_theirs_is(wanted, ben, grace, cora):
    mentee = Match.objects.with_people().get().mentees[0]
    told = {"mentee": mentee, "by": cora, "at": MONDAY}
    goals.add_goal(wanted, heard=Heard(ben, "told"), **OWN, **told)
    assert calls() == []
    wanted.goals.all().delete()
    family = OWN | {"worded_by": "guardian", "level": 0, "form_id": "f"}
    goals.add_goal(wanted, heard=Heard(grace, "told"), **family, **told)

    assert len(calls()) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"counts_from_on": MONDAY.date() - 59 * DAY}, {"state": "paused"}, {"state": "closed"},
        {"awaits_checks": True},
    ],
)  # fmt: skip
def test_nobody_is_called_about_a_pair_that_just_came_in_or_rests_or_waits(wanted, facts):
    begun(wanted, 200, **facts)

    assert calls() == []


def test_a_program_that_began_with_rapport_lately_has_its_time_too(wanted, riverside):
    type(riverside).objects.filter(pk=riverside.pk).update(using_since_on=MONDAY.date() - 59 * DAY)

    assert calls() == []
