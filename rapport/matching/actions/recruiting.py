"""Whom to look for next is worked out by the long work after each run, so that the page only reads it."""

from contextlib import suppress

from django.utils import timezone

from rapport.matching.calling import NoAnswer
from rapport.matching.models import Round
from rapport.matching.rounds import recruiting


def look_ahead_next() -> int:
    """Work it out for the next draft that nobody looked at so. Returns how many it took; 0 when none is left.

    Each is tried once, also where it ended the process: of one whose people changed since, or to which the engine found
    no answer, nothing is kept, and the page asks by itself.
    """
    kept = Round.objects.to_look_ahead().filter(program__archived_at=None).order_by("pk").select_related("program")
    for one in kept[:1]:
        if Round.objects.filter(pk=one.pk, recruit__isnull=True).update(recruit={}):
            keep_found(one)
        return 1
    return 0


def keep_found(one) -> None:
    with suppress(NoAnswer):
        found = recruiting.tried(one, timezone.now())
        Round.objects.filter(pk=one.pk).update(recruit=found or {})
