"""Bringing a staged list in batch by batch, and dropping it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.imports.actions.cells import from_cells
from rapport.imports.actions.staging import BATCH, SIDES
from rapport.imports.models import Import, Row
from rapport.people.actions import enroll
from rapport.people.enrolling import Outcome


class AlreadyDone(Refused):
    """The list was brought in or dropped before."""

    sentence = _("This list has been dealt with already.")


def apply_list(staged, *, by, at):
    """Bring a staged list in, batch by batch; each batch is whole or not there. Returns counts by outcome.

    Raises AlreadyDone. It may run again after a crash: people are known again by id or address, so nothing comes twice.
    """
    if staged.state != Import.State.STAGED:
        raise AlreadyDone(staged)
    counts = dict.fromkeys(Outcome, 0)
    counts[Outcome.BAD] = staged.rows.filter(outcome=Outcome.BAD).count()
    last = 0
    while rows := list(staged.rows.exclude(outcome=Outcome.BAD).filter(number__gt=last).order_by("number")[:BATCH]):
        for outcome in apply_batch(staged, rows, by=by, at=at):
            counts[outcome] += 1
        last = rows[-1].number
    finish(staged, by=by, at=at, counts=counts)
    return counts


@transaction.atomic
def apply_batch(staged, rows, *, by, at):
    """Bring one batch in; what a row did is written on it."""
    done = enroll(
        [from_cells(row.cells) for row in rows], program=staged.program, side=SIDES[staged.what], by=by, at=at
    )
    for row, planned in zip(rows, done, strict=True):
        row.outcome, row.column, row.reason = planned.outcome, planned.column, planned.reason
    Row.objects.bulk_update(rows, ["outcome", "column", "reason"], batch_size=BATCH)
    return [row.outcome for row in rows]


@transaction.atomic
def finish(staged, *, by, at, counts):
    moved = Import.objects.filter(pk=staged.pk, state=Import.State.STAGED).update(
        state=Import.State.APPLIED, applied_at=at
    )
    if not moved:
        raise AlreadyDone(staged)
    record("import.applied", about=staged, by=by, at=at, **{str(k): v for k, v in counts.items()})


@transaction.atomic
def drop(staged, *, by, at):
    """Forget a staged list; nobody was touched by it. Raises AlreadyDone."""
    moved = Import.objects.filter(pk=staged.pk, state=Import.State.STAGED).update(state=Import.State.DROPPED)
    if not moved:
        raise AlreadyDone(staged)
    staged.rows.all().delete()
    record("import.dropped", about=staged, by=by, at=at)
