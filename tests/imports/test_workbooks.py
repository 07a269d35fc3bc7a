"""Workbooks come in as lists do, and one that was made to do harm, or that cannot be told, gets a clear word."""

import struct
import zipfile
from datetime import date, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from rapport.imports import workbooks
from rapport.imports.bringing import bring_in
from rapport.imports.files import Unreadable, open_table
from rapport.imports.models import Import
from rapport.people.models import Participant, Person
from tests.cast import MONDAY

HEADINGS = ["first name", "last name", "email", "birth date"]
AMA = ["Ama", "Mensah", "ama@example.org", datetime(1990, 3, 4)]
CSV_INSTEAD = "Save the sheet as CSV and bring that."


def saved(book, tmp_path, name="people.xlsx"):
    file = tmp_path / name
    book.save(file)
    return file


def a_book(*rows, headings=HEADINGS):
    book = Workbook()
    for row in [headings, *rows]:
        book.active.append(row)
    return book


def read(file):
    table = open_table(file)
    return table.headings, list(table.rows), table.notes


def changed(file, **parts):
    """The same archive with parts of other content, or more of them; the separator in a name is two underscores."""
    names = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in parts.items()}
    with zipfile.ZipFile(file) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (kept | names).items():
            archive.writestr(name, content)
    return file


def part(file, name):
    with zipfile.ZipFile(file) as archive:
        return archive.read(name)


def refused(file):
    with pytest.raises(Unreadable) as refusal:
        read(file)
    return str(refusal.value)


def test_a_workbook_comes_in_as_a_list_does(riverside, tmp_path):
    file = saved(a_book(AMA, ["Kofi", "Boateng", "kofi@example.org", None]), tmp_path)

    first, second = (bring_in([file], what="mentors", program=riverside, at=MONDAY) for _ in range(2))

    assert (first["created"], first["bad"], second["unchanged"]) == (2, [], 2)
    assert Person.objects.get(given_name="Ama").born_on == date(1990, 3, 4)
    assert Person.objects.get(given_name="Kofi").born_on is None


def test_cells_read_as_somebody_would_type_them(tmp_path):
    row = ["Ama", 442079460000, 12.5, True, date(2012, 3, 4), datetime(2012, 3, 4, 15, 30), "007", 'a "quote"; b\nc']
    _headings, rows, _notes = read(saved(a_book(row, headings=list("abcdefgh")), tmp_path))

    assert rows == [
        (2, ["Ama", "442079460000", "12.5", "yes", "2012-03-04", "2012-03-04 15:30:00", "007", 'a "quote"; b\nc'])
    ]


def test_empty_rows_keep_their_numbers_and_short_rows_are_filled_up(tmp_path):
    headings, rows, _notes = read(saved(a_book(["Ama"], [], [None, " "], ["Kofi"]), tmp_path))

    assert headings == HEADINGS
    assert rows == [(2, ["Ama", "", "", ""]), (5, ["Kofi", "", "", ""])]


def test_days_of_the_old_mac_calendar_are_the_same_days(tmp_path):
    book = a_book(AMA)
    book.epoch = CALENDAR_MAC_1904

    assert read(saved(book, tmp_path))[1][0][1][3] == "1990-03-04"


def test_a_day_typed_as_text_stays_as_it_was_typed(tmp_path):
    assert read(saved(a_book(["Ama", "Mensah", "", "04.03.1990"]), tmp_path))[1][0][1][3] == "04.03.1990"


def test_hidden_sheets_are_not_read_and_the_first_that_holds_something_is(tmp_path):
    book = Workbook()
    book.active.title = "Notes"
    book.active.sheet_state = "hidden"
    book.active.append(["a secret"])
    book.create_sheet("Empty")
    for title in ("Mentors", "Last year"):
        sheet = book.create_sheet(title)
        sheet.append(HEADINGS)
        sheet.append([title, "Mensah"])

    headings, rows, notes = read(saved(book, tmp_path))

    assert (headings, rows[0][1][0]) == (HEADINGS, "Mentors")
    assert notes == [
        "The sheet Mentors was read. Not read: Last year.", "Hidden sheets were not read: Notes."
    ]  # fmt: skip


def test_which_sheet_was_read_is_in_the_report(riverside, tmp_path):
    book = a_book(AMA)
    book.create_sheet("Last year").append(["x"])

    report = bring_in([saved(book, tmp_path)], what="mentors", program=riverside, at=MONDAY)

    assert report["notes"] == ["The sheet Sheet was read. Not read: Last year."]


