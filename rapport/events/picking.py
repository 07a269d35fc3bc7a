"""Choosing from many people: no more of them than a page can show, found by how their names begin."""

from rapport.matches.forms import SHOWN
from rapport.matches.views import letters_of
from rapport.people.models import Person
from rapport.people.names import called


def asked_for(request) -> str:
    """The letters somebody looks for, as the address of the page says."""
    return letters_of(request.GET.get("name", ""))


def shown(people, letters):
    """(those to choose from, whether names are to be looked for): of these participants, in the order they come."""
    rows = list((people.filter(called(letters, Person.objects)) if letters else people)[: SHOWN + 1])
    return rows[:SHOWN], bool(letters) or len(rows) > SHOWN


def choose_from(field, people, letters) -> bool:
    """Let a field of many ticks show these participants by name and side; any of them may be chosen. Returns whether
    names are to be looked for."""
    few, has_many = shown(people, letters)
    field.queryset = people
    field.choices = [(one.pk, f"{one.person.full_name}, {one.get_side_display()}") for one in few]
    return has_many
