"""Where pupils mentor pupils, the mentor is older by as many years as the program says."""

from datetime import date

import pytest

from rapport.matches.actions import NewMatch, NotReady, begin, propose
from rapport.matches.questions import what_is_missing
from rapport.matching.gathering import apart
from rapport.people.models import Participant, Person
from rapport.programs.actions import make_program
from rapport.programs.models import Limit, Site
from tests.cast import LONG_AGO, MONDAY, participant, person

pytestmark = pytest.mark.django_db
BEN_IS_BORN = date(2014, 3, 1)
BIRTHDAYS = [
    (date(2012, 3, 1), True),
    (date(2012, 3, 2), False),
    (date(2012, 2, 29), True),
    (date(2014, 3, 1), False),
    (date(2015, 1, 1), False),
    (None, False),
]


@pytest.fixture
def buddies(house):
    """A peer program: pupils of one school, on site."""
    program = make_program(
        slug="buddies", name="Buddies", profile="peer", organization=house, using_since_on=date(2026, 1, 1), by=None,
        at=LONG_AGO,
    )  # fmt: skip
    Site.objects.create(program=program, name="Lincoln School", emergency_numbers="911")
    return program


@pytest.fixture
def una(buddies):
    return participant(person("Una", buddies, born_on=date(2010, 5, 5)), buddies, Participant.Side.MENTOR)


@pytest.fixture
def ben(buddies):
    return participant(person("Ben", buddies, born_on=BEN_IS_BORN), buddies, Participant.Side.MENTEE)


def born(one, on):
    Person.objects.filter(pk=one.person_id).update(born_on=on)
    one.person.born_on = on


def said_of_ages(match):
    return [words for words in what_is_missing(match, MONDAY) if "older than" in words or "date of birth" in words]


@pytest.mark.parametrize(("born_on", "is_old_enough"), BIRTHDAYS)
def test_a_round_keeps_apart_who_is_too_near_in_age(buddies, una, ben, born_on, is_old_enough):
    born(una, born_on)

    assert apart([ben], [una], buddies, MONDAY) == (set() if is_old_enough else {(ben.pk, una.pk)})


@pytest.mark.parametrize(("born_on", "is_old_enough"), BIRTHDAYS)
def test_a_match_does_not_begin_with_somebody_too_near_in_age(buddies, una, ben, born_on, is_old_enough):
    (match,) = propose([NewMatch(mentors=[una], mentees=[ben])], program=buddies, by=None, at=LONG_AGO)
    born(una, born_on)

    assert (said_of_ages(match) == []) is is_old_enough
    with pytest.raises(NotReady):
        begin(match, by=None, at=MONDAY)


def test_it_says_what_is_missing_and_nothing_where_no_gap_is_asked_for(buddies, una, ben):
    (match,) = propose([NewMatch(mentors=[una], mentees=[ben])], program=buddies, by=None, at=LONG_AGO)
    born(una, date(2013, 3, 1))
    assert said_of_ages(match) == ["Una must be at least 2 years older than Ben."]
    born(una, None)
    assert said_of_ages(match) == ["The date of birth is missing: Una."]

    Limit.objects.filter(program=buddies, code="age-gap").delete()
    assert said_of_ages(match) == []
