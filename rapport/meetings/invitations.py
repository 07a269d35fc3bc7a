"""One meeting as its reader's own calendar takes it from a letter: planned, moved, or called off (RFC 5546).

The same meeting has the same name in each letter and a number that rises, so a later one puts the earlier right. It
asks nobody but its reader and names nobody else. Whose calendar reads a private address already gets none: it has the
meeting from there.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import override

from rapport.matches.models import Match
from rapport.meetings.feeds.seen import (
    GUARDIAN,
    MENTEE,
    MENTOR,
    Role,
    Seen,
    all_are_grown,
    annotated,
    matches_by_id,
    protected,
    seen,
)
from rapport.meetings.models import Feed, Meeting
from rapport.meetings.sheet.letters import speaks_of
from rapport.outbox import kinds

PLANNED = "meetings/planned"
REQUEST, CANCEL = "REQUEST", "CANCEL"


def tell_outbox():
    common = {"purpose": "messages", "speaks_of": speaks_of, "calendar": invitations}
    kinds.kind(PLANNED, wanted=still_planned, words=planned_words, **common)


def still_planned(messages, at):
    """Wanted while the meeting is to come and nobody said anything else of it."""
    facts = dict(messages.values_list("pk", "facts"))
    rows = Meeting.objects.untouched().filter(pk__in={said["meeting"] for said in facts.values()}, starts_at__gt=at)
    going_on = Match.objects.active().unhindered(at).values("pk")
    there = set(rows.filter(cancelled_at=None, match__in=going_on).values_list("pk", flat=True))
    return messages.filter(pk__in=[pk for pk, said in facts.items() if said["meeting"] in there])


def planned_words(messages, at):
    """When it is, in the program's time, as it stands now."""
    rows = list(messages.select_related("program"))
    starts = dict(Meeting.objects.filter(pk__in={one.facts["meeting"] for one in rows}).values_list("pk", "starts_at"))
    return {one.pk: {"day": starts[one.facts["meeting"]].astimezone(one.program.zone)} for one in rows}


@dataclass(frozen=True)
class Invitation:
    """One meeting, as it is written for one reader when their letter leaves."""

    row: Seen
    at: datetime

    def write(self, address, language):
        """The method, and the text, for the owner of this address."""
        from rapport.meetings.feeds import writing

        method = CANCEL if self.row.is_off else REQUEST
        with override(language):
            return method, writing.invitation_of(self.row, method, address, at=self.at)


def invitations(messages, at) -> dict:
    """By message id, the invitation of the meeting its facts name. A fixed number of queries."""
    rows = {one.pk: one for one in messages.select_related("to")}
    fed = set(
        Feed.objects.read(at).filter(person__in={one.to_id for one in rows.values()}).values_list("person", "program")
    )
    wanted = {pk: one for pk, one in rows.items() if (one.to_id, one.program_id) not in fed}
    meetings = annotated(Meeting.objects.filter(pk__in={one.facts.get("meeting") for one in wanted.values()}))
    found = {one.pk: one for one in meetings.filter(ends_at__gt=at)}
    matches = matches_by_id({one.match_id for one in found.values()})
    near = protected(matches.values(), at)
    return {
        pk: invitation(one, found[one.facts["meeting"]], matches, near, at)
        for pk, one in wanted.items()
        if one.facts.get("meeting") in found
    }


def invitation(message, meeting, matches, near, at):
    match = matches[meeting.match_id]
    with_place = match.pk not in near and all_are_grown(match, match.program, at)
    return Invitation(seen(meeting, match, Role(side_of(message.to_id, match)), with_place, at), at)


def side_of(person, match):
    sides = {MENTOR: match.mentors, MENTEE: match.mentees}
    return next((side for side, people in sides.items() if person in {one.person_id for one in people}), GUARDIAN)
