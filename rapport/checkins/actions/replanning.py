"""A promise to ask was changed: what it laid out ahead is laid out anew."""

from django.db import transaction

from rapport.checkins.actions.planning import AHEAD
from rapport.checkins.models import CheckIn, Rhythm


@transaction.atomic
def replan(promise, *, at):
    """Take back what is not due yet and stands in no ask; the clock lays it out anew. Returns how many were planned.

    Nothing was owed or asked of it, so nothing is lost. What is due already stays as it is.
    """
    planned = CheckIn.objects.open().filter(promise=promise, ask=None, due_at__gt=at)
    gone, _of = planned.delete()
    Rhythm.objects.filter(program=promise.program_id, looked_until_at__gt=at - AHEAD).update(
        looked_until_at=at - AHEAD, next_at=at
    )
    return gone
