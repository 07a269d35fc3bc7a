"""A task of a day: it stands on the desk from that morning, and is late from the next midnight there."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rapport.core.months import moment

MORNING, MIDNIGHT = time(8), time(0)


def morning_of(day: date, zone: ZoneInfo) -> datetime:
    return moment(day, MORNING, zone)


def of_day(day: date, zone: ZoneInfo) -> dict[str, datetime]:
    """What a NewTask says of its day: due_at, late_at."""
    return {"due_at": morning_of(day, zone), "late_at": moment(day + timedelta(days=1), MIDNIGHT, zone)}
