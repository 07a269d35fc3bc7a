"""Free times of everybody in a match, and the hours that all of them share. Pure, but for reading them."""

from collections import defaultdict
from datetime import time, timedelta

from rapport.meetings.models import FreeTime

Span = tuple[int, time, time]  # weekday, from, until


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
