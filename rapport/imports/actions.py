"""Staging a list, bringing it in, dropping it. Staging writes nothing about anybody; bringing in goes by batches."""

from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.imports import mapping as maps
from rapport.imports import roster as rosters
from rapport.imports.models import Import, Row
from rapport.imports.reading import BadCell, read_row
from rapport.people import enrolling
from rapport.people.actions import enroll, entrust, save_guardians
from rapport.people.enrolling import Newcomer, Outcome
from rapport.people.models import Participant
from rapport.programs.actions import sites_named

BATCH = 500
SIDES = {"mentors": Participant.Side.MENTOR, "mentees": Participant.Side.MENTEE, "roster": Participant.Side.MENTEE}


class AlreadyDone(Refused):
    """The list was brought in or dropped before."""

    sentence = _("This list has been dealt with already.")


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


def to_cells(newcomer):
    said = {name: value for name, value in asdict(newcomer).items() if value not in ("", None, {})}
    return said | ({"born_on": newcomer.born_on.isoformat()} if newcomer.born_on else {})


def from_cells(cells):
    born_on = cells.get("born_on")
    return Newcomer(**(cells | {"born_on": date.fromisoformat(born_on) if born_on else None}))


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


@transaction.atomic
def stage_roster(roster, *, file_name, program, by, at):
    """Stage a school's pupils as mentees. Their guardians come in with them, at bringing in."""
    staged = Import.objects.create(
        program=program,
        what="roster",
        file_name=file_name[:200],
        columns=["users.csv"],
        mapping={"passed_over": roster.passed_over},
        brought_at=at,
        brought_by=by,
    )
    sites_named(sorted({name for name in roster.schools.values() if name}), program=program, by=by, at=at)
    rows, good = [], []
    for key in roster.schools:
        row = Row(source=staged, number=roster.users[key][0] if key in roster.users else 0, cells={}, outcome="bad")
        rows.append(row)
        try:
            newcomer = rosters.pupil(roster, key)
            row.cells = to_cells(newcomer) | {"guardians": guardians_of(roster, key)}
        except BadCell as bad:
            row.column, row.reason = bad.column, bad.reason
        except KeyError:
            row.reason = f"{key} has a role, but is not in users.csv."
        else:
            good.append((row, newcomer))
    judge(good, program=program, side=Participant.Side.MENTEE, at=at)
    Row.objects.bulk_create(rows, batch_size=BATCH)
    record("import.staged", about=staged, by=by, at=at, what="roster")
    return staged


def guardians_of(roster, key):
    """A pupil's guardians as cells. Raises BadCell, which keeps the whole pupil out: half a family helps nobody."""
    return [to_cells(rosters.guardian(roster, adult)) for adult, child in roster.guardians if child == key]


@transaction.atomic
def apply_roster(staged, *, by, at):
    """Bring pupils and their guardians in, whole or not at all. Returns counts by outcome. Raises AlreadyDone."""
    if staged.state != Import.State.STAGED:
        raise AlreadyDone(staged)
    rows = list(staged.rows.exclude(outcome=Outcome.BAD).order_by("number"))
    families = [(row, row.cells.pop("guardians", [])) for row in rows]
    pupils = enroll([from_cells(row.cells) for row in rows], program=staged.program, side=SIDES["roster"], by=by, at=at)
    pairs = []
    for (_row, adults), planned in zip(families, pupils, strict=True):
        if planned.outcome != Outcome.BAD:
            pairs += [(from_cells(cells), planned.person) for cells in adults]
    brought = save_guardians([n for n, _ in pairs], organization=staged.program.organization, by=by, at=at)
    couples = [(adult, child) for adult, (_, child) in zip(brought, pairs, strict=True)]
    new = entrust(couples, relation="guardian", starts_on=at.astimezone(staged.program.zone).date(), by=by, at=at)
    counts = dict.fromkeys(Outcome, 0) | {Outcome.BAD: staged.rows.filter(outcome=Outcome.BAD).count()}
    for planned in pupils:
        counts[planned.outcome] += 1
    finish(staged, by=by, at=at, counts=counts | {"guardianships": new})
    return counts


def batches(rows, size):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