def test_which_sheet_was_read_is_on_the_next_page(as_user, cora, riverside, tmp_path):
    book = a_book(AMA)
    book.create_sheet("Last year").append(["x"])
    book.create_sheet("Secret").sheet_state = "hidden"
    sent = SimpleUploadedFile("people.xlsx", saved(book, tmp_path).read_bytes())

    page = as_user(cora).post("/p/riverside/imports/new/", {"what": "mentors", "sent": [sent]}, follow=True)

    assert "The sheet Sheet was read. Not read: Last year." in page.content.decode()
    assert "Hidden sheets were not read: Secret." in page.content.decode()
    with default_storage.open(Import.objects.get().kept_file) as kept:
        assert kept.read() == (
            b'"first name","last name","email","birth date"\r\n"Ama","Mensah","ama@example.org","1990-03-04"\r\n'
        )


def test_a_formula_without_a_value_is_put_right_by_a_person(riverside, tmp_path):
    file = saved(a_book(["Ama", "=1+1", "ama@example.org"]), tmp_path)

    report = bring_in([file], what="mentors", program=riverside, at=MONDAY)

    words = "This is a formula without a value. Open the file in a spreadsheet, and save it again."
    assert report["bad"] == [{"row": 2, "column": "last name", "reason": words}]


@pytest.mark.parametrize(("kept", "read_as"), [(b"<v>Mensah</v>", "Mensah"), (b"<v></v>", "")])
def test_a_formula_takes_the_value_it_had(tmp_path, kept, read_as):
    file = saved(a_book(["Ama", "=A1&B1"]), tmp_path)
    content = part(file, "xl/worksheets/sheet1.xml")
    changed(
        file,
        xl__worksheets__sheet1_DOT_xml=content.replace(
            b'<c r="B2"><f>A1&amp;B1</f><v /></c>', b'<c r="B2" t="str"><f>A1&amp;B1</f>' + kept + b"</c>"
        ),
    )

    assert read(file)[1][0][1][:2] == ["Ama", read_as]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_what_the_spreadsheet_could_not_work_out_is_said(riverside, tmp_path, error):
    file = saved(a_book(["Ama", error, "ama@example.org"]), tmp_path)

    report = bring_in([file], what="mentors", program=riverside, at=MONDAY)

    assert report["bad"][0]["reason"] == f"The spreadsheet could not work this cell out: {error}."


def test_links_to_other_workbooks_are_not_followed(tmp_path):
    link = (
        b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.'
        b'openxmlformats.org/officeDocument/2006/relationships"><externalBook r:id="rId1"/></externalLink>'
    )
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
        b'Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    )
    file = changed(
        saved(a_book(AMA), tmp_path), xl__externalLinks__externalLink1_DOT_xml=link,
        xl__externalLinks___rels__externalLink1_DOT_xml_DOT_rels=rels,
    )  # fmt: skip

    assert read(file)[1][0][1][0] == "Ama"


# What is refused


def test_merged_cells(tmp_path):
    book = a_book(AMA)
    book.active.merge_cells("A2:A3")

    assert refused(saved(book, tmp_path)) == (
        "Cells of the sheet Sheet are merged (A2:A3): nobody can tell whose they are. Unmerge them."
    )


def test_a_workbook_with_nothing_to_see(tmp_path):
    assert refused(saved(Workbook(), tmp_path)) == "No sheet of this workbook that can be seen holds anything."


def test_a_million_rows(tmp_path):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (["first name"], *(["Ama"] for _ in range(20_001))):
        sheet.append(row)

    assert refused(saved(book, tmp_path)) == f"This workbook has more than 20 000 rows. {CSV_INSTEAD}"


def test_a_cell_in_the_last_of_all_rows_is_found_at_once(tmp_path):
    book = a_book(AMA)
    book.active.cell(row=1_048_576, column=1, value="Kofi")

    assert [number for number, _ in read(saved(book, tmp_path))[1]] == [2, 1_048_576]


def test_16384_columns(tmp_path):
    book = a_book(headings=[f"c{n}" for n in range(16_384)])

    assert refused(saved(book, tmp_path)) == "This list has 16384 columns; 200 fit."


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (OLE, "This is a workbook of the old kind (.xls), whatever its name says."),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "This workbook is protected by a password."),
        (b"PK\x03\x04whatever", "This workbook cannot be read: it is damaged."),
        (b"PK\x05\x06" + b"\0" * 18, "This is no workbook that can be read here."),
        (b"PK\x03\x04" + b"\0" * (20 * 1024 * 1024), "This workbook is too large to be read as it is."),
    ],
)
def test_what_only_looks_like_a_workbook(tmp_path, content, sentence):
    file = tmp_path / "people.xlsx"
    file.write_bytes(content)

    assert refused(file) == f"{sentence} {CSV_INSTEAD}"


