"""Reading the files people really send: CSV in any encoding, comma or semicolon, and workbooks.

What cannot be read gets a clear word.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from rapport.core.refused import Refused
from rapport.imports.letters import encoding_of
from rapport.imports.workbooks import WorkbookRefused, as_csv, is_workbook

MOST_COLUMNS = 200
MOST_SIGNS_IN_A_CELL = 10_000
MOST_SIGNS_IN_A_HEADING = 120  # a question of a form stands in a heading as a whole; its beginning names it
SAMPLE = 64 * 1024
DELIMITERS = ",;\t|"
SAYS_ITS_SIGN = re.compile(r'"?sep=([,;\t|])"?')  # a first line that some spreadsheet programs write
IN_QUOTES = re.compile(r'"(?:[^"]|"")*(?:"|$)')


class Unreadable(Refused):
    """A file that is no list of rows, and why."""


class Table:
    """A list as its file gives it: headings, then rows with the number a spreadsheet shows."""

    def __init__(self, headings: list[str], rows: Iterator[tuple[int, list[str]]], notes: Sequence[str] = ()):
        self.headings = headings
        self.rows = rows
        self.notes = list(notes)  # sentences on what of a workbook was read

    def at_most(self, most: int) -> "Table":
        """The same, refused at the first row too many."""
        return Table(self.headings, few_enough(self.rows, most), self.notes)


def few_enough(rows, most):
    """These rows. Raises Unreadable at the first too many."""
    for counted, row in enumerate(rows):
        if counted == most:
            raise Unreadable(None, too_many(most))
        yield row


def too_many(most):
    words = _(
        "This list has more than %(most)s rows, too many for this page. Bring it in with the command: rapport import."
    )
    return words % {"most": f"{most:,}".replace(",", " ")}


def open_table(file: Path | BinaryIO) -> Table:
    """Read a list row by row, never whole. Raises Unreadable with a sentence for the person who brought it."""
    stream, notes = (file.open("rb") if isinstance(file, Path) else file), list[str]()
    if is_workbook(stream.read(4)):
        try:
            stream, notes = as_csv(stream)
        except WorkbookRefused as refusal:
            raise Unreadable(None, str(refusal)) from refusal
    stream.seek(0)
    sample = stream.read(SAMPLE)
    refuse_other_kinds(sample)
    encoding = encoding_of(sample, stream)
    if not encoding:
        raise Unreadable(None, "This is no text. Bring a workbook (.xlsx) or a CSV file.")
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="", errors="strict")
    first = first_line(text)
    text.seek(0)
    rows = numbered(csv.reader(text, delimiter=delimiter_of(first), strict=True))
    _number, headings = next(rows, (1, []))
    if SAYS_ITS_SIGN.fullmatch(first.strip()):
        _number, headings = next(rows, (1, []))
    return Table(checked_headings(headings), rows, notes)


def refuse_other_kinds(sample: bytes) -> None:
    if not sample.strip():
        raise Unreadable(None, "This file is empty.")
    if sample.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<!DOCTYPE", b"<html")):
        raise Unreadable(None, "This is no list of rows. Bring a workbook (.xlsx) or a CSV file.")


def first_line(text) -> str:
    """The line of the headings: the first that says anything."""
    try:
        while line := text.readline(SAMPLE):
            if line.strip():
                return line
    except UnicodeError as error:
        raise Unreadable(None, "The letters of this file cannot be read. Save it as CSV in UTF-8.") from error
    return ""


def delimiter_of(line: str) -> str:
    """The sign between headings: the one that stands most often outside quotation marks, or that the file names."""
    if said := SAYS_ITS_SIGN.fullmatch(line.strip()):
        return said[1]
    bare = IN_QUOTES.sub("", line)
    return max(DELIMITERS, key=lambda sign: (bare.count(sign), -DELIMITERS.index(sign)))


def numbered(reader) -> Iterator[tuple[int, list[str]]]:
    """Rows with their number; empty lines are passed over, a broken quote ends the reading with a sentence."""
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, UnicodeError) as error:
            raise Unreadable(None, f"Row {number + 1} cannot be read: {in_words(error)}.") from error
        number += 1
        if any(cell.strip() for cell in cells):
            yield number, cells


def in_words(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "its letters are of another encoding than the rows before"
    if "field larger" in str(error):
        return "a cell is far too long, perhaps because a quotation mark is never closed"
    return "a quotation mark is opened and never closed, or closed too early"


def checked_headings(headings: list[str]) -> list[str]:
    names = [" ".join(heading.strip("\ufeff").split())[:MOST_SIGNS_IN_A_HEADING] for heading in headings]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Unreadable(None, "This file is empty.")
    if len(names) > MOST_COLUMNS:
        raise Unreadable(None, f"This list has {len(names)} columns; {MOST_COLUMNS} fit.")
    if not all(map(str.isprintable, names)):
        raise Unreadable(None, "There are signs in the headings that cannot be shown. Type them anew.")
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise Unreadable(None, f"The heading {sorted(twice)[0]!r} stands there twice. Rename one.")
    return names
