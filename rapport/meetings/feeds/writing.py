"""A calendar as every calendar program reads it (RFC 5545), and one meeting as an invitation (RFC 5546).

Each meeting is an event of its own, in UTC: no rule of repetition and no time zone of ours can be read another way
there, so what is read is what was laid out, through every change of clocks. Folding and escaping are `icalendar`'s.
"""

from datetime import datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vText

from rapport.meetings.feeds.seen import GUARDIAN, MENTOR, STAFF

REFRESH = timedelta(hours=6)  # how often a calendar program may look; it does as it likes
PRODUCT = "-//Rapport//Meetings//EN"


def feed_of(rows, others=()) -> bytes:
    """The calendar of these meetings (`Seen`) and what stands beside them (`Beside`). The same are the same bytes."""
    calendar = begun()
    calendar.add("x-wr-calname", _("Meetings"))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for row in rows:
        calendar.add_component(event_of(row, stamped_at=row.changed_at))
    for other in others:
        calendar.add_component(event_beside(other))
    if not rows and not others:
        calendar.add_component(something())
    return calendar.to_ical()


def begun() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def invitation_of(row, method, address, *, at) -> str:
    """One meeting for the owner of this address alone; from the program, to whom an answer means nothing."""
    calendar, event = begun(), event_of(row, stamped_at=at)
    calendar.add("method", method)
    name, own = parseaddr(settings.MAIL_FROM)
    organizer, attendee = vCalAddress(f"mailto:{own}"), vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = vText(row.meeting.match.program.name or name)
    roles = {"ROLE": "NON-PARTICIPANT" if row.side == GUARDIAN else "REQ-PARTICIPANT"}
    attendee.params.update({**roles, "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"})
    event.add("organizer", organizer, encode=False)
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return calendar.to_ical().decode()


def something() -> Timezone:
    """What stands in an empty calendar: the standard wants one component at least, whatever it says."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # without a zone, as the standard writes it
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone.add_component(standard)
    return zone


def event_of(row, *, stamped_at) -> Event:
    event, meeting = Event(), row.meeting
    event.add("uid", uid(meeting))
    event.add("dtstamp", whole(stamped_at))
    event.add("last-modified", whole(row.changed_at))
    event.add("dtstart", whole(meeting.starts_at))
    event.add("dtend", whole(meeting.ends_at))
    event.add("sequence", row.version)
    event.add("summary", title(row))
    event.add("status", "CANCELLED" if row.is_off else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if row.is_off or row.side in (GUARDIAN, STAFF) else "OPAQUE")
    if row.place:
        event.add("location", " ".join(row.place.split()))
    if row.side == STAFF:
        event.add("url", settings.ADDRESS + meeting.match.get_absolute_url())
    return event


def event_beside(other) -> Event:
    event = Event()
    event.add("uid", uid(other))
    event.add("dtstamp", whole(other.changed_at))
    event.add("last-modified", whole(other.changed_at))
    event.add("dtstart", whole(other.starts_at))
    event.add("dtend", whole(other.ends_at))
    event.add("sequence", other.version)
    event.add("summary", _("Called off: %(what)s") % {"what": other.title} if other.is_off else other.title)
    event.add("status", "CANCELLED" if other.is_off else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    if other.place:
        event.add("location", " ".join(other.place.split()))
    return event


def uid(meeting) -> str:
    """One name for one meeting for as long as it lives, in every calendar."""
    return f"{meeting.ref}@{host()}"


def host() -> str:
    return urlsplit(settings.ADDRESS).hostname or "localhost"


def whole(at):
    return at.replace(microsecond=0)


def title(row) -> str:
    """What stands in the calendar: for whoever looks on it is a meeting, and no more."""
    words = titled(row)
    return _("Called off: %(what)s") % {"what": words} if row.is_off else words


def titled(row) -> str:
    if row.side == MENTOR:
        return (
            _("Meeting (your match %(number)s)") % {"number": row.number} if row.number else _("Meeting (your match)")
        )
    if row.side == STAFF:
        return _("Meeting of %(names)s") % {"names": row.names} if row.names else _("Meeting of a pair")
    return _("Meeting (%(number)s)") % {"number": row.number} if row.number else _("Meeting")
