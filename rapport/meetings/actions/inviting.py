"""A single meeting that staff add is told to each of its people, once, with what their calendar takes in."""

from rapport.core.months import day_in
from rapport.meetings.invitations import PLANNED
from rapport.meetings.sheet.letters import apart, whom_to_tell
from rapport.outbox.actions import Outgoing, queue_many


def tell_of_meeting(meeting, *, at):
    """One letter to each, in the caller's transaction; none of a meeting that has begun."""
    if meeting.starts_at <= at:
        return
    everybody = whom_to_tell([meeting.match_id], meeting.program, day_in(meeting.starts_at, meeting.program.zone))
    rows = [
        Outgoing(one, meeting.match, f"planned:{meeting.ref}:{one.ref}", {"meeting": meeting.pk, "about": about})
        for one, about in apart(everybody, at).items()
    ]
    queue_many(PLANNED, rows, program=meeting.program, at=at, not_after=meeting.starts_at)
