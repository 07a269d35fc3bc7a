"""Time together: hours held, unknown, and expected by today; the last expected meetings; what comes next."""

from dataclasses import dataclass
from datetime import time, timedelta

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from rapport.core.months import add_months, day_in, moment, month_of
from rapport.meetings.models import Meeting

WEEKS = 8  # of the first bar
DOTS = 12
NEXT = 3
COLUMNS = ("starts_at", "ends_at", "plan", "kept_at", "missed_at", "excused_at", "minutes", "cause")


@dataclass(frozen=True)
class Stretch:
    """One stretch of time of one match, in hours. `total` is what is planned for all of it, where it is not over."""

    name: str
    held: float
    unknown: float
    expected: float
    total: float | None = None

    @property
    def words(self):
        """What the bar shows, for those who do not see it and for those who do."""
        said = [_("%(held)s h held") % {"held": hours(self.held)}]
        said += [_("%(expected)s h planned by today") % {"expected": hours(self.expected)}]
        if self.unknown:
            said += [_("%(unknown)s h unknown") % {"unknown": hours(self.unknown)}]
        if self.total:
            said += [_("%(total)s h in all") % {"total": hours(self.total)}]
        return ", ".join(said)


def hours(value):
    return number_format(round(value, 1), decimal_pos=0 if round(value, 1) == int(round(value, 1)) else 1)


def time_together(match, at):
    """The bars and the dots of one match, from one query."""
    rows = list(Meeting.objects.filter(match=match).order_by("starts_at").values(*COLUMNS))
    rows = [row for row in rows if not row["excused_at"] and row["cause"] != Meeting.Cause.CLOSED]
    zone = match.program.zone
    rows = [row for row in rows if not match.is_before_rapport(day_in(row["starts_at"], zone))]
    return {"stretches": stretches(match, rows, at), "dots": dots(match, rows, at)}


def stretches(match, rows, at):
    """The last weeks, this month of theirs, and all of it."""
    if not match.begun_on or not rows:
        return []
    zone = match.program.zone
    today = day_in(at, zone)
    begun = match.counted_from
    month = add_months(match.begun_on, max(0, month_of(match.begun_on, today)))
    weeks_ago = max(begun, today - timedelta(weeks=WEEKS))
    ends = add_months(month, 1)
    return [
        stretch(_("Last %(n)d weeks") % {"n": WEEKS}, rows, at, midnight(weeks_ago, zone)),
        stretch(
            _("This month, to %(day)s") % {"day": date_format(ends, "j F")},
            rows,
            at,
            midnight(max(month, begun), zone),
            midnight(ends, zone),
        ),
        stretch(_("Since %(day)s") % {"day": date_format(begun, "j F Y")}, rows, at, midnight(begun, zone)),
    ]


def midnight(day, zone):
    return moment(day, time(0), zone)


def stretch(name, rows, at, start, end=None):
    within = [row for row in rows if row["starts_at"] >= start and (end is None or row["starts_at"] < end)]
    over = [row for row in within if row["ends_at"] <= at]
    held = sum(length(row) for row in within if row["kept_at"])
    unknown = sum(planned(row) for row in over if is_unknown(row))
    expected = sum(planned(row) for row in over if row["plan"])
    total = sum(planned(row) for row in within if row["plan"]) if end else None
    return Stretch(name, held, unknown, expected, total)


def is_unknown(row):
    return not row["kept_at"] and not row["missed_at"]


def planned(row):
    return (row["ends_at"] - row["starts_at"]).total_seconds() / 3600


def length(row):
    """How long they really met, else how long they meant to."""
    return row["minutes"] / 60 if row["minutes"] is not None else planned(row)


def dots(match, rows, at):
    """The last expected meetings, oldest first: (day, kind, word)."""
    over = [row for row in rows if row["ends_at"] <= at and row["plan"]][-DOTS:]
    return [(day_in(row["starts_at"], match.program.zone), *kind_of(row)) for row in over]


def kind_of(row):
    if row["kept_at"]:
        return "done", _("held")
    return ("no", _("did not happen")) if row["missed_at"] else ("unknown", _("unknown"))


def next_meetings(match, at):
    """What is expected next of an active match."""
    if match.state != match.State.ACTIVE or match.awaits_checks:
        return []
    return list(Meeting.objects.untouched().filter(match=match, ends_at__gt=at).order_by("starts_at")[:NEXT])
