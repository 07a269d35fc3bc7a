"""A file that came through the page: a short one is staged at once, a long one by whoever does the long work.

Where nobody does the long work, a longer one is staged while somebody waits, and pressing brings it in the same way.
"""

import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from rapport.core.models import Heartbeat
from rapport.imports import actions
from rapport.imports.files import Unreadable, open_table, too_many
from rapport.imports.logs import columns_of
from rapport.imports.mapping import MappingRefused
from rapport.imports.proposing import LOGS
from rapport.imports.schools import NAMES, READ, read_school
from rapport.imports.workbooks import WorkbookRefused, as_csv, is_workbook

MOST_ROWS = 20_000  # while somebody waits for the page; about fifteen seconds
BYTES_AT_ONCE = 256 * 1024  # about 2 500 rows, half a second
ROWS_AT_ONCE = 2_000  # brought in within a second
AT_ONCE = {LOGS: 16 * 1024}  # bytes; each row is a log with all that follows from it
MEETINGS_AT_ONCE = 200


def stage_upload(files, *, what, program, by, at):
    """Stage what was sent. Returns the Import; of a workbook only a sheet is kept, and its `notes` say which.

    Raises Unreadable, MappingRefused, Refused; then nothing is staged.
    """
    if what == "roster":
        return stage_school(files, program=program, by=by, at=at)
    file, notes = as_list(files[0])
    table = open_table(file.file)
    if what == LOGS:
        columns_of(table.headings)
    if what == "volunteers" and actions.names_supervisors(table.headings):
        staged = actions.stage_supervisors(table, file_name=file.name, program=program, by=by, at=at)
    else:
        staged = ask_columns(file, what=what, program=program, by=by, at=at)
    staged.notes = notes
    return staged


def ask_columns(file, *, what, program, by, at):
    """Keep a list until its columns are named; one with headings we had before is read as the last time.

    Raises Unreadable; then nothing is kept. A list that would be read by whoever does the long work is read there.
    """
    is_long = file.size > AT_ONCE.get(what, BYTES_AT_ONCE) and Heartbeat.objects.somebody_works()
    held = actions.hold(file, what=what, program=program, most=None if is_long else MOST_ROWS, by=by, at=at)
    chosen = {} if what == LOGS else actions.remembered(held.columns, what=what, program=program)
    if chosen is not None:
        try:
            actions.settle(held, chosen=chosen, is_as_last_time=what != LOGS, by=by, at=at)
        except MappingRefused:
            return held  # what was allowed then is not now: it is asked again
        read_now_or_later(held)
    return held


def as_list(file):
    """The file, or the sheet of a workbook as a file of its name; and what was read of it. Raises Unreadable."""
    file.file.seek(0)
    if not is_workbook(file.file.read(4)):
        file.file.seek(0)
        return file, []
    try:
        sheet, notes = as_csv(file.file)
    except WorkbookRefused as refusal:
        raise Unreadable(None, str(refusal)) from refusal
    return File(sheet, name=file.name), notes


def read_now_or_later(held):
    """Read a list whose columns are named: a short one at once, a long one in turn, if somebody works at all."""
    is_short = default_storage.size(held.kept_file) <= AT_ONCE.get(held.what, BYTES_AT_ONCE)
    if (is_short or not Heartbeat.objects.somebody_works()) and actions.take(held):
        actions.go_on(held)


def bring(staged, *, by, at):
    """Bring a staged list in, or the rest of one: a short one at once, a long one in turn, if somebody works at all.

    Raises AlreadyDone.
    """
    if in_one := actions.IN_ONE.get(staged.what):
        in_one(staged, by=by, at=at)
        return
    actions.ask_to_apply(staged, by=by, at=at)
    most = MEETINGS_AT_ONCE if staged.what == LOGS else ROWS_AT_ONCE
    is_short = staged.rows_to_bring - staged.rows_applied <= most
    if (is_short or not Heartbeat.objects.somebody_works()) and actions.take(staged):
        actions.go_on(staged)


def take_back(staged, *, by, at):
    """Take a list back: a short one at once, a long one in turn, if somebody works at all. Raises AlreadyDone."""
    actions.ask_to_undo(staged, by=by, at=at)
    is_short = staged.rows_applied <= ROWS_AT_ONCE
    if (is_short or not Heartbeat.objects.somebody_works()) and actions.take(staged):
        actions.go_on(staged)


def stage_school(files, *, program, by, at):
    """Stage a roster from its files, known by their names, or from a zip of them."""
    with tempfile.TemporaryDirectory() as folder:
        on = at.astimezone(program.zone).date()
        roster = read_school([put_down(file, Path(folder)) for file in files], on=on)
        if len(roster.schools) > MOST_ROWS:
            raise Unreadable(None, too_many(MOST_ROWS))
        name = ", ".join(sorted(file.name for file in files))
        return actions.stage_roster(roster, file_name=name, program=program, by=by, at=at)


def put_down(file, folder):
    """Write one file of a roster under the name its kind has. Raises Unreadable for a name no roster has."""
    sent = Path(file.name)
    stem, is_zip = sent.stem.casefold(), sent.suffix.casefold() == ".zip"
    if stem not in NAMES and not is_zip:
        names = ", ".join(f"{name}.csv" for name in sorted(READ))
        raise Unreadable(
            None, _("%(name)s is no file of a roster. There are: %(names)s.") % {"name": file.name, "names": names}
        )
    place = folder / ("roster.zip" if is_zip else f"{stem}.csv")
    if place.exists():
        raise Unreadable(None, _("There are two files called %(name)s. Bring one set at a time.") % {"name": file.name})
    with place.open("wb") as stream:
        for part in file.chunks():
            stream.write(part)
    return place
