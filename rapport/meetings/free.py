"""Free times of everybody in a match, and the hours that all of them share. Pure, but for reading them."""

from collections import defaultdict
from datetime import time, timedelta

from django.utils.dates import WEEKDAYS

from rapport.meetings.models import FreeTime

Span = tuple[int, time, time]  # weekday, from, until
HALF_HOUR = 30  # minutes: what matching compares


def free_times(match) -> dict[int, list[Span]]:
    """{participant id: their hours of a week} for everybody of a match (`with_people`); one who said none has none."""
    people = [one.pk for one in [*match.mentors, *match.mentees]]
    found: dict[int, list[Span]] = {pk: [] for pk in people}
    rows = FreeTime.objects.filter(participant__in=people).values_list("participant", "weekday", "starts_at", "ends_at")
    for participant, day, first, last in rows:
        found[participant].append((day, first, last))
    return found


def shared(everybody: list[list[Span]], minutes: int) -> list[Span]:
    """The hours that all of them have free, where a meeting of so many minutes fits. Nobody's word missing."""
    if not everybody or not all(everybody):
        return []
    common = joined(everybody[0])
    for spans in everybody[1:]:
        common = [
            (day, max(first, other_first), min(last, other_last))
            for day, first, last in common
            for other_day, other_first, other_last in joined(spans)
            if day == other_day and max(first, other_first) < min(last, other_last)
        ]
    return sorted(span for span in common if length(span) >= timedelta(minutes=minutes))


def joined(spans: list[Span]) -> list[Span]:
    """The same hours with those put together that touch or overlap."""
    by_day: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for day, first, last in sorted(spans):
        there = by_day[day]
        if there and there[-1][1] >= first:
            there[-1] = (there[-1][0], max(there[-1][1], last))
        else:
            there.append((first, last))
    return [(day, first, last) for day, rows in by_day.items() for first, last in rows]


def length(span: Span) -> timedelta:
    _day, first, last = span
    return timedelta(hours=last.hour - first.hour, minutes=last.minute - first.minute)


def half_hours(participants, _on) -> dict[int, list[str]]:
    """{participant id: every half hour of a week they have free, such as "1 15:30"}, as matching compares them."""
    found: dict[int, list[Span]] = defaultdict(list)
    rows = FreeTime.objects.filter(participant__in=[one.pk for one in participants])
    for one, day, first, last in rows.values_list("participant", "weekday", "starts_at", "ends_at"):
        found[one].append((day, first, last))
    return {one: [slot for span in joined(spans) for slot in slots_of(span)] for one, spans in found.items()}


def slots_of(span):
    day, first, last = span
    start, end = (-(-minutes_of(first) // HALF_HOUR), minutes_of(last) // HALF_HOUR)
    return [f"{day} {n * HALF_HOUR // 60:02}:{n * HALF_HOUR % 60:02}" for n in range(start, end)]


def minutes_of(clock):
    return clock.hour * 60 + clock.minute


def in_spans(slots) -> list[str]:
    """Half hours in words, those together that touch: "Tuesday 15:30 to 17:00"."""
    starts = sorted((int(day), int(clock[:2]) * 60 + int(clock[3:])) for day, clock in (slot.split() for slot in slots))
    spans: list[list[int]] = []
    for day, start in starts:
        if spans and spans[-1][0] == day and spans[-1][2] == start:
            spans[-1][2] += HALF_HOUR
        else:
            spans.append([day, start, start + HALF_HOUR])
    return [f"{WEEKDAYS[day]} {a // 60:02}:{a % 60:02}–{b // 60:02}:{b % 60:02}" for day, a, b in spans]
