"""Talks that a program promises: which is owed now, and when the next will be (a promise of the kind "talk").

A talk in a corridor counts as well as a planned one: whoever was talked with since the last such day is not called.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q

from rapport.checkins.cadence import of_match
from rapport.checkins.models import Conversation
from rapport.core.months import day_in
from rapport.programs.models import Party, Promise

PARTIES = (Party.MENTOR, Party.MENTEE)


@dataclass(frozen=True)
class Owed:
    """One talk with one member of a match: since when its time has run, the day it is for, and by which promise."""

    person: object
    promise: Promise
    since_on: date
    due_on: date


def promised_talks(programs):
    """The promises to talk with a mentor or a mentee: {program id: [promise]}, in one query."""
    found: dict[int, list[Promise]] = {}
    rows = Promise.objects.filter(program__in=programs, kind=Promise.Kind.TALK, is_on=True, party__in=PARTIES)
    for promise in rows.order_by("pk"):
        found.setdefault(promise.program_id, []).append(promise)
    return found


def around(promise, match, on):
    """The day of the last such talk by then and of the one before it, and the next day: each may be None."""
    before, last = None, None
    for one in of_match(promise, match, since=on):
        if one.due_on > on:
            return before, last, one.due_on
        before, last = last, one.due_on
    return before, last, None


def talks_owed(match, mentors, mentees, promises, on) -> list[Owed]:
    """What is owed to these participants by that day, whether they were talked with or not."""
    owed = []
    for promise in promises:
        before, last, _next = around(promise, match, on)
        if last is not None and last >= match.counted_from:
            people = mentors if promise.party == Party.MENTOR else mentees
            owed += [Owed(one.person, promise, before or match.begun_on, last) for one in people]
    return owed


def without_talk(owed, at) -> list[tuple[object, Owed]]:
    """Of these (match, Owed), those nobody was talked with about since their time began; one query."""
    people = {one.person.pk for _match, one in owed}
    about = Q(match__in={match.pk for match, _one in owed}) | Q(match=None)
    talks = Conversation.objects.filter(about, person__in=people, at__lte=at).exclude(how=Conversation.How.NO_ANSWER)
    rows = talks.order_by().values_list("program", "person", "match").annotate(last=Max("at"))
    last = {(program, person, match): moment for program, person, match, moment in rows}

    def kept(match, one):
        moments = [last.get((match.program_id, one.person.pk, about)) for about in (match.pk, None)]
        return any(moment and day_in(moment, match.program.zone) > one.since_on for moment in moments)

    return [(match, one) for match, one in owed if not kept(match, one)]


def next_talks(matches, at):
    """When the next such talk will be due: [(match, day)] for matches (`with_people`, `program`) that rest nowhere."""
    promises, found = promised_talks({match.program_id for match in matches}), []
    for match in matches:
        for promise in promises.get(match.program_id, []):
            *_past, coming = around(promise, match, day_in(at, match.program.zone))
            if coming:
                found.append((match, coming))
    return found
