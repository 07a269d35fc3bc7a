"""Who at work may know of whom: the one answer, for matches, tasks and whatever is handed on."""

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.people.models import Guardianship, Person, Restriction
from rapport.programs.models import Membership


def desks_in(programs, users, at):
    """Which of these users have a desk in which of these programs: {(program, user)}."""
    held = Membership.objects.live(at).staff().filter(program__in=programs, user__in=users - {None})
    return set(held.filter(role__grants__right=Right.TASK_DO).values_list("program_id", "user_id"))


class Colleagues:
    """Who of these users may look after whom: whoever has a desk there and is not too near to anybody."""

    def __init__(self, users, programs, at):
        self.desks = desks_in(programs, users, at)
        self.near = too_near(users, at)

    def may(self, user, program, persons) -> bool:
        return (program, user) in self.desks and not any((user, person) in self.near for person in persons)


def too_near(users, at):
    """{(user, person)}: themselves, their children for good, and whom they are kept away from at that moment."""
    mine = Person.objects.filter(user__in=users).values_list("user", "pk")
    children = Guardianship.objects.filter(adult__user__in=users).values_list("adult__user", "child")
    away = Restriction.objects.live_at(at).filter(kept_away__user__in=users).values_list("kept_away__user", "subject")
    return {*mine, *children, *away}


def who_may_know(persons, program, at):
    """Users with a desk here who may know of something that touches these people (keys), by name."""
    desks = Membership.objects.live(at).staff().filter(program=program, role__grants__right=Right.TASK_DO)
    colleagues = User.objects.filter(pk__in=desks.values("user"))
    if persons:
        near = too_near(set(colleagues.values_list("pk", flat=True)), at)
        colleagues = colleagues.exclude(pk__in={user for user, person in near if person in persons})
    return colleagues.order_by("name", "pk")
