"""When somebody could meet, as they say it: the last word counts as a whole."""

from django.db import transaction

from rapport.audit.actions import record
from rapport.meetings.models import FreeTime


@transaction.atomic
def say_free_times(participant, times, *, by, at):
    """Keep these hours of the week, [(weekday, from, until)], in place of those before. Returns whether they differ."""
    there = FreeTime.objects.filter(participant=participant)
    wanted = sorted(set(times))
    if sorted(there.values_list("weekday", "starts_at", "ends_at")) == wanted:
        return False
    there.delete()
    FreeTime.objects.bulk_create(
        FreeTime(program_id=participant.program_id, participant=participant, weekday=day, starts_at=first, ends_at=last)
        for day, first, last in wanted
    )
    record("free-times.said", about=participant, by=by, at=at, count=len(wanted))
    return True
