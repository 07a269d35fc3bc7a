"""What lies within each scope: for matches, and for the participants that a match brings along."""

from django.db.models import Exists, OuterRef, Q

from rapport.matches.models import Match, Member
from rapport.people.scopes import close_to


def program(memberships, at):
    return Q(program__in=memberships.values("program"))


def site(memberships, at):
    return Q(site__in=memberships.filter(site__isnull=False).values("site"))


def caseload(memberships, at):
    return Q(Exists(memberships.filter(program=OuterRef("program"), user=OuterRef("coordinator"))))


def own_active_match(memberships, at):
    mine = Member.objects.filter(match=OuterRef("pk"), participant__person__user__in=memberships.values("user"))
    known = Q(state__in=Match.OPEN, awaits_checks=False, program__in=memberships.values("program"))
    return known & Q(Exists(mine))


def caseload_participants(memberships, at):
    held = Match.objects.open().filter(caseload_of(memberships))
    return Q(pk__in=Member.objects.filter(match__in=held).values("participant"))


def partners(memberships, at):
    """Those in the same open match as the user, its checks confirmed."""
    mine = Member.objects.filter(participant__person__user__in=memberships.values("user")).values("match")
    theirs = Match.objects.open().confirmed().filter(pk__in=mine, program__in=memberships.values("program"))
    return Q(Exists(places_in(theirs)))


def caseload_of(memberships):
    return Q(coordinator__in=memberships.values("user"), program__in=memberships.values("program"))


def matched_with(user):
    """Participants who are or were in a match with this user, or with a child of theirs."""
    return Q(Exists(places_in(Match.objects.filter(too_close(user)))))


def places_in(matches):
    return Member.objects.filter(participant=OuterRef("pk"), match__in=matches)


def too_close(user):
    """Matches, of today or of the past, that this user or a child of theirs is in."""
    return Q(pk__in=Member.objects.filter(participant__person__in=close_to(user)).values("match"))
