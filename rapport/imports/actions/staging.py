"""Staging a list: each row judged, nothing written about anybody. By batches, so that a long one can be resumed."""

from itertools import chain, islice

from django.db import transaction
from django.utils import timezone

from rapport.audit.actions import record
from rapport.imports import mapping as maps
from rapport.imports import proposing
from rapport.imports.actions.cells import to_cells
from rapport.imports.actions.columns import let_the_file_go
from rapport.imports.actions.holding import LEASE, Interrupted, Stop, Tell, me, never, nobody_listens, step
from rapport.imports.actions.logs import logs_read
from rapport.imports.actions.pairs import pairs_read
from rapport.imports.guessing import LOOKED_AT, Samples
from rapport.imports.maybes import note_maybes
from rapport.imports.models import Import, Row
from rapport.imports.reading import BadCell, read_row
from rapport.imports.seen import Seen
from rapport.people import enrolling
from rapport.people.enrolling import Outcome
from rapport.people.models import Participant

BATCH = 500
SIDES = {
    "mentors": Participant.Side.MENTOR,
    "volunteers": Participant.Side.MENTOR,  # mentors to be: a list meets no gate
    "mentees": Participant.Side.MENTEE,
    "roster": Participant.Side.MENTEE,
}


READING = {proposing.PAIRS: pairs_read, proposing.LOGS: logs_read}  # the others are people


def stage_list(
    table, *, what, file_name, program, chosen=None, stop: Stop = never, tell: Tell = nobody_listens, by, at
):
    """Stage a list of people, pairs or meetings: each row new, changed, unchanged or bad with its reason. Writes about
    nobody.

    Raises MappingRefused, Unreadable; then nothing is staged, and neither where whoever waits for it gives up.
    """
    staged = begin_reading(table, what=what, file_name=file_name, program=program, chosen=chosen, by=by, at=at)
    try:
        read_on(staged, table, stop=stop, tell=tell)
    except BaseException:
        forget(staged)
        raise
    return staged


def begin_reading(table, *, what, file_name, program, chosen, by, at):
    """A list that this process reads. Raises MappingRefused, also where only a person can tell what a column is."""
    first = list(islice(table.rows, LOOKED_AT))
    table.rows = chain(first, table.rows)
    mapping = proposing.propose(table.headings, chosen, samples=Samples.of(table.headings, first), what=what)
    proposing.refuse_unfinished(mapping, what)
    return Import.objects.create(
        program=program,
        what=what,
        file_name=file_name[:200],
        columns=table.headings,
        mapping={"fields": mapping.fields, "left_out": mapping.left_out},
        state=Import.State.READING,
        brought_at=at,
        brought_by=by,
        lease_until=timezone.now() + LEASE,
        leased_by=me(),
    )


def read_on(staged, table, *, stop: Stop = never, tell: Tell = nobody_listens):
    """Read a list from where its reading broke off. Raises Unreadable, Interrupted."""
    read = READING.get(staged.what, people_read)
    for rows in read(staged, batches(table.rows, BATCH), stop=stop):
        keep_batch(staged, rows)
        tell(staged)
    finish_reading(staged)


def people_read(staged, batches, *, stop):
    """The rows of each batch that is not read yet, judged. Raises Interrupted."""
    mapping = maps.Mapping(staged.mapping["fields"], staged.mapping["left_out"])
    seen, already = Seen(), staged.read_to
    for batch in batches:
        if stop():
            raise Interrupted(staged)
        rows, good = read_batch(staged, batch, mapping, seen)
        if batch[-1][0] > already:
            judge(good, program=staged.program, side=SIDES[staged.what], at=staged.brought_at)
            note_maybes([row for row, _ in good], [newcomer for _, newcomer in good], staged.program)
            yield rows
    seen.close()


@transaction.atomic
def keep_batch(staged, rows):
    """Keep the rows of a batch, and how far the reading is."""
    step(staged, counts=added(staged.counts, rows), read_to=rows[-1].number)
    Row.objects.bulk_create(rows, batch_size=BATCH)


def added(counts, rows, sign=1):
    """The counts with these rows put to them."""
    total = dict.fromkeys(map(str, Outcome), 0) | counts
    for row in rows:
        total[str(row.outcome)] += sign
    return total


@transaction.atomic
def finish_reading(staged):
    """The list can be looked at. Raises Interrupted."""
    step(staged, counts=added(staged.counts, []), state=Import.State.STAGED)
    Import.objects.filter(pk=staged.pk).update(lease_until=None, leased_by="")
    record("import.staged", about=staged, by=staged.brought_by, at=staged.brought_at, what=staged.what)
    if not staged.mapping.get("as_last_time"):  # else its columns may still be said to be others
        let_the_file_go(staged)


def forget(staged):
    """Leave no trace of a list that could not be read to its end."""
    with transaction.atomic():
        staged.rows.all().delete()
        Import.objects.filter(pk=staged.pk).delete()


def read_batch(staged, batch, mapping, seen):
    """The rows of one batch, and with them who the good ones name; none is somebody an earlier row named."""
    rows, good = [], []
    for number, cells in batch:
        row = Row(source=staged, number=number, cells={}, outcome=Outcome.BAD)
        rows.append(row)
        try:
            newcomer = read_row(staged.columns, cells, mapping, source=f"list:{staged.program.slug}")
            refuse_twice(newcomer, number, seen)
        except BadCell as bad:
            row.column, row.reason = bad.column, bad.reason
            row.cells = kept_cells(staged.columns, cells, mapping)
        else:
            row.cells = to_cells(newcomer)
            good.append((row, newcomer))
    return rows, good


def judge(good, *, program, side, at):
    """Write into each row what bringing it in would do."""
    planned = enrolling.plan([newcomer for _, newcomer in good], program=program, side=side, at=at)
    for (row, _newcomer), plan in zip(good, planned, strict=True):
        row.outcome, row.column, row.reason = plan.outcome, plan.column, plan.reason


def refuse_twice(newcomer, number, seen):
    """The same person on two rows of one list is put right by a person. Raises BadCell."""
    by_id = f"id:{newcomer.external_id}" if newcomer.external_id else ""
    by_address = f"{newcomer.email} {newcomer.given_name.casefold()}" if newcomer.email else ""
    keys = [key for key in (by_id, by_address) if key]
    if first := seen.row_of(keys):
        raise BadCell("", f"This is the same person as in row {first}.")
    seen.note(keys, number)


def kept_cells(columns, cells, mapping):
    """What a bad row shows: its mapped cells alone, cut short. Nothing that was left out is kept."""
    if len(cells) != len(columns) and any(maps.why_never(name) or maps.is_protected(name) for name in mapping.left_out):
        return {"as typed": {}}  # nobody can tell under which heading a password stands
    pairs = zip(columns, cells, strict=False)
    return {
        "as typed": {
            heading: cell[:200].replace("\0", "\ufffd") for heading, cell in pairs if heading in mapping.fields
        }
    }


def batches(rows, size):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
