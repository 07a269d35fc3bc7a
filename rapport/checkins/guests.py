"""How often somebody may press on the page of an ask; who presses is told by `outbox.guests`."""

from datetime import timedelta

from django.db.models import Count

from rapport.checkins.models import Answer
from rapport.outbox.guests import HOUR

PRESSES = 30  # of one ask within an hour; no figure of the field: no person meets it, a machine does


def presses_too_often(ask, at) -> bool:
    """Each press is kept with the answers it gave, one for each card, so they are counted where they lie."""
    lately = Answer.objects.filter(check_in__ask=ask, answered_at__gt=at - timedelta(seconds=HOUR))
    return lately.aggregate(presses=Count("form_id", distinct=True))["presses"] >= PRESSES
