"""Somebody rests from all their matches at once, and comes back to those that rested for it.

Each match keeps a pause of its own, so one may go on sooner, and one that rests for another reason, too, stays as it is
when they are back. A hold reads like any other pause here, as everywhere.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.actions.moving import DayNotRight, move, user_of
from rapport.matches.actions.pausing import SEALED, go_on, rest
from rapport.matches.models import Away, Match, Pause
from rapport.matches.questions import Readiness

ACTIVE, PAUSED = Match.State.ACTIVE, Match.State.PAUSED


class AlreadyAway(Refused):
    """Their matches rest already."""

    sentence = _("They rest already. Let them come back first.")


class NothingToPause(Refused):
    """Nobody can rest from no match."""

    sentence = _("They have no open match here.")


@transaction.atomic
def rest_from_all(person, matches, *, program, reason="", starts_on, back_on=None, by, at) -> Away:
    """Let these open matches of somebody rest until they are back. Raises AlreadyAway, NothingToPause, DayNotRight.

    A match that rests already gets a pause for them, too: it goes on when nothing keeps it any more.
    """
    require_days(starts_on, back_on, program, at)
    asked = Match.objects.open().filter(pk__in=[match.pk for match in matches])
    still = set(asked.select_for_update().values_list("pk", flat=True))
    matches = [match for match in matches if match.pk in still]
    if not matches:
        raise NothingToPause(person)
    try:
        with transaction.atomic():
            away = Away.objects.create(
                program=program, person=person, starts_on=starts_on, back_on=back_on, reason=reason[:200],
                made_by=user_of(by),
            )  # fmt: skip
    except IntegrityError:
        raise AlreadyAway(person) from None
    for match in matches:
        if move(match, to=PAUSED, only_from=[ACTIVE], by=None, at=at):
            record("match.paused", about=match, by=None, at=at)
            record("match.paused-by", about=match, by=by, at=at, level=SEALED)
        first = max(starts_on, match.begun_on)
        pause = rest(match, starts_on=first, back_on=back_on, reason=reason[:200], by=by)
        Pause.objects.filter(pk=pause.pk).update(away=away)
    return away


def require_days(starts_on, back_on, program, at):
    if starts_on > day_in(at, program.zone):
        raise DayNotRight(program, _("This day is still to come. Write it down when it has come."))
    if back_on and back_on < starts_on:
        raise DayNotRight(program, _("They cannot go on before they pause. Look at both days."))


@transaction.atomic
def come_back_to_all(away, *, by, at) -> list[Match]:
    """They are back: what rested for them alone goes on. Returns those that still rest. Twice is once."""
    today = day_in(at, away.program.zone)
    if not Away.objects.filter(pk=away.pk, ended_on=None).update(ended_on=max(today, away.starts_on)):
        return []
    theirs = Match.objects.filter(pauses__away=away, pauses__ended_on=None, state=PAUSED)
    matches = list(theirs.select_related("program").with_people().select_for_update(of=("self",)))
    readiness = Readiness(matches, at)
    return [match for match in matches if not goes_on(match, away, readiness, today, by, at)]


def goes_on(match, away, readiness, today, by, at):
    """End their pause, where nothing else speaks against it; whether the match goes on then."""
    if readiness.left(match) or readiness.apart(match):
        return False
    match.pauses.filter(away=away, ended_on=None).update(ended_on=today)
    if match.pauses.filter(ended_on=None).exists():
        return False
    go_on(match, by=by, at=at)
    return True


def settle_away(stays, goes, at):
    """Both rest: what paused the other's matches goes on with the one that stays."""
    Pause.objects.filter(away=goes).update(away=stays)
    Away.objects.filter(pk=goes.pk).update(ended_on=goes.starts_on)
