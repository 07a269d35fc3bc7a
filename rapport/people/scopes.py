"""What lies within each scope, for participants."""

from django.db.models import Exists, OuterRef, Q

from rapport.people.models import Guardianship, Person
from rapport.programs.doors import told


def program(memberships, at):
    return Q(program__in=memberships.values("program"))


def site(memberships, at):
    return Q(site__in=memberships.filter(site__isnull=False).values("site"))


def own_record(memberships, at):
    return Q(Exists(memberships.filter(program=OuterRef("program"), user=OuterRef("person__user"))))


def own_child(memberships, at):
    living = Guardianship.objects.living_in(OuterRef("program__time_zone"), at).filter(child=OuterRef("person"))
    users = memberships.filter(program=OuterRef(OuterRef("program"))).values("user")
    return Q(Exists(living.filter(adult__user__in=users)))


def close_to(user):
    """People too close to this user to be read about at work: themselves, and the children they stand for, for good."""
    mine = Person.objects.filter(user=user).values_list("pk", flat=True)
    children = Guardianship.objects.filter(adult__user=user).values_list("child", flat=True)
    return told(user, "close to", mine.union(children))


def too_close(user):
    return Q(person__in=close_to(user))
