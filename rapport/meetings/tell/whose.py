"""Of which meetings somebody may tell, and in whose words they stand there. Nothing anybody said is read here."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.several import together
from rapport.meetings.feeds.seen import GUARDIAN, MENTEE, MENTOR, Seen, matches_of, roles_of, seen_by
from rapport.meetings.models import Log, Meeting
from rapport.people.models import Consent
from rapport.people.questions import refused

SIDES = (MENTOR, MENTEE, GUARDIAN)
MOST = 12  # meetings on the page; older ones somebody tells staff


@dataclass(frozen=True)
class Pair:
    """One of somebody's matches, as they see it."""

    match: Any
    side: str
    names: str  # of the other side; to a guardian, of the child


@dataclass(frozen=True)
class Past:
    """One meeting behind them."""

    meeting: Meeting
    pair: Pair
    was_told: bool  # by the reader; what they said is not shown again
    is_off: bool


def pairs_of(person, program, at) -> dict[int, Pair]:
    """{match id: Pair} of the open matches they take part in, or stand for a child who does."""
    roles = {pk: role for pk, role in roles_of(person, program, at).items() if role.side in SIDES}
    matches = matches_of(roles, person, program, at)
    mentees = [one.person_id for match in matches for one in match.mentees]
    unnamed = refused(Consent.Purpose.SHARE_BASICS, mentees, program=program, at=at) if mentees else set()
    return {match.pk: Pair(match, roles[match.pk].side, names(match, roles[match.pk], unnamed)) for match in matches}


def names(match, role, unnamed):
    if role.side == GUARDIAN:
        return role.child.first_name
    others = match.mentees if role.side == MENTOR else match.mentors
    named = [_("your mentee") if one.person_id in unnamed else one.person.first_name for one in others]
    return together(named)


def past_of(person, program, pairs, at) -> list[Past]:
    """Their last meetings, the newest first; in a fixed number of queries."""
    since = at - program.limit("meetings-in-a-call")
    rows: list[Seen] = [
        row for row in seen_by(person, program, at, since=since)
        if row.meeting.match_id in pairs and row.meeting.starts_at <= at and row.meeting.joined_to_id is None
    ][: -MOST - 1 : -1]  # fmt: skip
    own = Log.objects.filter(person=person, meeting__in=[row.meeting for row in rows])
    told = set(own.values_list("meeting", flat=True))
    return [Past(row.meeting, pairs[row.meeting.match_id], row.meeting.pk in told, row.is_off) for row in rows]
