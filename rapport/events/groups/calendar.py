"""When groups meet, in somebody's own calendar: their own groups, their children's, and those they lead.

No name of a young person stands there, and no place of a group that may have one in it; what is off is not there.
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from rapport.core.months import day_in
from rapport.events.hosting import people_seen
from rapport.events.models import Group, GroupMember, Session
from rapport.events.readers import protected_since
from rapport.meetings.feeds.beside import Beside
from rapport.meetings.feeds.seen import children_of, is_known_too_long
from rapport.meetings.rhythm import Calendar


def in_calendar(person, program, at, *, since, known_since=None, given_by=None):
    """Their sessions that are not over before `since`, in a fixed number of queries."""
    groups = Group.objects.going_on().filter(program=program).open_to(person, at)
    keys = groups_in(person, program, at, known_since, given_by)
    if not given_by:
        keys |= set(groups.filter(lead=person).values_list("pk", flat=True))
    rows = Session.objects.filter(group__in=groups.values("pk"), ends_at__gt=since, excused_at=None)
    calendar = Calendar([program.pk], (since - timedelta(days=1)).date())  # it is yesterday still somewhere
    return [
        entry(row, with_place=program.adults_only)
        for row in rows.filter(group__in=keys).select_related("group")
        if not calendar.is_closed(row.group, day_in(row.starts_at, program.zone))
    ]


def groups_in(person, program, at, known_since, given_by):
    """Ids of the groups that they, or their children, are expected in. Whom an old address may tell too much is not."""
    near = {person.pk, *children_of(person, program, at)}
    rows = GroupMember.objects.expected(program, day_in(at, program.zone)).filter(participant__person__in=near)
    if given_by:
        rows = rows.filter(participant__in=people_seen(program, given_by, at).values("pk"))
    protected = protected_since(near, at)
    places = rows.values_list("group", "participant__person")
    return {group for group, who in places if not is_known_too_long(protected.get(who), known_since)}


def entry(session, *, with_place):
    group, place = session.group, session.place if with_place else ""
    title = _("Group: %(name)s") % {"name": group.name}
    return Beside(session.ref, title, session.starts_at, session.ends_at, group.made_at, place)
