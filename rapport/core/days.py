"""`core.months` as expressions, for queries over programs of several time zones. SQLite knows no zones, and asks us."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.backends.signals import connection_created
from django.db.models import DateField, DateTimeField, F, Func, Value

from rapport.core.months import add_months, day_in

FIRST, LAST = timedelta(hours=14), timedelta(hours=12)  # so far before and behind UTC a zone lies


def last_day_on_earth(at: datetime) -> date:
    """The latest day that it is anywhere at that moment."""
    return (at.astimezone(UTC) + FIRST).date()


def first_day_on_earth(at: datetime) -> date:
    """The earliest day that it still is anywhere at that moment."""
    return (at.astimezone(UTC) - LAST).date()


class DayIn(Func):
    """Which day it is at that moment, in the time zone of each row."""

    function = "rapport_day_in"
    output_field = DateField()

    def __init__(self, at: datetime, zone: str | F):
        """`zone`: where the row keeps it; an outer reference, where the row asked about lies outside."""
        super().__init__(Value(at, DateTimeField()), zone if isinstance(zone, F) else F(zone))

    def as_postgresql(self, compiler, connection, **more):
        template = "CAST(%(expressions)s AS date)"
        return super().as_sql(compiler, connection, template=template, arg_joiner=" AT TIME ZONE ", **more)


class MonthsOn(Func):
    """A day of each row, so many months on."""

    function = "rapport_add_months"
    output_field = DateField()

    def __init__(self, day: str, months: int):
        super().__init__(F(day), months=months)

    def as_sqlite(self, compiler, connection, **more):
        return super().as_sql(compiler, connection, template="%(function)s(%(expressions)s, %(months)s)", **more)

    def as_postgresql(self, compiler, connection, **more):
        template = "CAST(%(expressions)s + INTERVAL '%(months)s months' AS date)"
        return super().as_sql(compiler, connection, template=template, **more)


def teach_sqlite() -> None:
    connection_created.connect(teach, dispatch_uid=__name__)


def teach(connection, **_signal) -> None:
    if connection.vendor == "sqlite":
        for asked, answer in ((DayIn, day_told), (MonthsOn, months_told)):
            connection.connection.create_function(asked.function, 2, answer, deterministic=True)


@lru_cache(maxsize=64)
def day_told(at: str, zone: str) -> str:
    return day_in(datetime.fromisoformat(at).replace(tzinfo=UTC), ZoneInfo(zone)).isoformat()


def months_told(day: str | None, months: int) -> str | None:
    return add_months(date.fromisoformat(day), months).isoformat() if day else None
