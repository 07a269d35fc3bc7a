"""A list that waits for a word on its columns: kept for a short time, asked about, remembered for the next time."""

from datetime import timedelta
from functools import partial
from itertools import islice

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refs import new_ref
from rapport.core.refused import Refused
from rapport.imports import mapping as maps
from rapport.imports import proposing
from rapport.imports.files import open_table
from rapport.imports.guessing import LOOKED_AT, Samples
from rapport.imports.models import Import, MappingMemory

WAITS = timedelta(days=1)  # of the clock; then the file is gone, for there may be more in it than is ours to keep


class FileGone(Refused):
    """The file is no longer kept."""

    sentence = _("This file is no longer here: it is kept for a day at most. Bring it again.")


def hold(file, *, what, program, most=None, by, at):
    """Keep a list until somebody has said what its columns are. Nothing of its rows reaches the database.

    Up to `most` rows are read through, else the first: what cannot be read is said now. Raises Unreadable.
    """
    ref = new_ref()
    kept = default_storage.save(f"imports/{ref}", file)
    try:
        return note_held(
            Import(program=program, ref=ref, what=what, file_name=file.name[:200], columns=read_through(kept, most),
                   state=Import.State.MAPPING, kept_file=kept, brought_at=at, brought_by=by),
        )  # fmt: skip
    except BaseException:
        default_storage.delete(kept)
        raise


@transaction.atomic
def note_held(held):
    held.save()
    record("import.held", about=held, by=held.brought_by, at=held.brought_at, what=held.what)
    return held


def read_through(kept, most):
    """The headings of a list that can be read. Raises Unreadable."""
    with default_storage.open(kept) as file:
        table = open_table(file.file)
        for _row in table.at_most(most).rows if most else islice(table.rows, LOOKED_AT):
            pass
        return table.headings


def samples_of(held) -> Samples:
    """The first rows of a list that waits. Raises FileGone."""
    return Samples.of(held.columns, first_rows(held, LOOKED_AT))


def first_rows(held, most):
    """Number and cells of the first rows. Raises FileGone."""
    if not held.kept_file or not default_storage.exists(held.kept_file):
        raise FileGone(held)
    with default_storage.open(held.kept_file) as file:
        return list(islice(open_table(file.file).rows, most))


@transaction.atomic
def settle(held, *, chosen, is_as_last_time=False, by, at):
    """Say what the columns of a list are. It is read next, and lists with these headings are taken so from now on.

    A list that was looked at already is read anew. Raises MappingRefused, FileGone.
    """
    mapping = proposing.propose(held.columns, chosen, samples=samples_of(held), what=held.what)
    proposing.refuse_unfinished(mapping, held.what)
    said = {"fields": mapping.fields, "left_out": mapping.left_out}
    waiting = Import.objects.filter(pk=held.pk, state__in=[Import.State.MAPPING, Import.State.STAGED])
    new = {"state": Import.State.READING, "mapping": said | {"as_last_time": is_as_last_time}, "counts": {}}
    if not waiting.exclude(kept_file="").update(read_to=0, **new):
        raise FileGone(held)
    held.rows.all().delete()
    if not is_as_last_time and held.what != proposing.LOGS:
        remember(held.columns, chosen, what=held.what, program=held.program, by=by, at=at)
    record("import.mapped", about=held, by=by, at=at)
    held.refresh_from_db()


def remember(headings, chosen, *, what, program, by, at):
    """Take lists with these headings so from now on. The headings are remembered as they stand in the file."""
    MappingMemory.objects.update_or_create(
        program=program,
        what=what,
        headings=maps.headings_key(headings),
        defaults={"chosen": chosen, "kept_at": at, "kept_by": by},
    )


def remembered(headings, *, what, program):
    """What was chosen the last time for a list with these headings, or None."""
    rows = MappingMemory.objects.filter(program=program, what=what, headings=maps.headings_key(headings))
    return rows.values_list("chosen", flat=True).first()


def let_the_file_go(staged):
    """Forget the file of a list that needs it no more, when this is sure."""
    name = staged.kept_file
    if name:
        Import.objects.filter(pk=staged.pk, kept_file=name).update(kept_file="")
        transaction.on_commit(lambda: default_storage.delete(name))


@transaction.atomic
def forget_files(*, at, limit):
    """Drop lists whose columns nobody named within a day, and forget the files of others. Returns how many.

    Files no list names go besides, and count for nothing: they are gone only when this is sure.
    """
    for name in stray_files(at=at)[:limit]:
        transaction.on_commit(partial(default_storage.delete, name))
    old = Import.objects.filter(brought_at__lte=at - WAITS).exclude(kept_file="")
    waiting = list(old.exclude(state__in=[Import.State.READING, Import.State.APPLYING]).order_by("pk")[:limit])
    for one in waiting:
        moved = Import.objects.filter(pk=one.pk, state=Import.State.MAPPING).update(state=Import.State.DROPPED)
        let_the_file_go(one)
        if moved:
            record("import.dropped", about=one, by=None, at=at)
    return len(waiting)


def stray_files(*, at):
    """Names of files older than a day that no list names: whoever kept one was cut off before its list stood."""
    try:
        names = [f"imports/{name}" for name in default_storage.listdir("imports")[1]]
        old = [name for name in names if default_storage.get_modified_time(name) <= at - WAITS]
    except FileNotFoundError:  # none was ever kept, or one went meanwhile: the clock comes again
        return []
    named = set(Import.objects.exclude(kept_file="").values_list("kept_file", flat=True)) if old else set()
    return [name for name in old if name not in named]
