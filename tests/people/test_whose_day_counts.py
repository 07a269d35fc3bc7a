"""Where no program tells which day it is, whoever is a child or not asked yet anywhere on earth is so everywhere."""

from datetime import UTC, date, datetime

import pytest

from rapport.outbox.questions import is_child
from rapport.people.actions.families import save_guardians
from rapport.people.actions.settling import settle_guardianship
from rapport.people.enrolling import Newcomer
from rapport.people.models import ExternalId, Guardianship, Person
from tests.cast import person

THAT_DAY = date(2026, 11, 17)
BEGINS_LAST = datetime(2026, 11, 17, 12, tzinfo=UTC)  # on that day at noon it begins in the last place on earth
NOT_YET = datetime(2026, 11, 17, 11, 59, tzinfo=UTC)


def test_a_message_of_no_program_goes_to_a_child_until_they_are_grown_everywhere():
    somebody = Person(born_on=THAT_DAY.replace(year=2008))

    assert [is_child(somebody, None, at) for at in (NOT_YET, BEGINS_LAST)] == [True, False]


@pytest.mark.parametrize(("at", "starts_on"), [(NOT_YET, THAT_DAY), (BEGINS_LAST, date(2015, 4, 2))])
def test_of_two_guardianships_the_earlier_day_counts_once_both_have_begun_everywhere(
    grace, ben, riverside, at, starts_on
):
    stays = Guardianship.objects.get(adult=grace, child=ben)
    goes = Guardianship(adult=person("Gracie", riverside), child=ben, starts_on=THAT_DAY)

    settle_guardianship(stays, goes, at)

    stays.refresh_from_db()
    assert stays.starts_on == starts_on


@pytest.mark.parametrize(("at", "is_found"), [(NOT_YET, False), (BEGINS_LAST, True)])
def test_no_list_takes_somebody_for_a_guardian_who_is_a_child_anywhere(riverside, at, is_found):
    young = person("Gil", riverside, born_on=THAT_DAY.replace(year=2008))
    ExternalId.objects.create(person=young, organization=riverside.organization, source="s", value="7")
    newcomer = Newcomer(given_name="Gil", family_name="Gilson", source="s", external_id="7")

    [found] = save_guardians([newcomer], organization=riverside.organization, by=None, at=at)

    assert (found == young) == is_found
