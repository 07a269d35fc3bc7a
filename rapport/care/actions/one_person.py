"""What follows in the work of staff when two records are put together."""

from django.db.models import Q

from rapport.care.actions.parting import ALL_AT_ONCE, part_work
from rapport.care.models import Standing
from rapport.checkins.actions import look_anew, withdraw_from
from rapport.checkins.actions.joining import settle_asks_of
from rapport.matches.actions.restricting import call_about_restrictions
from rapport.matches.actions.reviewing import call_to_ask_first
from rapport.matches.models import Match


def follow_one_person(person, *, by, at):
    """Two records were put together: what holds for either holds for the kept person, at once and in their work."""
    settle_asks_of(person, at=at)
    withdraw_from([person.pk], at=at)
    theirs = Q(members__participant__person=person) | Q(members__participant__person__guardians__adult=person)
    matches = Match.objects.open().filter(theirs).distinct()
    look_anew(matches, at=at)
    Standing.objects.filter(match__in=matches.values("pk"), next_look_at__isnull=False).update(next_look_at=at)
    part_work(at=at, limit=ALL_AT_ONCE)
    call_about_restrictions(at=at, limit=ALL_AT_ONCE)
    call_to_ask_first(at=at, limit=ALL_AT_ONCE)
