"""What becomes of every relation when two people are put together is decided, in tables that a person can read."""

import pytest

from rapport.core.joining import DECISIONS, key_of
from rapport.core.pointing import relations_to, soft_relations
from rapport.people.actions.joining import hard
from rapport.people.models import Participant, Person


def asked():
    """Each relation that leads to a person, to a participant, or to a row that folds into another."""
    keys, looked, ahead = set(), set(), [Person, Participant]
    while ahead:
        model = ahead.pop()
        looked.add(model)
        for other, name in hard(model):
            keys.add(key_of(other, name))
            decision = DECISIONS.get(key_of(other, name))
            if decision and decision.folds and other not in looked:
                ahead.append(other)
    return keys | {key_of(model, "about") for model in soft_relations()}


def test_every_relation_is_decided():
    """A new one? Say in its app's `joining.py` whether it moves, folds or stands aside, and why."""
    assert asked() - set(DECISIONS) == set()


def test_nothing_is_decided_that_there_is_not():
    assert set(DECISIONS) - asked() == set()


def test_what_only_one_may_have_says_what_becomes_of_the_other():
    """A relation that a constraint allows once is settled, or the reason it needs not be stands here."""
    never_twice = {
        "matches.member.participant": "both in one match are refused",
        "meetings.log.person": "logs are of a match's own people, and both in one match are refused",
        "onboarding.gate.given_by": "not in a constraint with others",
        "people.likeness.first": "joined by their own action first",
        "people.likeness.second": "joined by their own action first",
    }
    from rapport.people.actions.joining import uniques

    unsettled = {
        key_of(model, name)
        for of in (Person, Participant)
        for model, name in hard(of)
        if any(name in fields for fields, _when in uniques(model)) and not DECISIONS[key_of(model, name)].joins
    }

    assert unsettled <= set(never_twice)


@pytest.mark.parametrize("key", sorted(DECISIONS))
def test_each_decision_is_said_in_words(key):
    assert len(DECISIONS[key].words) > 10


def test_many_to_many_is_found_by_the_rows_between():
    assert {name for model, name in relations_to(Person) if model._meta.label == "safeguarding.Concern_accused"} == {
        "person"
    }
