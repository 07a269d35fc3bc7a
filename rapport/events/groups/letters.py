"""Letters about one time of a group: it is called off, or takes place after all. They name nobody, not even a child of
the reader's; of a child its family hears it, and the child itself only where nobody else is told."""

from collections import defaultdict

from rapport.events.groups.questions import expected_in
from rapport.events.models import Session
from rapport.events.readers import families_of
from rapport.outbox import kinds

OFF, ON = "events/session-off", "events/session-on"


def tell_outbox():
    common = {"purpose": "messages", "words": words, "speaks_of": speaks_of}
    kinds.kind(OFF, wanted=still_off, **common)
    kinds.kind(ON, wanted=still_on, **common)


def still_off(messages, at):
    return theirs(messages, Session.objects.excused().filter(starts_at__gt=at), at)


def still_on(messages, at):
    return theirs(messages, Session.objects.ahead(at), at)


def theirs(messages, sessions, at):
    """Those of these messages whose reader is still in the group, or stands for a child who is."""
    rows = sessions.filter(pk__in=messages.values("about_id"), group__ended_at=None)
    readers = readers_of(list(rows.select_related("program", "group")), at)
    asked = messages.values_list("pk", "about_id", "to")
    return messages.filter(pk__in=[pk for pk, about, to in asked if to in {one.pk for one in readers.get(about, ())}])


def readers_of(sessions, at):
    """{session (key): the persons who are told of it}."""
    inside, found = expected_in({one.group_id: one for one in sessions}, at), {}
    for one in sessions:
        people = [member.person for member in inside[one.group_id]]
        families = families_of(people, one.program, at)
        found[one.pk] = {adult for person in people for adult in families.get(person.pk) or [person]}
    return found


def speaks_of(messages):
    """A letter speaks of everybody in the group: it says when they meet. Nobody kept away from one of them gets it."""
    inside = defaultdict(set)
    sessions = Session.objects.filter(pk__in=messages.values("about_id"))
    near = sessions.filter(group__members__left_at=None)
    for session, lead, person in near.values_list("pk", "group__lead", "group__members__participant__person"):
        inside[session] |= {lead, person} - {None}
    return {pk: inside[about] - {to} for pk, about, to in messages.values_list("pk", "about_id", "to")}


def words(messages, at):
    rows = Session.objects.filter(pk__in=messages.values("about_id")).select_related("group")
    told = {row.pk: {"session": row} for row in rows}
    return {pk: told[about] for pk, about in messages.values_list("pk", "about_id") if about in told}
