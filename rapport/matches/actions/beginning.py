"""Letting a proposed match begin, if nothing is missing."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.actions.moving import NotAllowedNow, move, not_ahead
from rapport.matches.actions.phases import Why, agreed, enter
from rapport.matches.actions.points import lay_points
from rapport.matches.agreement import signed_on
from rapport.matches.models import Match
from rapport.matches.questions import what_is_missing
from rapport.people.models import Participant
from rapport.tasks.actions import finish
from rapport.tasks.models import Task

WHAT_IS_MISSING = "matching/all-yes"  # of an app above: somebody looks at what is missing before they begin


class NotReady(Refused):
    """Something is missing; `reasons` says what, a sentence each."""

    def __init__(self, match, reasons):
        self.reasons = reasons
        super().__init__(match, " ".join(reasons))


class AlreadyBegun(Refused):
    """The match has begun already."""

    sentence = _("This match has begun already.")


@transaction.atomic
def begin(match, *, begun_on=None, by, at):
    """Let a proposed match begin on a day (today, where none is said).

    The match and its people are locked first, so neither a gate taken back nor another beginning slips in between:
    fifty at once fill a mentor's places and no more. Raises NotReady with every reason, AlreadyBegun, NotAllowedNow,
    DayNotRight (requirements.md §6.2).
    """
    begun_on = begun_on or day_in(at, match.program.zone)
    not_ahead(begun_on, match, at)
    state = lock(match)
    if state != Match.State.PROPOSED:
        raise AlreadyBegun(match) if state in (*Match.OPEN, Match.State.CLOSED) else NotAllowedNow(match)
    match.refresh_from_db(fields=["state", "coordinator"])
    reasons = what_is_missing(match, at)
    if reasons:
        raise NotReady(match, reasons)
    lay_points([match], at=at)
    changes = {"begun_at": at, "begun_on": begun_on}
    if not move(match, to=Match.State.ACTIVE, only_from=[Match.State.PROPOSED], by=by, at=at, **changes):
        raise AlreadyBegun(match)
    enter(match, Match.Phase.AGREEING_HOW, why=Why.BEGUN, days={match: begun_on}, by=by, at=at)
    if signed := signed_on([match]).get(match.pk):
        agreed(match, on=signed, by=by, at=at)
    nothing_is_missing(match, by=by, at=at)
    record("match.begun", about=match, by=by, at=at, begun_on=str(begun_on))


def nothing_is_missing(match, *, by, at):
    """Nobody looks any more at what is missing before they begin."""
    tasks = list(Task.objects.open().filter(kind=WHAT_IS_MISSING, about_id=match.pk))
    if tasks:
        finish(tasks, note=_("They have begun."), by=by, at=at)


def lock(match):
    """Keep this match and its people to this transaction, people in one order. Returns the match's state."""
    state = Match.objects.select_for_update().filter(pk=match.pk).values_list("state", flat=True).get()
    people = Participant.objects.filter(places__match=match).values("pk")
    list(Participant.objects.select_for_update().filter(pk__in=people).order_by("pk").values("pk"))
    return state
