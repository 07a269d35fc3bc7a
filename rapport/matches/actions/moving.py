"""One step in a match's life: a conditional update, and its row in the history."""

from django.utils.translation import gettext_lazy as _

from rapport.access.models import User
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.models import Change, Match


class NotAllowedNow(Refused):
    """The match is no longer where this step starts."""

    sentence = _("This match has changed meanwhile. Look at it again.")


class DayNotRight(Refused):
    """A day that cannot be: ahead, or before the match began."""

    sentence = _("This day cannot be right. Look at it again.")


def move(match, *, to, only_from, by, at, words="", **changes):
    """Move a match from one of these states to another. Returns whether it was still there; history gets one row."""
    there = Match.objects.select_for_update().filter(pk=match.pk, state__in=only_from)
    before = there.values_list("state", flat=True).first()
    if before is None or not Match.objects.filter(pk=match.pk, state=before).update(state=to, **changes):
        return False
    Change.objects.create(
        program_id=match.program_id,
        match=match,
        state_before=before,
        state=to,
        at=at,
        by=user_of(by),
        words=words[:300],
    )
    match.state = to
    for name, value in changes.items():
        setattr(match, name, value)
    return True


def user_of(by):
    """The user to name in a row: a person by the user they sign in with, the clock by none."""
    return by if isinstance(by, User) else getattr(by, "user", None)


def not_ahead(day, match, at):
    """What is written down has happened. Raises DayNotRight."""
    if day > day_in(at, match.program.zone):
        raise DayNotRight(match, _("This day is still to come. Write it down when it has come."))
