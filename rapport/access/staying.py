"""How long somebody stays signed in: so long without a press, so long at all; for who reads sealed things, less.

The limits are rows of the programs; they tell them in `AppConfig.ready()`. What holds for a session stands in it, read
anew with each press that is written, so that another role or another limit bites at once.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from rapport.access.shared import SPREAD, came_by_itself

STAY = "stay"  # in the session: [since when, the last press, seconds without a press, seconds at all]
_told: list = []


@dataclass(frozen=True)
class Stay:
    """How long somebody stays signed in."""

    idle: timedelta
    longest: timedelta


def tell(limits):
    """Let `limits(user, at)` say how long somebody stays signed in (a Stay). Saying it twice is once."""
    if limits not in _told:
        _told.append(limits)


def begin(request, user):
    """The clock of this session starts here."""
    remember(request.session, user, timezone.now(), since=None)


def is_over(request) -> bool:
    """Whether this session has ended by itself; else this press is remembered. A stranger has none."""
    at = timezone.now()
    if not request.user.is_authenticated:
        return False
    since, seen, *_limits = request.session.get(STAY) or [None, None]
    if has_ended(request.session, at):
        return True
    if seen is None or (abs(at.timestamp() - seen) > SPREAD and not came_by_itself(request)):
        remember(request.session, request.user, at, since=since)
    return False


def has_ended(session, at) -> bool:
    """Whether the time of a session is over at that moment. One that tells nothing of it has not begun to count."""
    if STAY not in session:
        return False
    since, seen, idle, longest = session[STAY]
    return at.timestamp() - seen > idle or at.timestamp() - since > longest


def remember(session, user, at, *, since):
    stays = [limits(user, at) for limits in _told]
    now = int(at.timestamp())
    session[STAY] = [
        now if since is None else since, now, seconds(one.idle for one in stays),
        seconds(one.longest for one in stays),
    ]  # fmt: skip


def seconds(times) -> int:
    return int(min(times).total_seconds())
