"""A list from the command line: staged, brought in unless it is a rehearsal, and reported."""

from django.utils import timezone

from rapport.core.refused import Refused
from rapport.imports import actions
from rapport.imports.actions import nightly
from rapport.imports.actions.holding import Stop, Tell, never, nobody_listens
from rapport.imports.files import open_table
from rapport.imports.mapping import read_map
from rapport.imports.models import Row
from rapport.imports.proposing import LOGS
from rapport.imports.questions import counts_of, gone_of
from rapport.imports.schools import read_school
from rapport.people.enrolling import Outcome


class Stopped(Refused):
    """Whoever waited for it gave up; what is in stays in."""


def bring_in(
    files, *, what, program, map_file=None, dry_run=False, unattended=False, stop: Stop = never,
    tell: Tell = nobody_listens, at,
):  # fmt: skip
    """Stage and bring in. Returns `{program, as, rows, created, updated, unchanged, bad: [{row, column, reason}]}`.

    Raises Unreadable, MappingRefused, Refused; then nothing has changed. A rehearsal changes nothing either. Raises
    Stopped between two batches where `stop()` says so; the same files again bring in the rest. `unattended`: by a
    machine, every night; a broken roster is told to a person, and one that takes much away waits for one: raises Waits.
    """
    if what == "roster":
        staged = stage_school(files, program=program, unattended=unattended, at=at)
    else:
        staged = stage_one(files, what=what, program=program, map_file=map_file, stop=stop, tell=tell, at=at)
    if dry_run:
        report = told(staged, counts_of([staged])[staged.pk])
        actions.drop(staged, by=None, at=at)
        return report
    if unattended and what == "roster":
        wait_where_it_takes_much(staged, at=at)
    if map_file and what != "roster":
        actions.remember(staged.columns, read_map(map_file), what=what, program=program, by=None, at=at)
    return told(staged, apply(staged, stop=stop, tell=tell, at=at))


def stage_school(files, *, program, unattended, at):
    """Stage a school's roster. Raises Unreadable; where nobody watches, a person is called about it."""
    try:
        roster = read_school(files, on=at.astimezone(program.zone).date())
        name = ", ".join(file.name for file in files)
        staged = actions.stage_roster(roster, file_name=name, program=program, by=None, at=at)
    except Refused as refusal:
        if unattended:
            nightly.note_broken(files, str(refusal), program=program, at=at)
        raise
    if unattended:
        nightly.note_origin(staged, files)
    return staged


def wait_where_it_takes_much(staged, *, at):
    """The roster of tonight takes the place of one that waits since another night. Raises Waits."""
    for one in nightly.overtaken_by(staged):
        actions.drop(one, by=None, at=at)
    if why := nightly.look_first(staged, at=at):
        raise nightly.Waits(staged, why)


def stage_one(files, *, what, program, map_file, stop, tell, at):
    if len(files) > 1:
        raise Refused(files, "One list at a time, please.")
    table = open_table(files[0])
    if what == "volunteers" and actions.names_supervisors(table.headings):
        return actions.stage_supervisors(table, file_name=files[0].name, program=program, by=None, at=at)
    last = None if what == LOGS else actions.remembered(table.headings, what=what, program=program)
    chosen = read_map(map_file) if map_file else last
    try:
        staged = actions.stage_list(
            table, what=what, file_name=files[0].name, program=program, chosen=chosen, stop=stop, tell=tell,
            by=None, at=at,
        )  # fmt: skip
    except actions.Interrupted as stopped:
        raise Stopped(None, "Stopped while reading. Nothing was changed.") from stopped
    staged.notes = table.notes
    return staged


def apply(staged, *, stop, tell, at):
    """Bring it in. Raises Stopped."""
    if in_one := actions.IN_ONE.get(staged.what):
        return in_one(staged, by=None, at=at)
    try:
        return actions.apply_list(staged, stop=stop, tell=tell, by=None, at=at)
    except actions.Interrupted as stopped:
        actions.stop_here(staged, by=None, at=timezone.now())
        words = "Stopped: {} of {} rows are in. The same command again brings in the rest."
        raise Stopped(staged, words.format(staged.rows_applied, staged.rows_to_bring)) from stopped


def told(staged, counts):
    bad = Row.objects.filter(source=staged, outcome=Outcome.BAD).order_by("number")
    bad = bad.values_list("number", "column", "reason").iterator(chunk_size=2000)
    return {
        "program": staged.program.slug,
        "as": staged.what,
        "rows": sum(counts[outcome] for outcome in Outcome),
        "created": counts[Outcome.NEW],
        "updated": counts[Outcome.CHANGED],
        "unchanged": counts[Outcome.UNCHANGED],
        "bad": [{"row": number, "column": column, "reason": reason} for number, column, reason in bad],
        "left_out": staged.mapping.get("left_out", {}),
        "notes": getattr(staged, "notes", []),
        "passed_over": [*staged.mapping.get("passed_over", []), *passed_over(staged)],
    } | ({"changes": changes(staged)} if staged.what == "roster" else {})


def changes(staged):
    """What a roster changes, row by row, and who is on it no more: nobody does anything about those but a person."""
    rows = Row.objects.filter(source=staged).exclude(changes=[]).order_by("number")
    found = [
        {"row": number, "id": cells.get("external_id", "")} | {k: v for k, v in change.items() if k != "key"}
        for number, cells, some in rows.values_list("number", "cells", "changes").iterator(chunk_size=2000)
        for change in some
    ]
    gone = gone_of(staged)
    return found + [{"row": None, "id": one.said_id, "what": "gone", "was": one.person.full_name} for one in gone]


def passed_over(staged):
    """What of the rows that come in was passed over, and why."""
    rows = Row.objects.filter(source=staged).exclude(outcome=Outcome.BAD).exclude(reason="").order_by("number")
    return [
        {"row": number, "file": staged.file_name, "reason": reason}
        for number, reason in rows.values_list("number", "reason").iterator(chunk_size=2000)
    ]
