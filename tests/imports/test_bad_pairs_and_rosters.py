"""Odd and hostile files as lists of pairs and as rosters: the same clear words as for lists of people, nothing staged.

The row Import of the table of bad input, for the two other kinds; lists of people have theirs in test_odd_files.py and
test_workbooks.py.
"""

import csv
import io
import struct
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from rapport.imports.models import Import, Row
from rapport.matches.models import Match
from rapport.onboarding.models import Gate
from rapport.people.models import ExternalId, Participant, Person
from rapport.programs.models import Membership
from tests.cast import MONDAY, participant, person
from tests.imports.school import write_set, zipped
from tests.imports.test_oneroster import SMALL, bring, put, refused
from tests.imports.test_pairs_long import bring as bring_by_page
from tests.imports.test_workbooks import OLE, changed, saved

HEADINGS = ["mentor", "mentee", "since", "last met on"]
ROWS = [HEADINGS, ["zoe@example.org", "Zoë Müller", "2024-09-09", "2026-11-04"]]


@pytest.fixture
def coras(as_user, cora):
    return as_user(cora)


@pytest.fixture
def zoe(riverside):
    participant(person("zoe", riverside, born_on=date(1990, 1, 1)), riverside, "mentor")
    child = person("Zoë", riverside, born_on=date(2015, 1, 1), family_name="Müller", mail=False)
    participant(child, riverside, "mentee")


