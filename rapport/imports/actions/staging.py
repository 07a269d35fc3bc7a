"""Staging a list: each row judged, nothing written about anybody."""

from django.db import transaction

from rapport.audit.actions import record
from rapport.imports import mapping as maps
from rapport.imports.actions.cells import to_cells
from rapport.imports.models import Import, Row
from rapport.imports.reading import BadCell, read_row
from rapport.people import enrolling
from rapport.people.enrolling import Outcome
from rapport.people.models import Participant

BATCH = 500
SIDES = {"mentors": Participant.Side.MENTOR, "mentees": Participant.Side.MENTEE, "roster": Participant.Side.MENTEE}


@transaction.atomic
def stage_list(table, *, what, file_name, program, chosen=None, by, at):
    """Stage a list of people: each row new, changed, unchanged or bad with its reason. Writes about nobody.

    Raises MappingRefused, Unreadable; then nothing is staged.
    """
    mapping = maps.propose(table.headings, chosen)
    staged = Import.objects.create(
        program=program,
        what=what,
        file_name=file_name[:200],
        columns=table.headings,
        mapping={"fields": mapping.fields, "left_out": mapping.left_out},
        brought_at=at,
        brought_by=by,
    )
    seen: dict[str, int] = {}
    for batch in batches(table.rows, BATCH):
        Row.objects.bulk_create(staged_rows(staged, batch, mapping, seen, at=at))
    record("import.staged", about=staged, by=by, at=at, what=what)
    return staged


def staged_rows(staged, batch, mapping, seen, *, at):
    """The rows of one batch, judged against those before it and against who is known."""
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
    judge(good, program=staged.program, side=SIDES[staged.what], at=at)
    return rows


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
    for key in keys:
        if key in seen:
            raise BadCell("", f"This is the same person as in row {seen[key]}.")
    seen.update(dict.fromkeys(keys, number))


def kept_cells(columns, cells, mapping):
    """What a bad row shows: its mapped cells alone, cut short. Nothing that was left out is kept."""
    pairs = zip(columns, cells, strict=False)
    return {"as typed": {heading: cell[:200] for heading, cell in pairs if heading in mapping.fields}}


def batches(rows, size):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
