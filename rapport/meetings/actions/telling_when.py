"""Everybody of a pair is written to when they meet: once for each plan."""

from django.db import transaction

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.meetings.sheet.letters import apart, whom_to_tell
from rapport.outbox.actions import Outgoing, queue_many

LETTER = "meetings/when"


@transaction.atomic
def tell_when(plan, *, by, at):
    """One letter to the mentors, the mentees and the guardians who are told. Pressed twice it is one."""
    match = plan.match
    told = apart(whom_to_tell([match.pk], match.program, day_in(at, match.program.zone)), at)
    rows = [
        Outgoing(one, match, f"when:{plan.pk}:{one.ref}", {"plan": plan.pk, "about": about})
        for one, about in told.items()
    ]
    queue_many(LETTER, rows, program=match.program, at=at)
    record("meetings.told-when", about=plan, by=by, at=at, count=len(rows))
    return len(rows)
