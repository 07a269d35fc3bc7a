"""Staging a school's roster and bringing it in, pupils with their guardians; again and again, as the school has it."""

from django.db import transaction

from rapport.audit.actions import record
from rapport.imports import roster as rosters
from rapport.imports.actions import addresses, syncing
from rapport.imports.actions.cells import from_cells, to_cells
from rapport.imports.actions.deeds import note_deeds
from rapport.imports.actions.staging import BATCH, SIDES, added
from rapport.imports.maybes import note_maybes
from rapport.imports.models import Import, Row
from rapport.imports.reading import BadCell
from rapport.people import enrolling
from rapport.people.actions import enroll
from rapport.people.enrolling import Outcome
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
            "source": roster.source,
            "passed_over": roster.passed_over,
            "made_sites": [site.pk for name, site in sites.items() if name not in standing],
            "names_guardians": roster.names_guardians,
            "unclear": sorted(roster.unclear & set(roster.schools)),
            "gone": syncing.gone(roster, program=program),
        },
        brought_at=at,
        brought_by=by,
    )
    rows, good = read_pupils(roster, staged)
    before = syncing.said_before(staged, [one for _, one in good])
    news = syncing.only_news([one for _, one in good], before)
    planned = enrolling.plan(news, program=program, side=SIDES["roster"], at=at)
    foretell([row for row, _ in good], planned, before, staged=staged, at=at)
    note_maybes([row for row, _ in good], [newcomer for _, newcomer in good], program)
    held = syncing.held_back(planned, at.astimezone(program.zone).date())
    Row.objects.bulk_create(rows, batch_size=BATCH)
    staged.mapping |= {"held": held}
    staged.counts = added({}, rows)
    staged.save(update_fields=["mapping", "counts"])
    record("import.staged", about=staged, by=by, at=at, what="roster")
    return staged


def read_pupils(roster, staged):
    """A row for each pupil, and with those that can be read who it names."""
    rows, good = [], []
    for key in roster.schools:
        row = Row(source=staged, number=roster.users[key][0], cells={}, outcome=Outcome.BAD)
        rows.append(row)
        try:
            newcomer = rosters.pupil(roster, key)
            row.cells = to_cells(newcomer)
        except BadCell as bad:
            row.column, row.reason = bad.column, bad.reason
        else:
            good.append((row, newcomer))
    return rows, good


def foretell(rows, planned, before, *, staged, at):
    """Write into each row what it does. Returns what ends, and what is renewed: {place of a row: guardianships},
    {place of a row: addresses}."""
    program, said = staged.program, staged.mapping
    speaks, unclear = said.get("names_guardians", False), set(said.get("unclear", []))
    ends = syncing.ending(planned, speaks=speaks, unclear=unclear, program=program)
    renewals = addresses.look(planned, before, on=at.astimezone(program.zone).date())
    sites = dict(program.sites.values_list("pk", "name"))
    for place, (row, plan) in enumerate(zip(rows, planned, strict=True)):
        syncing.note_changes(row, plan, ends.get(place, []), renewals.get(place, []), sites)
    return ends, renewals


def bringing_roster(staged):
    """What brings a batch of pupils and their guardians in, and writes on each row what it changed."""
    before = syncing.said_before(staged)
    by, at = staged.asked_by, staged.asked_at

    def bring(rows):
        news = syncing.only_news([from_cells(row.cells) for row in rows], before)
        pupils = enroll(news, program=staged.program, side=SIDES["roster"], by=by, at=at)
        ends, renewals = foretell(rows, pupils, before, staged=staged, at=at)
        syncing.carry_out(pupils, ends, renewals, on=at.astimezone(staged.program.zone).date(), by=by, at=at)
        Row.objects.bulk_update(rows, ["outcome", "column", "reason", "changes"], batch_size=BATCH)
        note_deeds(zip(rows, pupils, strict=True))

    return bring
