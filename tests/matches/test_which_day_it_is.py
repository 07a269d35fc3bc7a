"""A day belongs to the program's zone: a yes holds to the end of its last day there, and a birthday begins there."""

from datetime import UTC, date, datetime

import pytest

from rapport.matches.actions import call_about_restrictions
from rapport.matches.actions.gates import lost_gates as to_be_called_about
from rapport.matches.actions.signing_again import ask_for_signatures
from rapport.matches.models import Agreement, Match
from rapport.matches.models.match import lost_gates
from rapport.onboarding.models import Gate
from rapport.people.models import Person
from rapport.programs.models import Program
from rapport.tasks.actions import finish
from rapport.tasks.models import Task
from tests.care.conftest import restrict
from tests.cast import DAY

FAR = {  # zone: (the first moment of 17 November there, the moment before it)
    "Pacific/Kiritimati": (datetime(2026, 11, 16, 10, tzinfo=UTC), datetime(2026, 11, 16, 9, 59, tzinfo=UTC)),
    "Asia/Kolkata": (datetime(2026, 11, 16, 18, 30, tzinfo=UTC), datetime(2026, 11, 16, 18, 29, tzinfo=UTC)),
    "UTC": (datetime(2026, 11, 17, 0, tzinfo=UTC), datetime(2026, 11, 16, 23, 59, tzinfo=UTC)),
    "America/Los_Angeles": (datetime(2026, 11, 17, 8, tzinfo=UTC), datetime(2026, 11, 17, 7, 59, tzinfo=UTC)),
    "Etc/GMT+12": (datetime(2026, 11, 17, 12, tzinfo=UTC), datetime(2026, 11, 17, 11, 59, tzinfo=UTC)),
}


def known(match, person, at):
    return Match.objects.known_to(person, at).filter(pk=match.pk).exists()


@pytest.mark.parametrize("zone", FAR)
def test_a_yes_that_runs_out_holds_to_the_end_of_its_last_day(begun, ben, riverside, zone):
    Program.objects.filter(pk=riverside.pk).update(time_zone=zone)
    Gate.objects.filter(participant__person=ben, code="permission").update(valid_until_on=date(2026, 11, 16))

    after, before = FAR[zone]

    assert [lost_gates(at).count() for at in (before, after)] == [0, 1]
    assert [known(begun, ben, at) for at in (before, after)] == [True, False]
    assert to_be_called_about(after).count() == 1


@pytest.mark.parametrize("zone", FAR)
def test_what_a_guardian_took_back_counts_until_the_day_they_are_grown(begun, ben, riverside, zone):
    Program.objects.filter(pk=riverside.pk).update(time_zone=zone)
    Person.objects.filter(pk=ben.pk).update(born_on=date(2008, 11, 17))
    Gate.objects.filter(participant__person=ben, code="permission").update(is_met=False)

    after, before = FAR[zone]

    assert [lost_gates(at).count() for at in (before, after)] == [1, 0]
    assert [known(begun, ben, at) for at in (before, after)] == [False, True]


def test_who_was_born_on_29_february_is_grown_on_the_28th_and_of_an_unknown_birth_a_child(begun, ben):
    Gate.objects.filter(participant__person=ben, code="permission").update(is_met=False)

    for born_on, day, lost in (
        (date(2008, 2, 29), 27, 1), (date(2008, 2, 29), 28, 0), (date(2008, 3, 1), 28, 1), (None, 28, 1)
    ):  # fmt: skip
        Person.objects.filter(pk=ben.pk).update(born_on=born_on)
        assert lost_gates(datetime(2026, 2, day, 12, tzinfo=UTC)).count() == lost


@pytest.mark.parametrize("zone", FAR)
def test_an_agreement_of_a_year_ago_is_signed_anew_on_its_day(begun, riverside, zone):
    Program.objects.filter(pk=riverside.pk).update(time_zone=zone)
    after, before = FAR[zone]
    long_ago = dict.fromkeys(("made_at", "sent_at", "signed_at"), before - 366 * DAY)
    facts = {"program": riverside, "match": begun, "number": 1, "state": "signed", "signed_on": date(2025, 11, 17)}
    Agreement.objects.create(**facts, **long_ago)

    moved = [(ask_for_signatures(at=at, limit=9), begun.agreements.count()) for at in (before, after)]

    assert [versions for _moved, versions in moved] == [1, 2]


@pytest.mark.parametrize("zone", FAR)
def test_who_was_called_today_to_keep_two_apart_is_called_again_when_the_next_day_begins(
    begun, ama, ben, riverside, dele, cora, zone
):
    Program.objects.filter(pk=riverside.pk).update(time_zone=zone)
    restrict(ama, ben, program=riverside, by=dele, starts_on=date(2026, 11, 1))
    after, before = FAR[zone]
    assert call_about_restrictions(at=after - DAY / 2, limit=9) == 1
    finish(Task.objects.get(), by=cora, at=after - DAY / 3)

    assert [call_about_restrictions(at=at, limit=9) for at in (before, after)] == [0, 1]
