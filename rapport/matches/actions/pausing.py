"""A match rests, and goes on.

A hold by the safeguarding lead must read like any other pause to everybody else (security.md §2.2, level 4). So who
paused or let go on stands for both kinds only in the sealed part of the trail; the history names nobody; and "not yet"
is one sentence, whatever its cause.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.actions.closing import AlreadyClosed
from rapport.matches.actions.moving import DayNotRight, NotAllowedNow, move, not_ahead, user_of
from rapport.matches.models import Match, Pause
from rapport.matches.questions import Readiness

SEALED = 4
ACTIVE, PAUSED = Match.State.ACTIVE, Match.State.PAUSED


class StaysPaused(Refused):
    """Somebody left, a restriction stands, or the match is held: the sentence does not say which."""

    sentence = _("This match stays paused for now. Ask the program's leadership.")


@transaction.atomic
def pause(match, *, reason, starts_on, back_on=None, by, at):
    """Let an active match rest. Raises NotAllowedNow where it is not active, DayNotRight."""
    not_ahead(starts_on, match, at)
    if starts_on < (match.begun_on or starts_on):
        raise DayNotRight(match, _("The match had not begun on this day."))
    if back_on and back_on < starts_on:
        raise DayNotRight(match, _("They cannot go on before they pause. Look at both days."))
    if not move(match, to=PAUSED, only_from=[ACTIVE], by=None, at=at):
        raise NotAllowedNow(match, _("This match is not active now, so it cannot be paused."))
    rest(match, starts_on=starts_on, back_on=back_on, reason=reason[:200], by=by)
    record("match.paused", about=match, by=None, at=at)
    record("match.paused-by", about=match, by=by, at=at, level=SEALED)


@transaction.atomic
def resume(match, *, by, at):
    """Let a paused match go on. Raises StaysPaused, NotAllowedNow where it is not paused."""
    lock_paused(match)
    readiness = Readiness([match], at)
    if match.pauses.filter(is_hold=True, ended_on=None).exists() or readiness.left(match) or readiness.apart(match):
        raise StaysPaused(match)
    match.pauses.filter(ended_on=None).update(ended_on=day_in(at, match.program.zone))
    go_on(match, by=by, at=at)


@transaction.atomic
def hold(match, *, by, at) -> Pause:
    """Stop all contact of an open match at once, whatever else rests; held twice by the same lead is one hold.

    Raises AlreadyClosed. It touches neither a pause that runs nor what others see of it.
    """
    there = Match.objects.select_for_update().filter(pk=match.pk, state__in=Match.OPEN)
    if not there.values("pk").first():
        raise AlreadyClosed(match)
    running = match.pauses.filter(is_hold=True, ended_on=None, made_by=user_of(by)).first()
    if running:
        return running
    if move(match, to=PAUSED, only_from=[ACTIVE], by=None, at=at):
        record("match.paused", about=match, by=None, at=at)
    record("match.held", about=match, by=by, at=at, level=SEALED)
    return rest(match, starts_on=day_in(at, match.program.zone), is_hold=True, by=by)


@transaction.atomic
def let_go(match, *, pause=None, by, at):
    """End a hold (this one, or all of them); the match goes on where nothing else keeps it paused. Twice is once."""
    Match.objects.select_for_update().filter(pk=match.pk).values("pk").first()
    held = match.pauses.filter(is_hold=True, ended_on=None)
    held = held.filter(pk=pause.pk) if pause else held
    if not held.update(ended_on=day_in(at, match.program.zone)):
        return
    record("match.let-go", about=match, by=by, at=at, level=SEALED)
    if not match.pauses.filter(ended_on=None).exists():
        go_on(match, by=by, at=at, is_must=False)


def go_on(match, *, by, at, is_must=True):
    if move(match, to=ACTIVE, only_from=[PAUSED], by=None, at=at):
        record("match.resumed", about=match, by=None, at=at)
        record("match.resumed-by", about=match, by=by, at=at, level=SEALED)
    elif is_must:
        raise NotAllowedNow(match)


def lock_paused(match):
    if not Match.objects.select_for_update().filter(pk=match.pk, state=PAUSED).values("pk").first():
        raise NotAllowedNow(match, _("This match is not paused."))


def rest(match, *, starts_on, back_on=None, reason="", is_hold=False, by):
    return Pause.objects.create(
        program_id=match.program_id,
        match=match,
        starts_on=starts_on,
        back_on=back_on,
        reason=reason,
        is_hold=is_hold,
        made_by=user_of(by),
    )
