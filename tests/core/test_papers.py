"""Uploaded papers: told by their bytes, rebuilt without what must not travel along, or refused in a sentence (G24)."""

import base64
import random
import zlib
from struct import pack

import pytest
from django.core.exceptions import ValidationError

from rapport.core import papers
from tests.conftest import FULL

MUTATIONS = 5000 if FULL else 300
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
PLACE = b"52.5200N 13.4050E, the kitchen of the shelter"
POINT = (
    base64.b64decode(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
        "////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
    )
    + b"\xff\xd9"
)  # one grey point
JUNK = [
    b"", b" ", b"%PDF", b"%PDF-", b"PK\x03\x04", b"<svg onload='x'>", b"<!doctype html>", b"<?xml version='1.0'?>",
    b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", b"GIF89a", b"BM", b"MZ\x90", b"\x7fELF", b"RIFF0000WEBP",
    b"II*\0", b"\xd0\xcf\x11\xe0", b"{\\rtf1", b"%!PS-Adobe", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\0" * 5000,
    b"%pdf-1.4 %%EOF", b" %PDF-1.4 %%EOF", b"\xef\xbb\xbf%PDF-1.4 %%EOF", b"AT&TFORM", b"ftypheic", b"\xff\xfe<\0",
    b"#!/bin/sh", b"MIME-Version: 1.0",
]  # fmt: skip


def chunk(name, body):
    return pack(">I", len(body)) + name + body + pack(">I", zlib.crc32(name + body))


def picture(width=1, height=1, *extra, data=None):
    head = chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" + b"\x80" * width if data is None else data))
    return papers.PNG + head + b"".join(extra) + body + chunk(b"IEND", b"")


def segment(marker, body):
    return pack(">BBH", 0xFF, marker, len(body) + 2) + body


def notes(turned=6, order="<"):
    """What a telephone writes into a photograph: which side is up, and where it was taken."""
    tiff = (b"II*\0" if order == "<" else b"MM\0*") + pack(f"{order}IH", 8, 2)
    tiff += pack(f"{order}HHIHH", 0x0112, 3, 1, turned, 0) + pack(f"{order}HHII", 0x8825, 4, 1, 60) + b"\0" * 8
    return segment(0xE1, b"Exif\0\0" + tiff + PLACE)


def photograph(*parts):
    return POINT[:2] + b"".join(parts) + POINT[2:]


def test_a_paper_stays_the_paper_it_is():
    assert papers.cleaned(PDF) == PDF
    assert papers.cleaned(picture()) == picture()
    assert papers.cleaned(POINT) == POINT[:2] + POINT[20:]
    assert [papers.kind_of(papers.cleaned(one)) for one in (PDF, picture(), POINT)] == [
        "application/pdf", "image/png", "image/jpeg",
    ]  # fmt: skip


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("turned", [1, 6, 8])
def test_where_a_photograph_was_taken_stays_outside_and_which_side_is_up_stays(turned, order):
    kept = papers.cleaned(photograph(notes(turned, order), segment(0xFE, PLACE), segment(0xED, PLACE)))

    assert PLACE not in kept
    assert (b"Exif" in kept) is (turned > 1)
    assert papers.turned_in(kept[kept.find(b"Exif") + 6 :]) == turned
    assert papers.cleaned(kept) == kept


def test_whatever_hangs_on_behind_the_end_or_in_odd_parts_stays_outside():
    hidden = b"<script>alert(1)</script>PK\x05\x06" + PLACE
    odd = [chunk(name, hidden) for name in (b"tEXt", b"eXIf", b"iTXt", b"zTXt", b"iCCP", b"acTL", b"prVt")]

    kept = [papers.cleaned(one) for one in (picture(1, 1, *odd) + hidden, POINT + hidden, PDF + hidden)]

    assert [hidden in one for one in kept] == [False] * 3
    assert kept == [papers.cleaned(one) for one in (picture(), POINT, PDF)]


