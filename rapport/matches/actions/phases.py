"""Entering a phase: forward only, once, with its day and why. What enters it is written in the act that causes it."""

from django.db import transaction

from rapport.audit.actions import record_many
from rapport.core.months import day_in
from rapport.matches.actions.moving import user_of
from rapport.matches.models import Match, PhaseStep

ORDER = [phase.value for phase in Match.Phase]
Why = PhaseStep.Why


@transaction.atomic
def enter(matches, phase, *, why, days=None, by, at):
    """Let these matches enter a phase; those that are in it, or further on, stay. Returns how many did.

    `days`: {match: the day}, where it is not today; never before the day on which they entered the phase before
    (requirements.md S2-14).
    """
    asked = [matches] if isinstance(matches, Match) else list(matches)
    behind = Match.objects.filter(pk__in=[match.pk for match in asked], phase__in=before(phase))
    there = set(behind.select_for_update().values_list("pk", flat=True))
    moved = [match for match in asked if match.pk in there]
    Match.objects.filter(pk__in=there).update(phase=phase)
    write_steps(moved, phase, why=why, days=days or {}, by=by, at=at)
    record_many("match.phase", about=moved, by=by, at=at, phase=str(phase), why=str(why))
    return len(moved)


def before(phase):
    return ORDER[: ORDER.index(phase)]


def write_steps(matches, phase, *, why, days, by, at):
    """The rows of a phase that these matches are in from now on."""
    last = {}
    for step in PhaseStep.objects.filter(match__in=[match.pk for match in matches]):
        last[step.match_id] = max(step.entered_on, last.get(step.match_id, step.entered_on))
    steps = [
        PhaseStep(
            program_id=match.program_id, match=match, phase=phase, entered_on=day_of(match, days, last, at), why=why,
            by=user_of(by), at=at,
        )
        for match in matches
    ]  # fmt: skip
    PhaseStep.objects.bulk_create(steps, batch_size=500, ignore_conflicts=True)
    for match in matches:
        match.phase = phase


def day_of(match, days, last, at):
    day = days.get(match) or day_in(at, match.program.zone)
    return max(day, last.get(match.pk, day))


def agreed(match, *, on, by, at):
    """All have signed how they go about it: an open pair grows from that day on; one not begun waits for it."""
    if not Match.objects.open().filter(pk=match.pk).exists():
        return 0
    return enter(match, Match.Phase.GROWING, why=Why.AGREED, days={match: on}, by=by, at=at)
