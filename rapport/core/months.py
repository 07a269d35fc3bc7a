"""Days and months as people mean them: in a time zone, counted from an anniversary."""

import calendar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def add_months(day: date, months: int) -> date:
    """The same day some months on; the last day of the month where that day does not exist (31 January + 1)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_of(started_on: date, day: date) -> int:
    """Which month of a match this day lies in, counted from 0 at the start; negative before it."""
    months = (day.year - started_on.year) * 12 + day.month - started_on.month
    return months if add_months(started_on, months) <= day else months - 1


def full_years(started_on: date, day: date) -> int:
    """How many whole years lie between, as an age is counted; who was born on 29 February is older on the 28th."""
    return month_of(started_on, day) // 12


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That time of that day in that zone. A time that clocks skip moves on by what they skip; of two, the first."""
    local = datetime.combine(day, clock, tzinfo=zone)
    return local.astimezone(ZoneInfo("UTC"))


def day_in(at: datetime, zone: ZoneInfo) -> date:
    """Which day it is there at that moment."""
    return at.astimezone(zone).date()


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