REFUSED = {
    **{f"junk {number}": one for number, one in enumerate(JUNK)},
    "a script in a PDF": PDF.replace(b"/Type", b"/OpenAction<</S/JavaScript/JS(x)>>/Type"),
    "a program in a PDF": PDF.replace(b"/Type", b"/OpenAction<</S/Launch>>/Type"),
    "files in a PDF": PDF.replace(b"/Type", b"/Names<</EmbeddedFiles 3 0 R>>/Type"),
    "a form in a PDF": PDF.replace(b"/Type", b"/AcroForm<</XFA 3 0 R>>/Type"),
    "a PDF cut off": PDF[:-8],
    "a PDF whose end is far from the end": PDF + b"x" * 5000,
    "a zip called PDF": b"%PDF-1.4" + b"PK\x03\x04" * 2000,
    "a picture of a thousand million points": picture(40_000, 25_000),
    "a picture a little too large": picture(40_000_001, 1, data=b""),
    "the widest picture there is": picture(2**32 - 1, 2**32 - 1, data=b""),
    "a picture without width": picture(0, 1),
    "a wrong check": picture()[:-6] + b"\0" * 6,
    "a PNG cut off": picture()[:-12],
    "a PNG of its sign alone": papers.PNG,
    "a part that says it is four gigabytes": papers.PNG + b"\xff\xff\xff\xffIHDR" + b"\0" * 20,
    "a PNG without its head": papers.PNG + chunk(b"IDAT", b"x") + chunk(b"IEND", b""),
    "a PNG with two heads": picture(1, 1, chunk(b"IHDR", pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 0))),
    "a PNG without a picture": papers.PNG + chunk(b"IHDR", pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + chunk(b"IEND", b""),
    "a JPEG of its sign alone": b"\xff\xd8\xff",
    "a JPEG without a picture": b"\xff\xd8\xff\xe0\0\x04ab\xff\xd9",
    "a JPEG without an end": POINT[:-2],
    "a JPEG of sixty thousand by sixty thousand": POINT.replace(b"\x08\0\x01\0\x01\x01", b"\x08\xea\x60\xea\x60\x01"),
    "a JPEG without height": POINT.replace(b"\x08\0\x01\0\x01\x01", b"\x08\0\0\0\x01\x01"),
    "a part shorter than its own length": b"\xff\xd8\xff\xe0\0\0" + POINT[20:],
    "a part that runs past the end": b"\xff\xd8\xff\xe0\xff\xff" + POINT[20:],
    "no marker where one belongs": b"\xff\xd8\xff\xe0\0\x04ab" + b"no marker" + POINT[20:],
    "a megabyte of marker signs": b"\xff\xd8" + b"\xff" * 1_000_000,
    "a scan without an end": POINT[:-4] + b"\xff\0" * 100_000,
    "a JPEG in a PNG's name": papers.PNG[:4] + POINT,
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_paper_is_refused_in_a_sentence(what):
    with pytest.raises(ValidationError) as refusal:
        papers.cleaned(REFUSED[what])

    assert refusal.value.messages[0].endswith((".", "most."))


def test_a_paper_that_was_bent_anywhere_is_refused_or_still_a_paper():
    """What comes out of it is always a paper that comes out the same again, and nothing else is raised."""
    chance, wholes = random.Random(24), [PDF, picture(9, 1), photograph(notes(), segment(0xFE, PLACE))]

    for _number in range(MUTATIONS):
        bent = bytearray(chance.choice(wholes))
        for _bend in range(chance.randint(1, 6)):
            where = chance.randrange(len(bent))
            what = chance.randint(0, 3)
            if what == 0:
                bent[where] = chance.choice([0, 0xFF, 0xD9, 0xDA, chance.randrange(256)])
            elif what == 1:
                bent[where:where] = chance.randbytes(chance.randint(1, 40))
            elif what == 2:
                del bent[where : where + chance.randint(1, 60)]
            else:
                bent[where : where + 4] = pack(">I", chance.choice([0, 1, 2**31 - 1, 2**32 - 1]))
            bent = bent or bytearray(b"x")
        try:
            kept = papers.cleaned(bytes(bent))
        except ValidationError:
            continue
        assert papers.cleaned(kept) == kept
        assert len(kept) <= len(bent) + 64


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("order.pdf", "order.pdf"), ("order.exe", "order.pdf"), ("../../etc/passwd", "passwd.pdf"),
        ("C:\\court\\order 17.docx", "order 17.pdf"), ("annexe\u202efdp.exe", "annexefdp.pdf"),
        ("\r\nSet-Cookie: a", "Set-Cookie a.pdf"),
        ("", "paper.pdf"), (".pdf", "pdf.pdf"), ("\u5e8f\u4ee4.pdf", "paper.pdf"),
        ("a" * 300 + ".pdf", "a" * 80 + ".pdf"),
        ("<script>.pdf", "script.pdf"), ("order.pdf\0.jpg", "order.pdf.pdf"),
    ],
)  # fmt: skip
def test_its_name_is_plain_and_ends_as_what_it_is(name, called):
    assert papers.called(name, PDF) == called
