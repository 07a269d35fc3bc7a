"""What a look and the desk say of a pair is told by the day where its program is, whatever day it is in UTC."""

from datetime import date, time

import pytest

from rapport.care.actions import refresh_findings
from rapport.care.calls import TELL
from rapport.care.desk import roles_of
from rapport.care.facts import gather
from rapport.matches.models import Agreement, Match
from rapport.meetings.models import Plan
from rapport.people.models import Guardianship
from rapport.programs.models import Program
from rapport.tasks.models import Task
from tests.care.conftest import AWAY, weekly
from tests.cast import BEGUN_ON, DAY, MONDAY
from tests.matches.test_which_day_it_is import FAR

THAT_DAY = date(2026, 11, 17)


@pytest.fixture(params=FAR)
def moments(match, request):
    """The moment before that day where the program is, and its first one."""
    Program.objects.filter(pk=match.program_id).update(time_zone=request.param)
    after, before = FAR[request.param]
    return before, after


def intervals(match, moments):
    return [gather(Match.objects.filter(pk=match.pk), at)[match.pk].interval for at in moments]


def test_a_plan_runs_to_the_end_of_its_last_day(match, moments):
    facts = {"program": match.program, "match": match, "weekday": 1, "starts_at": time(15), "minutes": 60}
    Plan.objects.create(**facts, every_weeks=3, from_on=BEGUN_ON, until_on=THAT_DAY - DAY)

    assert intervals(match, moments) == [21, 7]


def test_what_a_pair_signed_holds_from_that_day(match, moments):
    Agreement.objects.create(
        program=match.program, match=match, number=1, state="signed", every=2, unit="weeks", made_at=MONDAY,
        sent_at=MONDAY, signed_at=MONDAY, signed_on=THAT_DAY,
    )  # fmt: skip

    assert intervals(match, moments) == [7, 14]


@pytest.mark.parametrize(("which", "told"), [(0, ["Grace"]), (1, [])])
def test_who_stands_for_a_child_until_that_day_is_told_until_then_that_it_waits(match, grace, moments, which, told):
    Guardianship.objects.filter(adult=grace).update(ends_on=THAT_DAY)
    weekly(match, AWAY, AWAY)

    refresh_findings(at=moments[which])

    assert list(Task.objects.filter(kind=TELL).values_list("person__given_name", flat=True)) == told


def test_the_desk_says_for_whom_somebody_stands_until_that_day(match, grace, cora, moments):
    Guardianship.objects.filter(adult=grace).update(ends_on=THAT_DAY)
    program = Program.objects.get(pk=match.program_id)

    said = [roles_of({grace.pk}, cora, program, at) for at in moments]

    assert said == [{grace.pk: "guardian of Ben"}, {}]
