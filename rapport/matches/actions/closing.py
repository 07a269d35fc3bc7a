"""Ending well: the points first, then one row that says how and why."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.matches.actions.beginning import NotReady
from rapport.matches.actions.moving import DayNotRight, move, not_ahead
from rapport.matches.actions.phases import Why, enter
from rapport.matches.actions.points import tick_codes
from rapport.matches.models import Closure, Match, Point


class AlreadyClosed(Refused):
    """The match is not open."""

    sentence = _("This match has ended already, or has never begun.")


@transaction.atomic
def close(match, *, reason, note, ended_on, words_by_code=None, by, at) -> Closure:
    """End an open match whose closing points are ticked; `words_by_code` ticks some of them in the same go.

    Nothing else is cancelled: what is due asks for open matches. A hold stays until its lead lets go. Raises
    AlreadyClosed, WordsMissing, NotReady with every reason, DayNotRight (requirements.md §4.6, §4.7).
    """
    there = Match.objects.select_for_update().filter(pk=match.pk, state__in=Match.OPEN)
    begun_on = there.values_list("begun_on", flat=True).first()
    if begun_on is None:
        raise AlreadyClosed(match)
    not_ahead(ended_on, match, at)
    if ended_on < begun_on:
        raise DayNotRight(match, _("The match had not begun on this day."))
    enter(match, Match.Phase.ENDING_WELL, why=Why.CLOSED, days={match: ended_on}, by=by, at=at)
    tick_codes(match, moment=Point.Moment.CLOSE, words_by_code=words_by_code or {}, by=by, at=at)
    reasons = unticked(match)
    if reasons:
        raise NotReady(match, reasons)
    if not move(match, to=Match.State.CLOSED, only_from=Match.OPEN, by=by, at=at, ended_on=ended_on):
        raise AlreadyClosed(match)
    match.pauses.filter(is_hold=False, ended_on=None).update(ended_on=ended_on)
    closure = Closure.objects.create(
        program_id=match.program_id,
        match=match,
        reason=reason,
        note=note,
        ended_on=ended_on,
        closed_at=at,
        closed_by=by,
    )
    record("match.closed", about=match, by=by, at=at, reason=reason, ended_on=str(ended_on))
    return closure


def unticked(match):
    """The closing points that must be ticked and are not, a sentence each, in their order."""
    points = Point.objects.required_for(Point.Moment.CLOSE).filter(match=match, kept_at=None, excused_at=None)
    return [str(_("Not ticked yet: %(what)s.") % {"what": point.label}) for point in points.order_by("pk")]