def as_text(encoding="utf-8", delimiter=",", end="\n"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(ROWS)
    return out.getvalue().encode(encoding)


def a_workbook(merged=""):
    """The pair in a workbook with a hidden sheet before it, and perhaps with merged cells."""
    book = Workbook()
    book.active.title, book.active.sheet_state = "old", "hidden"
    sheet = book.create_sheet("pairs")
    for row in [*ROWS, ["below"] if merged else []]:
        sheet.append(row)
    sheet["C2"] = date(2024, 9, 9)
    if merged:
        sheet.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SAME = [
    as_text("utf-8-sig", end="\r\n"), as_text("utf-16"), as_text("latin-1", ";"), as_text(delimiter="\t"),
    as_text(delimiter="|", end="\r\n"),
]  # fmt: skip


@pytest.mark.parametrize("body", SAME)
def test_the_same_pair_in_whatever_signs_it_came(coras, riverside, zoe, body):
    bring_by_page(coras, body, what="matches")

    row = Row.objects.get()
    assert (row.outcome, row.cells["pair"], row.reason) == ("new", "zoe · Zoë Müller", "")


def upload(browser, what, name, body):
    sent = [SimpleUploadedFile(name, body)]
    return browser.post("/p/riverside/imports/new/", {"what": what, "sent": sent})


def macros(tmp_path):
    return changed(saved(Workbook(), tmp_path), xl__vbaProject_DOT_bin=b"macros").read_bytes()


def bomb(tmp_path):
    return changed(saved(Workbook(), tmp_path), xl__media__image1_DOT_png=b"\0" * (40 * 1024 * 1024)).read_bytes()


def outside(tmp_path):
    declared = b'<?xml version="1.0"?><!DOCTYPE l SYSTEM "file:///etc/passwd"><l/>'
    return changed(saved(Workbook(), tmp_path), xl__workbook_DOT_xml=declared).read_bytes()


BAD = [
    (lambda _: b"", "empty"),
    (lambda _: b"mentor,mentee\n" + b'a,"open\n' * 3, "a quotation mark is opened and never closed"),
    (lambda _: ",".join(f"c{n}" for n in range(16_384)).encode(), "This list has 16384 columns; 200 fit."),
    (lambda _: OLE, "This is a workbook of the old kind (.xls), whatever its name says."),
    (lambda _: OLE + "EncryptedPackage".encode("utf-16-le"), "This workbook is protected by a password."),
    (macros, "This workbook holds macros, small programs, and is not opened."),
    (bomb, "This workbook unpacks to far more than a list of people."),
    (outside, "This workbook"),
    (lambda _: b"%PDF-1.7", "This is no list of rows."),
]


@pytest.mark.parametrize(("make", "said"), BAD)
def test_a_list_of_pairs_that_cannot_be_read_is_said_on_the_page_and_nothing_is_staged(
    coras, riverside, tmp_path, make, said
):
    page = upload(coras, "matches", "pairs.csv", make(tmp_path))

    assert page.status_code == 422
    assert said in page.content.decode()
    assert Import.objects.count() == 0


def test_pairs_come_from_the_sheet_that_is_not_hidden_and_none_from_merged_cells(coras, riverside, zoe):
    merged = upload(coras, "matches", "pairs.xlsx", a_workbook(merged="A4:A5"))
    bring_by_page(coras, a_workbook(), what="matches", name="pairs.xlsx")

    assert merged.status_code == 422
    assert "Cells of the sheet pairs are merged (A4:A5)" in merged.content.decode()
    assert (Row.objects.get().outcome, Row.objects.get().cells["pair"]) == ("new", "zoe · Zoë Müller")


def test_no_column_of_pairs_clears_anybody_gives_a_role_or_keeps_a_password(coras, riverside, zoe):
    ask = ",".join([*HEADINGS, "cleared", "role", "password"]) + "\n"
    body = ask + ",".join([*ROWS[1], "yes", "admin", "canary"]) + "\n"
    before = Membership.objects.count()
    where = bring_by_page(coras, body, what="matches").url
    coras.post(where, {"do": "apply"})

    assert set(Import.objects.get().mapping["left_out"]) == {"cleared", "role", "password"}
    assert (Match.objects.get().awaits_checks, Gate.objects.count(), Membership.objects.count()) == (True, 0, before)
    assert "canary" not in str(list(Row.objects.values_list("cells", flat=True)))


def test_a_number_of_another_program_names_nobody_here(coras, riverside, hillside, zoe):
    theirs = person("Kay", hillside, born_on=date(1990, 1, 1))
    participant(theirs, hillside, "mentor")
    ExternalId.objects.create(person=theirs, organization=hillside.organization, source="list:hillside", value="H-1")

    bring_by_page(coras, as_text().replace(b"zoe@example.org", b"H-1"), what="matches")

    assert Row.objects.get().reason == "There is no mentor H-1 in this program. Bring the people in first."


# Rosters


def recoded(folder, encoding, delimiter):
    for file in folder.iterdir():
        rows = list(csv.reader(file.open(newline="", encoding="utf-8")))
        with file.open("w", newline="", encoding=encoding) as stream:
            csv.writer(stream, delimiter=delimiter).writerows(rows)
    return sorted(folder.iterdir())


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-16", ","), ("utf-8-sig", ";"), ("latin-1", "\t")])
def test_the_same_roster_in_whatever_signs_it_came(tmp_path, riverside, encoding, delimiter):
    made = SMALL.copy()
    made.pupils["p1"][1] = "Müller"
    write_set(tmp_path / "set", made)

    report = bring(recoded(tmp_path / "set", encoding, delimiter), riverside)

    assert (report["created"], report["bad"]) == (2, [])
    assert Person.objects.filter(family_name="Müller").count() == 1


def a_password(place):
    put(place, ("users.csv", "sourcedId\n"))
    content = bytearray(place.read_bytes())
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    place.write_bytes(content)
    return place


def sharing(place):
    """Every part of the directory points at the bytes of the first."""
    put(place, ("users.csv", "sourcedId\n"), ("roles.csv", "userSourcedId\n"))
    content = bytearray(place.read_bytes())
    struct.pack_into("<I", content, content.rfind(b"PK\x01\x02") + 42, 0)
    place.write_bytes(content)
    return place


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (a_password, "This zip is protected by a password."),
        (sharing, "The parts of this zip are not what its contents say."),
        (lambda p: put(p, ("users.csv", OLE)), "This is a workbook of the old kind (.xls)"),
        (lambda p: put(p, ("users.csv", "sourcedId\n"), ("manifest.csv", "propertyName,value\n")), "manifest.csv"),
    ],
)  # fmt: skip
def test_a_zip_of_a_roster_that_cannot_be_read_is_said(tmp_path, riverside, make, said):
    assert refused([make(tmp_path / "roster.zip")], riverside).startswith(said)


def test_a_roster_by_the_page_that_cannot_be_read_stages_nothing(coras, riverside, tmp_path):
    sent = [("roster.zip", b"PK\x03\x04 no"), ("users.csv", b"%PDF"), ("users.csv", b"\xff\xfe\x00"), ("x.csv", b"a")]
    for name, body in sent:
        page = upload(coras, "roster", name, body)
        assert (page.status_code, Import.objects.count()) == (422, 0), (name, body)


def test_a_pupil_another_program_knows_is_the_same_person_and_nothing_of_that_program_changes(
    tmp_path, riverside, hillside
):
    files = [zipped(write_set(tmp_path / "set", SMALL), tmp_path / "set.zip")]
    bring(files, hillside)
    before = list(Participant.objects.filter(program=hillside).order_by("pk").values_list())

    report = bring(files, riverside, at=MONDAY)

    same = riverside.organization_id == hillside.organization_id
    assert report["created"] == 2
    assert Participant.objects.filter(program=riverside).count() == 2
    assert Person.objects.filter(given_name="Ben").count() == (1 if same else 2)
    assert list(Participant.objects.filter(program=hillside).order_by("pk").values_list()) == before
