"""Whose day sheet it is: which sites, and which pairs of a site, somebody may mark.

A colleague marks the pairs they reach with the right to record meetings. Whoever keeps the sheet for a day by a link
marks no more than the one who named them reaches at this very moment, and nobody near to themselves.
"""

from django.db.models import Exists, OuterRef, Q

from rapport.access.rights import Right, Scope
from rapport.matches.models import Match, Member
from rapport.people.models import Guardianship, Person, Restriction
from rapport.programs.doors import through
from rapport.programs.models import Membership, Site

RIGHT = Right.MEETING_EDIT


def pairs_in(program, user, at):
    """The pairs that meet these days, as far as this user reaches them. A pair that rests is not expected."""
    return Match.objects.filter(program=program).active().unhindered(at).visible_to(user, RIGHT, at)


def pairs_at(site, user, at):
    return pairs_in(site.program, user, at).filter(site=site)


def pairs_of(keeper, at):
    """The same for whoever keeps the sheet for a day: what the one who named them reaches, without their own circle."""
    near = near_to(keeper.person, at)
    return pairs_at(keeper.site, keeper.named_by, at).exclude(pk__in=Member.objects.filter(near).values("match"))


def near_to(person, at):
    """The condition on places of people that somebody of this name is, stands for, or is kept away from.

    By name, too: a school names its own people, and may not know who else they are in the house.
    """
    named = Q(given_name__iexact=person.given_name, family_name__iexact=person.family_name)
    same = Person.objects.filter(Q(pk=person.pk) | named, organization=person.organization_id)
    children = Guardianship.objects.filter(adult__in=same).values("child")
    away = Restriction.objects.live_at(at).filter(kept_away__in=same).values("subject")
    who = "participant__person__in"
    return Q(**{who: same.values("pk")}) | Q(**{who: children}) | Q(**{who: away})


def sites_of(user, program, at):
    """The sites whose day sheet this user may keep: theirs, and those at which they reach a pair."""
    pairs = Match.objects.filter(program=program, site=OuterRef("pk")).active().visible_to(user, RIGHT, at)
    return Site.objects.filter(program=program).filter(whole(user, program, at) | Q(Exists(pairs))).order_by("name")


def has_whole(user, site, at):
    """Whether this user answers for the site as a whole: may say that it is closed, and name who keeps its sheet."""
    return Site.objects.filter(whole(user, site.program, at), pk=site.pk).exists()


def whole(user, program, at):
    """The condition on sites of this program that this user's roles reach as a whole."""
    given = through(user, RIGHT, at)
    held = Membership.objects.filter(program=program)
    if held.filter(pk__in=given.get(Scope.PROGRAM, ())).exists():
        return Q(program=program)
    return Q(pk__in=held.filter(pk__in=given.get(Scope.SITE, ()), site__isnull=False).values("site"))
