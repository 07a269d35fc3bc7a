"""Meetings from before Rapport, as a coordinator's list remembers them: held, and counted nowhere."""

from datetime import time, timedelta

from django.db import transaction

from rapport.audit.actions import record_many
from rapport.core.months import day_in, moment
from rapport.meetings.models import Log, Meeting
from rapport.meetings.refusals import BeforeTheBeginning, NotBeforeRapport

NOON = time(12)  # a list tells the day; no page shows the hour of these
AN_HOUR = timedelta(hours=1)


@transaction.atomic
def remember(days_of, *, by, at) -> int:
    """Keep that these pairs met on these days: {match (`with_people`): [day]}. What is there already stays as it is.

    Each is a meeting that was held, with the mentor's log "before Rapport" of that very day: it is no sign of life of
    today. Raises NotBeforeRapport, BeforeTheBeginning. Returns how many are new.
    """
    wanted = {(match.pk, day): match for match, days in days_of.items() for day in days}
    for (_pk, day), match in wanted.items():
        if not match.is_before_rapport(day):
            raise NotBeforeRapport(match)
        if day < match.begun_on:
            raise BeforeTheBeginning(match)
    known = days_known(days_of)
    new = [meeting(match, day) for (pk, day), match in wanted.items() if (pk, day) not in known]
    Meeting.objects.bulk_create(new, batch_size=500)
    Log.objects.bulk_create([log for one in new for log in logs_of(one)], batch_size=500)
    record_many("meeting.remembered", about=new, by=by, at=at)
    return len(new)


def days_known(matches):
    """On which days these pairs met already, and the key of that meeting: {(match id, day): key}."""
    zones = {match.pk: match.program.zone for match in matches}
    rows = Meeting.objects.filter(match__in=zones).values_list("pk", "match", "starts_at")
    return {(match, day_in(starts_at, zones[match])): pk for pk, match, starts_at in rows}


def meeting(match, day):
    starts_at = moment(day, NOON, match.program.zone)
    ends_at = starts_at + AN_HOUR
    return Meeting(
        program=match.program, match=match, starts_at=starts_at, ends_at=ends_at, due_at=starts_at, lapses_at=ends_at,
        kept_at=starts_at,
    )  # fmt: skip


def logs_of(meeting):
    return [
        Log(
            program=meeting.program, meeting=meeting, person=one.person, happened=True, source=Log.Source.BEFORE,
            logged_at=meeting.starts_at,
        )
        for one in meeting.match.mentors
    ]  # fmt: skip
