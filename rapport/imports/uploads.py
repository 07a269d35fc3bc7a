"""A file that came through the page: staged as one from the command line, up to as many rows as a page can wait for."""

import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from rapport.imports import actions
from rapport.imports.files import Table, Unreadable, open_table
from rapport.imports.roster import NEEDED, OPTIONAL, read_roster

MOST_ROWS = 20_000  # brought in while somebody waits for the page; more goes by the command line


def stage_upload(files, *, what, program, by, at):
    """Stage what was sent. Returns the Import. Raises Unreadable, MappingRefused, Refused; then nothing is staged."""
    if what == "roster":
        return stage_school(files, program=program, by=by, at=at)
    table = open_table(files[0].file)
    table = Table(table.headings, few_enough(table.rows))
    return actions.stage_list(table, what=what, file_name=files[0].name, program=program, by=by, at=at)


def few_enough(rows):
    """These rows. Raises Unreadable at the first too many."""
    for counted, row in enumerate(rows):
        if counted == MOST_ROWS:
            raise Unreadable(None, too_many())
        yield row


def too_many():
    return _(
        "This list has more than 20 000 rows, too many to wait for here. Bring it in with the command: rapport import."
    )


def stage_school(files, *, program, by, at):
    """Stage a roster from its files, known by their names."""
    with tempfile.TemporaryDirectory() as folder:
        roster = read_roster([put_down(file, Path(folder)) for file in files])
        if len(roster.schools) > MOST_ROWS:
            raise Unreadable(None, too_many())
        name = ", ".join(sorted(file.name for file in files))
        return actions.stage_roster(roster, file_name=name, program=program, by=by, at=at)


def put_down(file, folder):
    """Write one file of a roster under the name its kind has. Raises Unreadable for a name no roster has."""
    stem = Path(file.name).stem.casefold()
    if stem not in NEEDED | OPTIONAL:
        names = ", ".join(f"{name}.csv" for name in NEEDED | OPTIONAL)
        raise Unreadable(
            None, _("%(name)s is no file of a roster. There are: %(names)s.") % {"name": file.name, "names": names}
        )
    place = folder / f"{stem}.csv"
    with place.open("wb") as stream:
        for part in file.chunks():
            stream.write(part)
    return place
