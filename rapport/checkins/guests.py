"""How often somebody may press on the page of an ask; who presses is told by `outbox.guests`."""

from datetime import timedelta

from django.db.models import Count

from rapport.checkins.models import Answer
from rapport.outbox.guests import HOUR, counted, guesses_too_often, is_suspect

__all__ = ["guesses_too_often", "is_suspect", "presses_too_often", "wants_links_too_often"]

# How often is too often: no figure of the field. High enough that no person meets it, low enough that a machine does.
PRESSES, NEW_LINKS = 30, 3  # of one ask, of one person within an hour


def presses_too_often(ask, at) -> bool:
    """Each press is kept with the answers it gave, one for each card, so they are counted where they lie."""
    lately = Answer.objects.filter(check_in__ask=ask, answered_at__gt=at - timedelta(seconds=HOUR))
    return lately.aggregate(presses=Count("form_id", distinct=True))["presses"] >= PRESSES


def wants_links_too_often(link) -> bool:
    return counted(f"ask-new:{link.program_id}:{link.person_id}", HOUR) > NEW_LINKS
