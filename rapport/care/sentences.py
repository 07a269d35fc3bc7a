"""What the desk says first, in one sentence, and what it says of the rest. Only what adds up is said."""

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

HOUR = 60
NEXT_WEEK = timedelta(days=6)
HOURS = {"1": 1, "3": 3}  # "time for calls today": the choices above the desk; anything else is all day


def headline(desk, hours):
    """You have 3 hours: these 9."""
    here = desk.people_now
    if not desk.things:
        return _("What stands here is for you alone.") if desk.everybody else _("Nothing is waiting for you today.")
    if not here:
        one, many = _("Nobody to call today, and one thing to do."), _("Nobody to call today, and %(n)d things to do.")
        return (one if desk.things == 1 else many) % {"n": desk.things}
    if hours and desk.later:
        said = ngettext("You have %(h)d hour: these %(n)d.", "You have %(h)d hours: these %(n)d.", hours)
        return said % {"h": hours, "n": here}
    said = ngettext("One person to call today, about %(time)s.", "These %(n)d today, about %(time)s.", here)
    return said % {"n": here, "time": time_words(desk.minutes)}


def lead(rest):
    """The other 40 are safe until Thursday, because ...: said where it is proved, with whatever else there is."""
    if not rest.others:
        return ""
    if not rest.safe:
        return _("Of your other matches nobody can say yet that they are safe.")
    all_safe = len(rest.safe) == rest.others
    said = _("The other %(n)d are safe until %(day)s") if all_safe else _("%(n)d others are safe until %(day)s")
    if len(rest.safe) == 1:
        said = _("The other one is safe until %(day)s") if all_safe else _("One other is safe until %(day)s")
    because = _(", because they meet or rest as agreed, and nothing about them is due before then.")
    return said % {"n": len(rest.safe), "day": until_words(rest)} + because


def until_words(rest):
    """Thursday; in a week from now with its date, for that weekday is also today's."""
    near = rest.until - rest.at < NEXT_WEEK
    return date_format(localtime(rest.until, rest.zone), "l" if near else "l j F")


def in_calls(desk):
    """Nine people, 12 things, about 2 h 50 min."""
    people = ngettext("%(n)d person", "%(n)d people", desk.people) % {"n": desk.people}
    things = ngettext("%(n)d thing", "%(n)d things", desk.things) % {"n": desk.things}
    return _("%(people)s, %(things)s, about %(time)s.") % {
        "people": people, "things": things, "time": time_words(desk.minutes),
    }  # fmt: skip


def time_words(minutes):
    """2 h 50 min."""
    hours, rest = divmod(minutes, HOUR)
    said = [_("%(n)d h") % {"n": hours}] * bool(hours) + [_("%(n)d min") % {"n": rest}] * bool(rest or not hours)
    return " ".join(said)
