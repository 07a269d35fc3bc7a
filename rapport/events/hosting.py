"""Who answers for a circle, a group or an event day, where one may be begun, and who may be chosen for it."""

from django.db.models import Q

from rapport.access.models import User
from rapport.access.rights import Right, Scope
from rapport.people.models import Participant
from rapport.programs.doors import through
from rapport.programs.models import Membership, Site

RIGHT = Right.MEETING_EDIT
BY_NAME = ("person__given_name", "person__family_name", "pk")


def colleagues_of(program, at):
    """Staff of this program, by name; whoever keeps a sheet for a day is none."""
    held = Membership.objects.live(at).staff().filter(program=program)
    return User.objects.filter(pk__in=held.values("user")).order_by("name", "pk")


def where_to_begin(user, program, at):
    """(whether this user may begin one for the whole program, the sites they may begin one for)."""
    given = through(user, RIGHT, at)
    held = Membership.objects.filter(program=program)
    whole = held.filter(pk__in=given.get(Scope.PROGRAM, ())).exists()
    sites = Site.objects.filter(program=program).order_by("name")
    if not whole:
        theirs = held.filter(pk__in=given.get(Scope.SITE, ()), site__isnull=False)
        sites = sites.filter(pk__in=theirs.values("site"))
    return whole, sites


def may_begin(user, program, at) -> bool:
    whole, sites = where_to_begin(user, program, at)
    return whole or sites.exists()


def choices_for(user, program, at) -> dict:
    """What a form of one needs to know of its reader (`forms.Hosted`)."""
    whole, sites = where_to_begin(user, program, at)
    return {"sites": sites, "hosts": colleagues_of(program, at), "has_whole": whole}


def people_seen(program, user, at):
    """Participants of a program whom this reader sees."""
    return Participant.objects.filter(program=program).visible_to(user, Right.PARTICIPANT_VIEW, at)


def people_around(hosted, user, at):
    """Mentors and mentees this reader sees, of the site of a group or an event day or the whole program, by name."""
    seen = people_seen(hosted.program, user, at).active()
    seen = seen.filter(Q(site=hosted.site) | Q(site=None)) if hosted.site_id else seen
    return seen.select_related("person").order_by("side", *BY_NAME)


def by_name(row):
    """In order of rows that have a participant: mentors first, by name."""
    person = row.participant.person
    return row.participant.side == Participant.Side.MENTEE, person.full_name.casefold(), row.pk
