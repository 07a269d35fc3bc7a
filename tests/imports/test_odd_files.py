"""Files as people really send them, and as people send them who mean harm: read, or answered with a clear word."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rapport.imports import files, forms, uploads
from rapport.imports.actions import working
from rapport.imports.bringing import bring_in
from rapport.imports.files import Unreadable, open_table
from rapport.imports.models import Import, Row
from rapport.people.models import Person
from tests.cast import MONDAY

HEADINGS = "first name,last name,email\n"
ZOE = HEADINGS + "Zoë,Müller,zoe@example.org\n"


@pytest.fixture
def read(tmp_path):
    """What a file of this content says."""

    def reading(content):
        file = tmp_path / "list.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        table = open_table(file)
        return table.headings, [cells for _, cells in table.rows]

    return reading


NAMES = ["first name", "last name", "email"]
SAME = [
    ZOE.encode(),
    b"\xef\xbb\xbf" + ZOE.encode(),
    ZOE.encode("utf-16"),
    ZOE.encode("utf-16-le"),
    ZOE.encode("utf-16-be"),
    ZOE.encode("utf-32"),
    ZOE.encode("latin-1"),
    ZOE.replace(",", ";").encode(),
    ZOE.replace(",", "\t").encode(),
    ZOE.replace(",", "|").encode(),
    ("sep=;\n" + ZOE.replace(",", ";")).encode(),
    ZOE.replace("\n", "\r\n").encode(),
    ZOE.replace("\n", "\r").encode(),
    ZOE.rstrip().encode(),
    b"\n\n" + ZOE.replace(",", ";").encode(),
    HEADINGS.replace("last name", '"last\nname"').encode() + ZOE.split("\n")[1].encode(),
]


@pytest.mark.parametrize("content", SAME)
def test_the_same_list_in_whatever_signs_it_came(read, content):
    assert read(content) == (NAMES, [["Zoë", "Müller", "zoe@example.org"]])


def test_a_sign_inside_quotation_marks_does_not_part_the_headings(read):
    headings, rows = read('"name; first; last",email\nZoë,zoe@example.org\n')

    assert (headings, rows) == (["name; first; last", "email"], [["Zoë", "zoe@example.org"]])


def test_an_accent_that_comes_late_tells_the_encoding_of_the_whole(read):
    plain = "".join(f"Given{n},Family{n},person{n}@example.org\n" for n in range(4000))

    _headings, rows = read((HEADINGS + plain + "Zoë,Müller,zoe@example.org\n").encode("latin-1"))

    assert rows[-1] == ["Zoë", "Müller", "zoe@example.org"]


OTHER_NAMES = [
    ("cp1252", "Élodie Brûlé, José Peña, Siân O’Brien, Søren Ærø"),
    ("cp1250", "Jiří Dvořák, Kateřina Nováková, Tomáš Král"),
    ("cp1250", "Łukasz Żak, Józef Wójcik, Małgorzata Pająk"),
    ("cp1251", "Иван Петров, Анна Смирнова, Алёна Кузнецова"),
    ("cp1256", "محمد علي, فاطمة حسن, عبد الله"),
    ("shift_jis", "山田太郎, 鈴木花子, 佐藤健一, 高橋美咲, 田中一郎"),
]


@pytest.mark.parametrize(("encoding", "names"), OTHER_NAMES)
def test_names_of_many_countries_are_read_as_they_were_written(read, encoding, names):
    lines = [f"{name},person{n}@example.org" for n, name in enumerate(names.split(", "))]

    _headings, rows = read("\n".join(["name,email", *lines, ""]).encode(encoding))

    assert [row[0] for row in rows] == names.split(", ")


def test_a_long_question_as_a_heading_is_named_by_its_beginning(read):
    headings, _rows = read("name," + "What would you like to do together? " * 20 + "\nZoë,chess\n")

    assert headings[1] == ("What would you like to do together? " * 20)[:120]


REFUSED = [
    (b"", "This file is empty."),
    (b"\n \n\t\n", "This file is empty."),
    (b",,,\n", "This file is empty."),
    (b"name,email\n" + b'Ama,"open\n' * 3, "Row 2 cannot be read: a quotation mark is opened and never closed"),
    (b'name,email\n"Ama" x,ama@example.org\n', "Row 2 cannot be read: a quotation mark is opened and never closed"),
    (b"name,email\nAma," + b"x" * 200_000, "Row 2 cannot be read: a cell is far too long"),
    (",".join(f"c{n}" for n in range(16_384)).encode(), "This list has 16384 columns; 200 fit."),
    (b"name,Name,name\n", "The heading 'name' stands there twice. Rename one."),
    ("na\u202eme,email\n".encode(), "There are signs in the headings that cannot be shown. Type them anew."),
    (b"\x00\x01\x02\x03\x04", "This is no text."),
    (bytes(range(256)) * 20, "This is no text."),
    (b"<html><body>", "This is no list of rows."),
    (b"\xff\xd8\xff\xe0", "This is no list of rows."),
]


@pytest.mark.parametrize(("content", "sentence"), REFUSED)
def test_what_cannot_be_read_is_said(read, content, sentence):
    with pytest.raises(Unreadable) as refusal:
        read(content)

    assert str(refusal.value).startswith(sentence)


def test_nothing_between_letters_is_a_bad_row_on_either_database(riverside, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "SAMPLE", 20)
    file = tmp_path / "list.csv"
    file.write_text(HEADINGS + "Ama\0,Mensah,ama@example.org\nKofi,Boateng,kofi@example.org\n")

    report = bring_in([file], what="mentors", program=riverside, at=MONDAY)

    assert (report["created"], [bad["row"] for bad in report["bad"]]) == (1, [2])


def test_a_wrong_cell_under_a_long_heading_is_said_on_either_database(riverside, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("name,email," + "q" * 500 + "\nAma,nowhere,x\n")

    report = bring_in([file], what="mentors", program=riverside, at=MONDAY)

    assert report["bad"] == [{"row": 2, "column": "email", "reason": "'nowhere' is no e-mail address."}]


# A million rows


def million(most):
    """As many rows as are too many for it."""
    return (HEADINGS + "A,B,a@example.org\n" * (most + 1)).encode()


def sent(browser, content):
    file = SimpleUploadedFile("people.csv", content, content_type="text/csv")
    return browser.post("/p/riverside/imports/new/", {"what": "mentors", "sent": [file]})


def test_too_many_rows_for_the_page(as_user, cora, riverside, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_ROWS", 1000)

    response = sent(as_user(cora), million(1000))

    assert response.status_code == 422
    assert "This list has more than 1 000 rows, too many for this page." in response.content.decode()
    assert (Import.objects.count(), Row.objects.count()) == (0, 0)


def test_too_many_bytes_for_the_page(as_user, cora, riverside, monkeypatch):
    monkeypatch.setattr(forms, "MOST_BYTES", 1000)

    response = sent(as_user(cora), million(1000))

    assert response.status_code == 422
    assert "rapport import" in response.content.decode()
    assert Import.objects.count() == 0


def test_too_many_rows_for_the_long_work(riverside, monkeypatch):
    from tests.imports.test_long_work import received, until_done

    monkeypatch.setattr(working, "MOST_ROWS", 700)
    received(riverside, 800)

    until_done()

    assert Import.objects.get().trouble.startswith("This list has more than 700 rows")
    assert (Row.objects.count(), Person.objects.count()) == (0, 0)


def test_a_million_rows_are_read_one_by_one(tmp_path):
    """Nothing of a long list is held: the rows come from a generator, as the file gives them."""
    file = tmp_path / "list.csv"
    file.write_bytes(million(100_000))

    table = open_table(file)

    assert next(table.rows) == (2, ["A", "B", "a@example.org"])
    assert sum(1 for _ in table.rows) == 100_000
