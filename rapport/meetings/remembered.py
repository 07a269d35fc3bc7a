"""What mentees remember of how often they met, beside what is written down: something to ask about, never a judgement.

Memory is not a log, so a small difference is none. It is told to who reads answers, on the page of the match alone: it
makes no task, no finding and no colour, and neither side learns of it (requirements S1-06).
"""

from dataclasses import dataclass
from datetime import time

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.core.months import day_in, moment
from rapport.meetings.models import Meeting, Remembered
from rapport.meetings.questions import ASKED_BACK

TOLD_FOR = "meetings-in-a-call"  # nobody remembers older ones, so none is asked about any more


def days_asked(match, at):
    """(first, last) day of those a mentee is asked about: as many as a form asks back, none before they began."""
    last = day_in(at, match.program.zone)
    return max(last - match.program.limit(ASKED_BACK), match.counted_from), last


@dataclass(frozen=True)
class Beside:
    """What one of them remembers, in words, and whether it lies apart from what is written down."""

    row: Remembered
    held: int
    unknown: int
    differs: bool

    @property
    def words(self):
        told = {"name": self.row.person.first_name, "times": self.row.get_times_display()}
        told |= {"since": date_format(self.row.since_on, "j F"), "until": date_format(self.row.until_on, "j F")}
        words = _("%(name)s remembers meeting %(times)s from %(since)s to %(until)s.") % told
        if self.row.minutes:
            words += " " + _("Mostly for %(long)s.") % {"long": self.row.get_minutes_display()}
        return words


def remembered_of(match, at) -> list[Beside]:
    """The newest word of each mentee, while it is recent enough to be asked about; two queries."""
    zone = match.program.zone
    since = day_in(at, zone) - match.program.limit(TOLD_FOR)
    newest: dict = {}
    for row in match.remembered.filter(until_on__gte=since).select_related("person"):
        newest.setdefault(row.person_id, row)
    if not newest:
        return []
    first = min(row.since_on for row in newest.values())
    meetings = Meeting.objects.past(at).filter(
        match=match, excused_at=None, starts_at__gte=moment(first, time(0), zone)
    )
    days = [(day_in(one.starts_at, zone), one) for one in meetings]
    return [
        beside(row, [one for on, one in days if row.since_on <= on <= row.until_on], match) for row in newest.values()
    ]


def beside(row, meetings, match):
    held = [one for one in meetings if one.kept_at]
    unknown = sum(1 for one in meetings if not one.kept_at and not one.missed_at)
    differs = times_differ(row, len(held), unknown, match) or length_differs(row, held, match)
    return Beside(row, len(held), unknown, differs)


def times_differ(row, held, unknown, match):
    """Whether it is too far from every count that what is written down allows; what nobody told may have been."""
    apart, most = match.program.limit("times-apart"), held + unknown
    if row.times == Remembered.Often.MORE:
        return most + apart <= Remembered.Often.MORE
    if not row.times or not most:
        return bool(held if not row.times else row.times)
    return row.times + apart <= held or row.times >= most + apart


def length_differs(row, held, match):
    """Whether most meetings were told to be of quite another length."""
    told = [one.minutes for one in held if one.minutes]
    if not row.minutes or not told:
        return False
    apart = match.program.limit("length-apart").total_seconds() / 60
    mean = sum(told) / len(told)
    if row.minutes == Remembered.Long.TWO:
        return mean + apart <= row.minutes
    return abs(mean - row.minutes) >= apart
