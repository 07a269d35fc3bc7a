"""A list from the command line: staged, brought in unless it is a rehearsal, and reported."""

from rapport.core.refused import Refused
from rapport.imports import actions
from rapport.imports.files import open_table
from rapport.imports.mapping import read_map
from rapport.imports.models import Row
from rapport.imports.roster import read_roster
from rapport.people.enrolling import Outcome


def bring_in(files, *, what, program, map_file=None, dry_run=False, at):
    """Stage and bring in. Returns `{program, as, rows, created, updated, unchanged, bad: [{row, column, reason}]}`.

    Raises Unreadable, MappingRefused, Refused; then nothing has changed. A rehearsal changes nothing either.
    """
    if what == "roster":
        staged = actions.stage_roster(
            read_roster(files), file_name=", ".join(f.name for f in files), program=program, by=None, at=at
        )
        apply = actions.apply_roster
    else:
        staged = stage_one(files, what=what, program=program, map_file=map_file, at=at)
        apply = actions.apply_list
    report = foretold(staged) if dry_run else told(staged, apply(staged, by=None, at=at))
    if dry_run:
        actions.drop(staged, by=None, at=at)
    return report


def stage_one(files, *, what, program, map_file, at):
    if len(files) > 1:
        raise Refused(files, "One list at a time, please.")
    chosen = read_map(map_file) if map_file else None
    table = open_table(files[0])
    return actions.stage_list(table, what=what, file_name=files[0].name, program=program, chosen=chosen, by=None, at=at)


def foretold(staged):
    counts = dict.fromkeys(Outcome, 0)
    for outcome in staged.rows.values_list("outcome", flat=True):
        counts[outcome] += 1
    return told(staged, counts)


def told(staged, counts):
    bad = Row.objects.filter(source=staged, outcome=Outcome.BAD).order_by("number")
    return {
        "program": staged.program.slug,
        "as": staged.what,
        "rows": staged.rows.count(),
        "created": counts[Outcome.NEW],
        "updated": counts[Outcome.CHANGED],
        "unchanged": counts[Outcome.UNCHANGED],
        "bad": [{"row": row.number, "column": row.column, "reason": row.reason} for row in bad],
        "left_out": staged.mapping.get("left_out", {}),
        "passed_over": staged.mapping.get("passed_over", []),
    }
