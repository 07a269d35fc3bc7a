"""Who talked with whom at an event day: each pair becomes a match of the program, begun on that day where it may."""

from django.db import transaction

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.events.actions.days import hold
from rapport.events.days.refusals import ComesLater, NotAsked
from rapport.events.models import EventPair, Invitation
from rapport.matches.actions import NewMatch, begin, propose
from rapport.matches.models import Match
from rapport.people.models import Participant

MENTOR, MENTEE = Participant.Side.MENTOR, Participant.Side.MENTEE


@transaction.atomic
def note_pair(day, *, mentor, mentee, by, at) -> EventPair:
    """Note that these two talked at the event: they came, and a match of theirs begins on its day (S4-33).

    Where something is missing the match stays proposed, and says what. A match they have already is theirs. The same
    pair noted twice is one. Raises NotAsked, ComesLater, DayOver and what `propose` raises.
    """
    held = hold(day, at, until_over=False)
    if held.starts_at > at:
        raise ComesLater(held)
    there = EventPair.objects.filter(day=held, mentor=mentor, mentee=mentee).first()
    if there:
        return there
    asked = held.invitations.filter(participant__in=[mentor, mentee])
    if (mentor.side, mentee.side) != (MENTOR, MENTEE) or asked.count() != 2:
        raise NotAsked(held)
    match = alive_of(mentor, mentee) or begun(held, mentor, mentee, by=by, at=at)
    pair = EventPair.objects.create(
        program=held.program, day=held, mentor=mentor, mentee=mentee, match=match, noted_at=at, noted_by=by
    )
    Invitation.objects.filter(pk__in=asked.values("pk"), came=None).update(came=True, marked_at=at)
    record("event-day.pair", about=pair, by=by, at=at, match=match.ref)
    return pair


def alive_of(mentor, mentee):
    """A living match of these two alone."""
    rows = Match.objects.filter(state__in=Match.ALIVE, members__participant=mentor)
    found = rows.filter(members__participant=mentee).with_people().order_by("pk")
    return next((match for match in found if len(match.members.all()) == 2), None)


def begun(held, mentor, mentee, *, by, at):
    """Their match, begun on the day of the event where nothing is missing; else proposed, and staff see why."""
    new = NewMatch([mentor], [mentee], coordinator=held.host, site=held.site)
    (match,) = propose([new], program=held.program, by=by, at=at)
    try:
        with transaction.atomic():
            begin(match, begun_on=day_in(held.starts_at, held.program.zone), by=by, at=at)
    except Refused:
        return match
    return match


def settle_pair(stays, goes, at):
    """One talk of one pair under two records is one: the older stays."""
