"""Staging a school's roster and bringing it in, pupils with their guardians."""

from django.db import transaction

from rapport.audit.actions import record
from rapport.imports import roster as rosters
from rapport.imports.actions.applying import AlreadyDone, finish
from rapport.imports.actions.cells import from_cells, to_cells
from rapport.imports.actions.deeds import note_deeds
from rapport.imports.actions.staging import BATCH, SIDES, judge
from rapport.imports.models import Import, Row
from rapport.imports.reading import BadCell
from rapport.people.actions import enroll
from rapport.people.enrolling import Outcome
from rapport.people.models import Participant
from rapport.programs.actions import sites_named


@transaction.atomic
def stage_roster(roster, *, file_name, program, by, at):
    """Stage a school's pupils as mentees. Their guardians come in with them, at bringing in."""
    named = {name for name in roster.schools.values() if name}
    standing = set(program.sites.filter(name__in=named).values_list("name", flat=True))
    sites = sites_named(sorted(named), program=program, by=by, at=at)
    staged = Import.objects.create(
        program=program,
        what="roster",
        file_name=file_name[:200],
        columns=["users.csv"],
        mapping={
            "passed_over": roster.passed_over,
            "made_sites": [site.pk for name, site in sites.items() if name not in standing],
        },
        brought_at=at,
        brought_by=by,
    )
    rows, good = [], []
    for key in roster.schools:
        row = Row(source=staged, number=roster.users[key][0], cells={}, outcome="bad")
        rows.append(row)
        try:
            newcomer = rosters.pupil(roster, key)
            row.cells = to_cells(newcomer)
        except BadCell as bad:
            row.column, row.reason = bad.column, bad.reason
        else:
            good.append((row, newcomer))
    judge(good, program=program, side=Participant.Side.MENTEE, at=at)
    Row.objects.bulk_create(rows, batch_size=BATCH)
    record("import.staged", about=staged, by=by, at=at, what="roster")
    return staged


@transaction.atomic
def apply_roster(staged, *, by, at):
    """Bring pupils and their guardians in, whole or not at all. Returns counts by outcome. Raises AlreadyDone."""
    if staged.state != Import.State.STAGED:
        raise AlreadyDone(staged)
    rows = list(staged.rows.exclude(outcome=Outcome.BAD).order_by("number"))
    pupils = enroll([from_cells(row.cells) for row in rows], program=staged.program, side=SIDES["roster"], by=by, at=at)
    note_deeds(zip(rows, pupils, strict=True))
    counts = dict.fromkeys(Outcome, 0) | {Outcome.BAD: staged.rows.filter(outcome=Outcome.BAD).count()}
    for planned in pupils:
        counts[planned.outcome] += 1
    new = sum(len(planned.guardianships) for planned in pupils)
    finish(staged, by=by, at=at, counts=counts | {"guardianships": new})
    return counts
