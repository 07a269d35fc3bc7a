"""People found by how their names begin."""

import pytest

from rapport.people import names
from rapport.people.models import FormerName, Person
from rapport.people.names import called

NAMES = [("Élodie", "Nz%"), ("elodie", "Smith"), ("Ana_Maria", "O'Neil"), ("Anabel", "de Souza")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("an", ["Ana_Maria", "Anabel"]),
        ("ANA_", ["Ana_Maria"]),
        ("nz%", ["Élodie"]),
        ("%", []),
        ("_", []),
        ("élo", ["Élodie"]),
        ("ÉLO", ["Élodie"]),
        ("Elo", ["elodie"]),
        ("o'", ["Ana_Maria"]),
        ("de sou", ["Anabel"]),
        ("souza", []),
        ("\U0010ffff", []),
    ],
)
def test_a_name_is_found_by_how_it_begins_and_nothing_typed_is_a_pattern(riverside, typed, found):
    for given, family in NAMES:
        Person.objects.create(
            organization=riverside.organization, given_name=given, family_name=family, added_at="2026-01-05T09:00Z"
        )

    people = Person.objects.filter(called(typed, Person.objects, of=""), given_name__in=[given for given, _ in NAMES])

    assert sorted(person.given_name for person in people) == sorted(found)


@pytest.mark.parametrize("few", [1000, 0])
def test_who_was_called_otherwise_is_found_by_that_name_once(riverside, ama, ben, monkeypatch, few):
    monkeypatch.setattr(names, "FEW", few)
    for given in ("Zamina", "Zamira"):
        FormerName.objects.create(person=ama, given_name=given, family_name="Diallo", left_at="2026-01-05T09:00Z")

    for typed in ("zami", "DIAL"):
        found = Person.objects.filter(called(typed, Person.objects, of=""))
        assert list(found) == [ama]
        assert " LEFT " not in str(found.query)  # of everybody who has no former name
