"""Reading the files people really send: any encoding, comma or semicolon, and a clear word for what cannot be read."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from rapport.core.refused import Refused

MOST_COLUMNS = 200
MOST_SIGNS_IN_A_CELL = 10_000
SAMPLE = 64 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ",;\t|"


class Unreadable(Refused):
    """A file that is no list of rows, and why."""


class Table:
    """A list as its file gives it: headings, then rows with the number a spreadsheet shows."""

    def __init__(self, headings: list[str], rows: Iterator[tuple[int, list[str]]]):
        self.headings = headings
        self.rows = rows

    def at_most(self, most: int) -> "Table":
        """The same, refused at the first row too many."""
        return Table(self.headings, few_enough(self.rows, most))


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
    """Read a CSV file row by row, never whole. Raises Unreadable with a sentence for the person who brought it."""
    stream = file.open("rb") if isinstance(file, Path) else file
    sample = stream.read(SAMPLE)
    refuse_other_kinds(sample)
    encoding = encoding_of(sample)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="", errors="strict")
    first = first_line(text)
    text.seek(0)
    reader = csv.reader(text, delimiter=delimiter_of(first), strict=True)
    rows = numbered(reader)
    _number, headings = next(rows, (1, []))
    return Table(checked_headings(headings), rows)


def refuse_other_kinds(sample: bytes) -> None:
    if not sample.strip():
        raise Unreadable(None, "This file is empty.")
    if sample.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(None, "This is a workbook. Save the sheet as CSV and bring that.")
    if sample.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<!DOCTYPE", b"<html")):
        raise Unreadable(None, "This is no list of rows. Bring a CSV file.")


def encoding_of(sample: bytes) -> str:
    """UTF-8 if it can be, else what its mark says, else the most likely."""
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        raise Unreadable(None, "This is no text. Bring a CSV file.")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        return "utf-8"
    except UnicodeDecodeError:
        guess = from_bytes(sample).best()
        return guess.encoding if guess else "cp1252"


def first_line(text) -> str:
    try:
        return text.readline(SAMPLE)
    except UnicodeError as error:
        raise Unreadable(None, "The letters of this file cannot be read. Save it as CSV in UTF-8.") from error


def delimiter_of(line: str) -> str:
    return max(DELIMITERS, key=lambda sign: (line.count(sign), -DELIMITERS.index(sign)))


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
    names = [heading.strip().strip("\ufeff") for heading in headings]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Unreadable(None, "This file is empty.")
    if len(names) > MOST_COLUMNS:
        raise Unreadable(None, f"This list has {len(names)} columns; {MOST_COLUMNS} fit.")
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise Unreadable(None, f"The heading {sorted(twice)[0]!r} stands there twice. Rename one.")
    return names
