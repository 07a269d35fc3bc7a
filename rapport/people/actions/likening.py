"""Noting who may be one person, and that they are two."""

from django.db import transaction

from rapport.audit.actions import record
from rapport.people.likeness import alike
from rapport.people.models import Likeness

BATCH = 500


@transaction.atomic
def note_likenesses(people, *, at):
    """Note whom of the organization these new people may be. What somebody has said already stays so.

    Batch by batch, so that what is looked up stays small; all of them stand in the tables already.
    """
    for start in range(0, len(people), BATCH):
        found = alike(people[start : start + BATCH])
        new = [Likeness(first=one, second=other, why=why, found_at=at) for (one, other), why in found.items()]
        Likeness.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)


@transaction.atomic
def tell_apart(likeness, *, by, at):
    """Say that they are two. Returns whether nobody had said so before."""
    moved = Likeness.objects.open().filter(pk=likeness.pk).update(apart_at=at, apart_by=by)
    if moved:
        record("likeness.told-apart", about=likeness, by=by, at=at, first=likeness.first_id, second=likeness.second_id)
    return bool(moved)


def keep_rows_apart(pairs, *, by, at):
    """Somebody said of these that they are two, before the second was known here. Part of bringing in."""
    said = [
        Likeness(first=one, second=other, why="name", found_at=at, apart_at=at, apart_by=by) for one, other in pairs
    ]
    Likeness.objects.bulk_create(said, batch_size=BATCH, ignore_conflicts=True)
    for one, other in pairs:
        Likeness.objects.open().filter(first=one, second=other).update(apart_at=at, apart_by=by)
