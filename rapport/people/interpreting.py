"""Whether those who interpret still may: looked at each use, for a stranger becomes family and a court decides."""

from collections import defaultdict

from django.db.models import Q

from rapport.core.months import day_in
from rapport.people.models import Guardianship, Participant, Person, Restriction
from rapport.people.names import begin_with
from rapport.people.questions import called


def speak_no_more(points, program, at) -> set:
    """Keys of those of these ways whose interpreter may not speak there any more: by now of the family, a child who
    takes part here, or kept away. The rule is that of `questions`; nine queries at most, however many ways.

    Who asks learns that it is so, and never why.
    """
    points = [point for point in points if point.interpreter_id]
    if not points:
        return set()
    families = families_of({point.person_id for point in points})
    people = Person.objects.in_bulk({pk for some in families.values() for pk in some})
    young, on = takes_part_young(points, program, at), day_in(at, program.zone)
    away = kept_from_each(people, at)

    def is_barred(point):
        family = [people[pk] for pk in families[point.person_id]]
        children = [one for one in family if one.pk == point.person_id or not one.is_adult(on)]
        near = [away_one for one in family for away_one in away[one.pk]]
        name = point.interpreter.name
        return called(name, children) or called(name, [*family, *young, *near], in_full=True)

    return {point.pk for point in points if is_barred(point)}


def families_of(keys):
    """{person id: ids of theirs}: the children they stand for or are, brothers and sisters, and who stands for each."""
    own = pairs(Q(adult__in=keys) | Q(child__in=keys))
    parents = pairs(Q(child__in={child for _adult, child in own}))
    children = pairs(Q(adult__in={adult for adult, _child in parents}))
    adults = pairs(Q(child__in={child for _adult, child in children}))
    found = {}
    for key in keys:
        mine = {child for adult, child in own if key in (adult, child)}
        theirs = {adult for adult, child in parents if child in mine}
        mine |= {child for adult, child in children if adult in theirs}
        found[key] = {key} | mine | {adult for adult, child in adults if child in mine}
    return found


def pairs(condition):
    return list(Guardianship.objects.filter(condition).values_list("adult", "child"))


def takes_part_young(points, program, at):
    """Young people of the program who may be meant by one of these names."""
    condition, on = Q(pk__in=[]), day_in(at, program.zone)
    for word in {word for point in points for word in point.interpreter.name.split()}:
        condition |= begin_with(word, of="person__")
    here = Participant.objects.filter(condition, program=program).select_related("person")
    return [one.person for one in here if one.person.counts_as_child(program, on)]


def kept_from_each(people, at):
    found = defaultdict(list)
    for row in Restriction.objects.live_at(at).filter(subject__in=people).select_related("kept_away"):
        found[row.subject_id].append(row.kept_away)
    return found