MACROS = "This workbook holds macros, small programs, and is not opened."
INSIDE = "This workbook holds other files inside, and is not opened."
BOMB = "This workbook unpacks to far more than a list of people."


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"xl__vbaProject_DOT_bin": b"macros"}, MACROS),
        ({"xl__macrosheets__sheet1_DOT_xml": b"<a/>"}, MACROS),
        ({"xl__embeddings__more_DOT_bin": b"PK\x03\x04" + b"x" * 99}, INSIDE),
        ({"xl__workbook_DOT_bin": b"x"}, "This is no workbook that can be read here."),
        ({"xl__media__image1_DOT_png": b"\0" * (40 * 1024 * 1024)}, BOMB),
        ({"xl__workbook_DOT_xml": b"<not xml"}, "This workbook cannot be read: it is damaged."),
    ],
)
def test_parts_that_no_list_has(tmp_path, parts, sentence):
    assert refused(changed(saved(a_book(AMA), tmp_path), **parts)) == f"{sentence} {CSV_INSTEAD}"


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE l SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE, b" " * 2_000_000 + LAUGHS, LAUGHS.decode().encode("utf-16")])
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "_rels/.rels", "[Content_Types].xml"])
def test_xml_that_declares_entities_is_never_parsed(tmp_path, declared, name):
    file = saved(a_book(AMA), tmp_path)
    with zipfile.ZipFile(file) as archive:
        kept = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in kept.items():
            archive.writestr(one, declared + content if one == name else content)

    assert refused(file) == f"This workbook asks for more than is in it, and is not opened. {CSV_INSTEAD}"


FORGED = (
    f"The parts of this workbook are not what its contents say. It is damaged, or was made to do harm. {CSV_INSTEAD}"
)


def test_a_directory_that_lies_about_sizes(tmp_path):
    """The sheet unpacks to more than its directory says."""
    file = saved(a_book(AMA), tmp_path)
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        place = archive.start_dir
    while content[place : place + 4] == b"PK\x01\x02":
        struct.pack_into("<I", content, place + 24, 10)
        lengths = struct.unpack_from("<HHH", content, place + 28)
        place += 46 + sum(lengths)
    file.write_bytes(content)

    assert refused(file) == FORGED


def test_parts_that_share_their_bytes(tmp_path):
    """Every part of the directory points at the bytes of the first."""
    file = saved(a_book(AMA), tmp_path)
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        place, first = archive.start_dir, archive.infolist()[0]
    while content[place : place + 4] == b"PK\x01\x02":
        struct.pack_into("<I", content, place + 42, first.header_offset)
        lengths = struct.unpack_from("<HHH", content, place + 28)
        place += 46 + sum(lengths)
    file.write_bytes(content)

    assert refused(file) == FORGED


def test_a_part_that_is_there_twice(tmp_path):
    file = saved(a_book(AMA), tmp_path)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", b"<another/>")

    assert refused(file) == FORGED


def test_a_part_that_needs_a_password(tmp_path):
    file = saved(a_book(AMA), tmp_path)
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        content[archive.start_dir + 8] |= 1
    file.write_bytes(content)

    assert refused(file) == f"This workbook is protected by a password. {CSV_INSTEAD}"


# The child


def test_one_that_takes_too_long_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "SECONDS", 0.01)

    assert refused(saved(a_book(AMA), tmp_path)) == f"This workbook takes too long to read. {CSV_INSTEAD}"


def test_a_child_that_dies_says_the_workbook_is_too_large(tmp_path, monkeypatch):
    script = tmp_path / "dies.py"
    script.write_text("import os; os.kill(os.getpid(), 9)")
    monkeypatch.setattr(workbooks, "READER", script)

    assert refused(saved(a_book(AMA), tmp_path)) == f"This workbook is too large to be read as it is. {CSV_INSTEAD}"


def test_the_child_may_take_little_memory_and_knows_nothing_of_us(tmp_path, monkeypatch):
    script = tmp_path / "asks.py"
    reader = workbooks.READER.read_text().replace('if __name__ == "__main__":', "if False:")
    script.write_text(reader + (
        "\nlimit()\nimport resource\nsys.stderr.write(json.dumps({'refused': 'broken', 'env': sorted(os.environ), "
        "'memory': resource.getrlimit(resource.RLIMIT_AS)[0], 'cpu': resource.getrlimit(resource.RLIMIT_CPU)[0]}))"
    ))  # fmt: skip
    monkeypatch.setenv("SECRET_KEY", "canary")
    monkeypatch.setattr(workbooks, "READER", script)
    file = saved(a_book(AMA), tmp_path)

    with open(tmp_path / "out", "wb") as out:
        said = workbooks.read(file, out)

    assert (said["memory"], said["cpu"]) == (768 * 1024 * 1024, 60)
    assert "SECRET_KEY" not in said["env"]


def test_nothing_is_staged_by_a_workbook_that_is_refused(riverside, tmp_path):
    book = a_book(AMA)
    book.active.merge_cells("A2:A3")

    with pytest.raises(Unreadable):
        bring_in([saved(book, tmp_path)], what="mentors", program=riverside, at=MONDAY)

    assert (Import.objects.count(), Participant.objects.count()) == (0, 0)
