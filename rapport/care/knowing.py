"""Whom a task touches: one answer for the desk it lies on, for who gets it next, and for whom it can be handed to."""

from collections import defaultdict
from dataclasses import dataclass

from rapport.core.about import type_of
from rapport.matches.models import Match, Member
from rapport.people.models import Participant


@dataclass(frozen=True)
class Thing:
    """A task that is not there yet: to whom, and about what."""

    person_id: int | None
    about_type_id: int | None
    about_id: int | None


def touched_by(tasks) -> dict:
    """{task: the people it touches (keys)}, in a fixed number of queries.

    Of one about a match: its people, and whom to call. Of any other: whom to call, whom it is about, and who is in a
    match with them, for a call to a mentor soon speaks of their mentee.
    """
    found = {task: (persons | {task.person_id}) - {None} for task, persons in subjects_of(tasks).items()}
    loose = {one for task, some in found.items() if not is_about(Match, task) for one in some}
    near = beside(loose)
    for task, some in found.items():
        if not is_about(Match, task):
            some |= set().union(*(near[one] for one in some))
    return found


def subjects_of(tasks) -> dict:
    """{task: the people it is about (keys)}: those of its match, or its participant. Whom to call is not among them."""
    matches = people_in({task.about_id for task in tasks if is_about(Match, task)})
    places = {task.about_id for task in tasks if is_about(Participant, task)}
    persons = dict(Participant.objects.filter(pk__in=places).values_list("pk", "person"))
    return {task: subjects(task, matches, persons) for task in tasks}


def subjects(task, matches, persons):
    if is_about(Match, task):
        return set(matches[task.about_id])
    return {persons.get(task.about_id)} - {None} if is_about(Participant, task) else set()


def is_about(model, task) -> bool:
    return task.about_type_id == type_of(model).pk


def people_in(matches):
    """{match: its people}, by keys."""
    found = defaultdict(set)
    for match, person in Member.objects.filter(match__in=matches).values_list("match", "participant__person"):
        found[match].add(person)
    return found


def beside(persons):
    """{person: who is or was in a match with them}, by keys."""
    there = people_in(Member.objects.filter(participant__person__in=persons).values("match"))
    found = defaultdict(set)
    for some in there.values():
        for one in some & persons:
            found[one] |= some
    return found
