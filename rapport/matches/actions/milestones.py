"""Milestones, units and achievements that somebody writes down."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.matches.actions.moving import not_ahead
from rapport.matches.models import Achievement, Match, Milestone, UnitGiven


class ListedNoMore(Refused):
    """The program does not list this, or no longer."""

    sentence = _("The program no longer lists this. Choose another.")


class HasNotBegun(Refused):
    """A pair that never came to be has no milestones."""

    sentence = _("They are no pair. Nothing is written down for them.")


def hold(match):
    """Keep the match until this is written; its past may be written down after it ended, too. Raises HasNotBegun."""
    alive = Match.objects.select_for_update().filter(pk=match.pk).exclude(state=Match.State.NOT_BEGUN)
    if not alive.exists():
        raise HasNotBegun(match)


@transaction.atomic
def add_milestone(match, *, rule, on, attended=None, words="", level=0, form_id, by, at) -> Milestone:
    """Write down a day worth remembering, read by no more people than its kind allows (S1-04, S3-22 to S3-24).

    Raises HasNotBegun, DayNotRight, ListedNoMore.
    """
    hold(match)
    not_ahead(on, match, at)
    if rule.program_id != match.program_id:
        raise ListedNoMore(match)
    facts = {
        "program_id": match.program_id, "match": match, "code": rule.code, "label": rule.label, "on": on,
        "attended": attended if rule.asks_attended else None, "words": words, "level": max(level, rule.level),
        "made_by": by, "made_at": at,
    }  # fmt: skip
    row, is_new = Milestone.objects.get_or_create(form_id=form_id, defaults=facts)
    if is_new:
        record("milestone.added", about=row, by=by, at=at, code=rule.code, on=str(on))
    return row


@transaction.atomic
def take_back_milestone(row, *, by, at):
    """It was written down by mistake. Returns whether it still stood."""
    moved = Milestone.objects.standing().filter(pk=row.pk).update(taken_back_at=at)
    if moved:
        record("milestone.taken-back", about=row, by=by, at=at)
    return bool(moved)


@transaction.atomic
def give_unit(match, *, rule, on, by, at) -> UnitGiven:
    """A pair works through a unit from now on; one they have already is not given twice (S3-18)."""
    hold(match)
    if rule.program_id != match.program_id:
        raise ListedNoMore(match)
    facts = {"program_id": match.program_id, "label": rule.label, "given_on": on, "given_by": by, "given_at": at}
    row, is_new = UnitGiven.objects.get_or_create(match=match, code=rule.code, dropped_at=None, defaults=facts)
    if is_new:
        record("unit.given", about=row, by=by, at=at, code=rule.code)
    return row


@transaction.atomic
def say_unit(row, *, done_on, by, at):
    """A unit is done on a day, or (None) not done after all. Returns whether that was new."""
    moved = UnitGiven.objects.filter(pk=row.pk, dropped_at=None, done_on__isnull=done_on is not None)
    moved = moved.update(done_on=done_on)
    if moved:
        record("unit.done" if done_on else "unit.not-done", about=row, by=by, at=at)
    return bool(moved)


@transaction.atomic
def drop_unit(row, *, by, at):
    """It is no unit of theirs. Returns whether it was."""
    moved = UnitGiven.objects.filter(pk=row.pk, dropped_at=None).update(dropped_at=at)
    if moved:
        record("unit.dropped", about=row, by=by, at=at)
    return bool(moved)


@transaction.atomic
def add_achievement(participant, *, rule, on, words="", form_id, by, at) -> Achievement:
    """Write down what a mentor achieved for themselves (S3-26). Raises ListedNoMore."""
    if rule.program_id != participant.program_id:
        raise ListedNoMore(participant)
    facts = {
        "program_id": participant.program_id, "participant": participant, "code": rule.code, "label": rule.label,
        "on": on, "words": words, "made_by": by, "made_at": at,
    }  # fmt: skip
    row, is_new = Achievement.objects.get_or_create(form_id=form_id, defaults=facts)
    if is_new:
        record("achievement.added", about=row, by=by, at=at, code=rule.code)
    return row


@transaction.atomic
def take_back_achievement(row, *, by, at):
    """It was written down by mistake. Returns whether it still stood."""
    moved = Achievement.objects.filter(pk=row.pk, taken_back_at=None).update(taken_back_at=at)
    if moved:
        record("achievement.taken-back", about=row, by=by, at=at)
    return bool(moved)
