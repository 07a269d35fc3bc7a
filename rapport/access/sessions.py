"""Where somebody is signed in: in words they recognize, so that they see which place is not theirs."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access import staying

BROWSERS = [  # what a browser writes into its name, and how people call it; the first that is found counts
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
]  # fmt: skip
MACHINES = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One place where somebody is signed in."""

    pk: int
    words: str
    ip: str
    since: datetime
    is_here: bool


def places(request):
    """Everywhere the reader is signed in, here first, then the newest; what ended by itself is forgotten."""
    rows, here = UserSession.objects.purge_and_list(request.user), request.session.session_key
    rows = [row for row in rows if not is_over(row.session_key)]
    found = [Place(r.pk, in_words(r.user_agent), r.ip, r.created_at, r.session_key == here) for r in rows]
    return sorted(found, key=lambda place: (not place.is_here, -place.since.timestamp()))


def is_over(key):
    """Whether the time of a session is over: it opens nothing any more, and goes with its next press."""
    return staying.has_ended(SessionStore(key), timezone.now())


def in_words(agent):
    """ "Firefox on Windows": the rest of what a browser says of itself tells nobody anything."""
    browser, machine = first(BROWSERS, agent), first(MACHINES, agent)
    if browser and machine:
        return _("%(browser)s on %(machine)s") % {"browser": browser, "machine": machine}
    return browser or machine or _("A browser we do not know")


def first(names, agent):
    return next((name for mark, name in names if mark in agent), "")
