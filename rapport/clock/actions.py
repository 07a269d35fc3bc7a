"""One pass of the clock, one of delivery, and one of long work."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from rapport.clock.timetable import TIMETABLE
from rapport.core.actions import beat
from rapport.core.models import Heartbeat
from rapport.core.refused import Refused
from rapport.imports.actions import work_next
from rapport.matching.actions.questions import answer_next
from rapport.matching.actions.recruiting import look_ahead_next
from rapport.outbox.actions import deliver_next
from rapport.portal.actions import foretell_next, tell_beside

log = logging.getLogger(__name__)

BATCH = 500


class ClockMayNotJump(Refused):
    """Only a demo may be moved through time."""


def tick(*, at: datetime, batch: int = BATCH) -> dict[str, int]:
    """Do everything that is due at that moment, in order. Returns how many of each; running it twice does nothing more.

    What stumbles does not keep the rest from being done; but then the clock does not beat, and everybody sees that.
    """
    done, stumbled = {}, []
    for entry in TIMETABLE:
        try:
            done[entry.name] = until_nothing_is_left(entry.do, at=at, limit=batch)
        except Exception as error:
            log.exception("%s: stumbled; the rest goes on", entry.name)
            stumbled.append(error)
    if stumbled:
        raise stumbled[0]
    beat("clock", at=timezone.now(), told=at.isoformat(), done=done)
    return done


def deliver(*, at: datetime, batch: int = 50) -> int:
    """Hand over every message that is due. Returns how many were looked at."""
    looked_at = until_nothing_is_left(deliver_next, at=at, limit=batch)
    beat("deliver", at=timezone.now(), looked_at=looked_at)
    return looked_at


def work(*, at: datetime, stop: Callable[[], bool]) -> int:
    """Do the long work that waits, one piece after the other, until `stop()`. Returns how many pieces it took."""
    done = 0
    while not stop() and more_work(stop):
        done += 1
    return done


def more_work(stop) -> int:
    """The next piece: what somebody waits for at a page, a question to matching or a look ahead, before a list; and
    last what nobody has asked for yet."""
    looked = answer_next() or foretell_next(stop=stop, tell=tell_beside)
    return looked or work_next(stop=stop) or look_ahead_next()


def until_nothing_is_left(do, *, at, limit) -> int:
    total = 0
    while done := do(at=at, limit=limit):
        total += done
    return total


def may_tell(at: datetime, *, now: datetime) -> datetime:
    """A told time, if the clock may be told it: outside a demo neither a future nor a past one.

    Raises ClockMayNotJump.
    """
    if settings.IS_DEMO:
        return at
    if at > now:
        raise ClockMayNotJump(at, "A time to come can be told to a demo only.")
    last = Heartbeat.objects.filter(name="clock").values_list("facts__told", flat=True).first()
    if last and at < datetime.fromisoformat(last):
        raise ClockMayNotJump(at, f"The clock has been at {last} already; only a demo goes back.")
    return at
