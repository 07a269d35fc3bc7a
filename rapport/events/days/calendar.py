"""Event days in somebody's own calendar: their own and their children's, until they say no. No name of a young person
stands there, and no place where a child is expected."""

from django.utils.translation import gettext as _

from rapport.core.months import day_in
from rapport.events.hosting import people_seen
from rapport.events.models import EventDay, Invitation
from rapport.events.readers import protected_since
from rapport.meetings.feeds.beside import Beside
from rapport.meetings.feeds.seen import children_of, is_known_too_long


def in_calendar(person, program, at, *, since, known_since=None, given_by=None):
    """Their event days that are not over before `since`, in four queries."""
    children = set(children_of(person, program, at))
    days = EventDay.objects.filter(program=program, ends_at__gt=since).open_to(person, at)
    rows = Invitation.objects.filter(day__in=days.values("pk"), participant__left_at=None)
    rows = rows.filter(participant__person__in={person.pk, *children}).exclude(state=Invitation.State.NOT_COMING)
    if given_by:
        rows = rows.filter(participant__in=people_seen(program, given_by, at).values("pk"))
    rows = rows.select_related("day", "participant__person")
    protected = protected_since({row.participant.person_id for row in rows}, at)
    on, found = day_in(at, program.zone), {}
    for row in rows:
        who = row.participant.person
        is_young = who.counts_as_child(program, on)
        if not (is_young and is_known_too_long(protected.get(who.pk), known_since)):
            found.setdefault(row.day, []).append(is_young)
    return [entry(day, with_place=not any(young)) for day, young in found.items()]


def entry(day, *, with_place):
    title = _("Event: %(name)s") % {"name": day.name}
    place = day.place if with_place else ""
    return Beside(day.ref, title, day.starts_at, day.ends_at, day.changed_at, place, bool(day.off_at), day.version)
