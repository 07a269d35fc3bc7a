"""Reads one workbook in a process of its own and writes its sheet as CSV; run by workbooks.py.

Of it only the look at an archive's directory is used elsewhere, by archives.py.

A workbook is a program somebody else wrote for a large machine. So memory, time and what may be written are limited
before it is opened, its archive is checked before any part of it is read as XML, and only the standard library and the
reader of workbooks are here: no settings, no database, no keys. The last line on standard error says how it went.
"""

import csv
import json
import os
import re
import sys
import warnings
import zipfile
from datetime import datetime
from itertools import islice

MEGABYTE = 1024 * 1024
MEMORY, SECONDS, WRITTEN = 768 * MEGABYTE, 60, 128 * MEGABYTE
MOST_PARTS, MOST_UNPACKED, MOST_TIMES = 2_000, 150 * MEGABYTE, 100
SMALL = 10 * MEGABYTE  # unpacked; below it many times its size is only a dull list
MOST_ROWS, MOST_COLUMNS, LAST_ROW = 20_000, 200, 1_048_576
LOOKED_AT = 1_000  # rows of a sheet before it counts as empty
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z0-9:$]{2,30})[\"']")
OVERLAP = 256  # bytes of a piece looked at again with the next, so that nothing hides between two
NO_VALUE = "#FORMULA!"


class NotRead(Exception):
    """Why this workbook is not read, and what belongs into the sentence."""

    def __init__(self, why, **facts):
        self.said = {"refused": why, **facts}
        super().__init__(why)


def limit():
    """Less memory, time and room than a machine has. Where the system knows no limits, the parent's clock is left."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))


def main(path):
    limit()
    sys.stdout.reconfigure(encoding="utf-8", newline="")
    warnings.simplefilter("ignore")
    try:
        said = convert(path, csv.writer(sys.stdout, quoting=csv.QUOTE_ALL))
        sys.stdout.flush()
    except NotRead as refusal:
        said = refusal.said
    except MemoryError:
        said = {"refused": "too large"}
    except Exception:
        said = {"refused": "broken"}
    sys.stderr.write("\n" + json.dumps(said) + "\n")


def convert(path, out):
    """Check the archive, choose the sheet, write it. Returns what to tell. Raises NotRead."""
    with zipfile.ZipFile(path) as archive:
        merged = check(archive, os.path.getsize(path))
    book = open_book(path)
    chosen, others = choose(book)
    if where := merged.get(chosen._worksheet_path.lstrip("/")):
        raise NotRead("merged", cells=where, sheet=chosen.title[:60])
    rows = write(chosen, out)
    hidden = [sheet.title[:60] for sheet in book.worksheets if sheet.sheet_state != "visible"]
    return {"sheet": chosen.title[:60], "others": others, "hidden": hidden, "rows": rows}


# The archive


def check(archive, size):
    """Refuse what no spreadsheet program writes. Returns the first merged cells of each part. Raises NotRead."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names:
        raise NotRead("no workbook")
    if any(part.flag_bits & 1 for part in parts):
        raise NotRead("encrypted")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > size * MOST_TIMES):
        raise NotRead("bomb")
    if len(set(names)) != len(names) or overlap(archive, parts):
        raise NotRead("forged")
    if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
        raise NotRead("macros")
    if any(name.lower().endswith("workbook.bin") for name in names):
        raise NotRead("no workbook")
    return {part.filename: found for part in parts if (found := look_through(archive, part))}


def overlap(archive, parts):
    """Whether two parts share bytes, or reach into the directory: a few bytes that unpack to many files."""
    end = 0
    for part in sorted(parts, key=lambda one: one.header_offset):
        archive.fp.seek(part.header_offset)
        head = archive.fp.read(30)
        if part.header_offset < end or len(head) < 30:
            return True
        lengths = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        end = part.header_offset + 30 + lengths + part.compress_size
    return end > archive.start_dir


def look_through(archive, part):
    """Unpack a part once, which shows whether its directory told the truth. Returns its first merged cells.

    Raises NotRead, BadZipFile.
    """
    found, before = "", b""
    try:
        with archive.open(part) as stream:
            while piece := stream.read(MEGABYTE):
                if not before and piece.startswith(b"PK\x03\x04"):
                    raise NotRead("nested")
                piece = before[-OVERLAP:] + piece.replace(b"\0", b"")
                if part.filename.endswith((".xml", ".rels")) and DECLARED.search(piece):
                    raise NotRead("declares")
                if part.filename == "[Content_Types].xml" and b"macroEnabled" in piece:
                    raise NotRead("macros")
                if not found and (merged := MERGED.search(piece)):
                    found = merged[1].decode()
                before = piece
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise NotRead("forged") from error
    return found


# The sheet


def open_book(path):
    """The workbook as values, without links to others, by a parser that tells a formula nobody has worked out."""
    os.environ["OPENPYXL_LXML"] = "False"
    for heavy in ("numpy", "pandas", "PIL", "lxml"):
        sys.modules.setdefault(heavy, None)
    from openpyxl import load_workbook
    from openpyxl.worksheet import _read_only, _reader

    class Parser(_reader.WorkSheetParser):
        def parse_cell(self, element):
            cell = super().parse_cell(element)
            is_formula = element.find(_reader.FORMULA_TAG) is not None
            if cell["value"] is None and is_formula and element.get("t") != "str":
                cell["value"] = NO_VALUE
            return cell

    _read_only.WorkSheetParser = Parser
    return load_workbook(path, read_only=True, data_only=True, keep_links=False)


def choose(book):
    """The first sheet that can be seen and holds something, and the names of the others like it. Raises NotRead."""
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in seen:
        sheet.reset_dimensions()
    filled = [sheet for sheet in seen if any(map(has_words, islice(values(sheet), LOOKED_AT)))]
    if not filled:
        raise NotRead("empty")
    return filled[0], [sheet.title[:60] for sheet in filled[1:]]


def values(sheet):
    return sheet.iter_rows(values_only=True)


def has_words(row):
    return any(cell is not None and str(cell).strip() for cell in row)


def write(sheet, out):
    """Write the sheet, an empty line for each empty row, so that rows keep their numbers. Raises NotRead."""
    width, rows = 0, 0
    for number, row in enumerate(values(sheet), start=1):
        if number > LAST_ROW:
            raise NotRead("broken")
        cells = [words(cell) for cell in row] if has_words(row) else []
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            out.writerow([])
            continue
        if not width:
            width = len(cells)
        elif (rows := rows + 1) > MOST_ROWS:
            raise NotRead("too many rows")
        out.writerow(cells + [""] * (width - len(cells)))
        if width > MOST_COLUMNS:
            break  # refused for its headings
    return rows


def words(cell):
    """A cell as somebody would type it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(sep=" ")
    return str(cell)


if __name__ == "__main__":
    main(sys.argv[1])
