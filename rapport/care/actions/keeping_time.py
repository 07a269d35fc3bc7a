"""The clock keeps, for each open match, how it lately did against what was promised: once a day, for figures of many.

A match gets its row with its first look (`looking.begin_to_look`); the row of one that is over is reckoned no more.
"""

from datetime import time, timedelta

from django.db import transaction

from rapport.care.models import TimeKept
from rapport.core.months import day_in, moment
from rapport.matches.models import Match
from rapport.meetings.together import time_of

BEFORE_DAWN = time(4)  # the figures of a day stand when it begins
BATCH = 200  # reckoned before the write lock is taken
LATELY, TO_WATCH, TO_HELP = "together-open-days", "together-to-watch", "together-to-help"
KEPT = ["as_of", "next_at", "state", "meetings", "unknown", "minutes", "promised_minutes"]
State = TimeKept.State


def keep_time(*, at, limit=500):
    """Reckon the matches that are due. Returns how many rows it touched; twice writes the same twice."""
    due = list(TimeKept.objects.filter(next_at__lte=at).order_by("next_at", "pk")[: min(limit, BATCH)])
    if not due:
        return 0
    rows = Match.objects.open().filter(pk__in=[row.match_id for row in due])
    rows = rows.prefetch_related("program")  # one object for each program, and so its limits once
    times = time_of(rows, at)
    for row in due:
        reckon(row, times.get(row.match_id), at)
    write_times(due)
    return len(due)


@transaction.atomic
def write_times(rows):
    TimeKept.objects.bulk_update(rows, KEPT, batch_size=BATCH)


def reckon(row, mine, at):
    """What the row says from now on. `mine`: the pair's time, None where it is over."""
    row.next_at = None
    if mine is None or mine.first > mine.last:
        row.next_at = None if mine is None else at + timedelta(days=1)
        row.state, row.as_of = State.EARLY, at
        return
    zone, limits = mine.match.program.zone, mine.match.program.limits_by_code
    days = limits.get(LATELY)
    recent = mine.lately(days.value) if days else None
    time = recent or mine.so_far
    row.as_of, row.next_at = at, moment(day_in(at, zone) + timedelta(days=1), BEFORE_DAWN, zone)
    row.meetings, row.unknown, row.minutes = time.meetings, time.unknown, time.minutes
    row.promised_minutes = int(time.promised.minutes)
    row.state = state_of(recent, limits)


def state_of(time, limits):
    """Below only what is surely below, as the findings have it; kept only what is known to be."""
    if time is None or time.share is None or not {TO_WATCH, TO_HELP} <= limits.keys():
        return State.EARLY
    watch, below = limits[TO_WATCH].value, limits[TO_HELP].value
    if time.is_below(below):
        return State.HELP
    if time.is_below(watch):
        return State.WATCH
    is_open = 100 * time.share < watch <= 100 * time.share_at_most
    return State.UNKNOWN if is_open or not time.is_told else State.KEPT
