"""A paper that somebody scanned or photographed: told by its bytes, and rebuilt without what must not travel along.

Nothing is decoded here. A picture is put together anew from the parts that make the picture: where it was taken, by
which machine, a second picture inside, and whatever was hung on behind its end stay outside. What its name says is
never believed. Nothing is unpacked, so a small file cannot become a large one.
"""

import re
import zlib
from struct import error as TooShort
from struct import pack, unpack

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_PIXELS = 40_000_000
PDF, PNG, JPEG = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
KINDS = {PDF: "application/pdf", PNG: "image/png", JPEG: "image/jpeg"}
ENDINGS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")  # what no scanned paper needs
PDF_END, PDF_TAIL = b"%%EOF", 4096
CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB"}  # what a PNG picture is made of
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # markers of a JPEG that say how large it is
OF_PICTURE = FRAMES | {0xC4, 0xCC, 0xDA, 0xDB, 0xDD}
NOTES, EXIF, ADOBE, SCAN, END = 0xE1, b"Exif\0\0", b"Adobe", 0xDA, 0xD9
TURNED = 0x0112  # the note that says which side is up
NAME = re.compile(r"[^\w .-]+", re.ASCII)
LONGEST_NAME = 80


def kind_of(content: bytes) -> str | None:
    """What a file is by its first bytes, whatever its name says; None for anything but PDF, PNG and JPEG."""
    return next((kind for sign, kind in KINDS.items() if content.startswith(sign)), None)


def cleaned(content: bytes) -> bytes:
    """The paper as it is kept. Raises ValidationError with what is wrong."""
    kind = kind_of(content)
    if kind is None:
        raise ValidationError(_("This is neither a PDF nor a picture. Scan the paper, and choose that file."))
    rebuild = {"application/pdf": pdf, "image/png": png, "image/jpeg": jpeg}[kind]
    try:
        return rebuild(content)
    except (IndexError, TooShort) as error:
        raise broken() from error


def called(name: str, content: bytes) -> str:
    """A name to save it under: plain signs, and the ending of what it is."""
    base = name.replace("\\", "/").rpartition("/")[2]
    stem = NAME.sub("", base.rpartition(".")[0] or base).strip(" .-")
    return (stem[:LONGEST_NAME] or "paper") + ENDINGS[kind_of(content) or "application/pdf"]


def broken():
    return ValidationError(_("This file is cut off or damaged. Scan the paper anew, and choose that file."))


def too_large():
    return ValidationError(_("This picture is too large: 40 million points at most."))


def pdf(content: bytes) -> bytes:
    """A PDF up to its end. One that carries a script or other files is refused; it is shown by no page of ours."""
    end = content.rfind(PDF_END)
    if end < 0 or len(content) - end > PDF_TAIL:
        raise broken()
    if any(word in content for word in ACTIVE):
        raise ValidationError(_("This PDF carries more than a paper: a script, a form or other files. Scan the paper."))
    return content[: end + len(PDF_END)] + b"\n"


def png(content: bytes) -> bytes:
    parts, at = [PNG], len(PNG)
    names: list[bytes] = []
    while not names or names[-1] != b"IEND":
        length, name = unpack(">I4s", content[at : at + 8])
        body, check = content[at + 8 : at + 8 + length], content[at + 8 + length : at + 12 + length]
        if len(body) < length or check != pack(">I", zlib.crc32(name + body)):
            raise broken()
        if name in CHUNKS:
            parts.append(content[at : at + 12 + length])
        names.append(name)
        at += 12 + length
    if names[0] != b"IHDR" or names.count(b"IHDR") > 1 or b"IDAT" not in names:
        raise broken()
    within(*unpack(">II", content[len(PNG) + 8 : len(PNG) + 16]))
    return b"".join(parts)


def jpeg(content: bytes) -> bytes:
    parts, at, seen = [b"\xff\xd8"], 2, set()
    while True:
        at, marker = next_marker(content, at)
        if marker == END:
            break
        length = unpack(">H", content[at : at + 2])[0]
        body = content[at + 2 : at + length]
        if length < 2 or len(body) < length - 2:
            raise broken()
        at += length
        if marker in FRAMES:
            height, width = unpack(">HH", body[1:5])
            within(width, height)
        parts.append(kept_of(marker, body))
        if marker == SCAN:
            behind = end_of_scan(content, at)
            parts.append(content[at:behind])
            at = behind
        seen.add(marker)
    if SCAN not in seen or not FRAMES & seen:
        raise broken()
    return b"".join([*parts, b"\xff\xd9"])


def next_marker(content: bytes, at: int) -> tuple[int, int]:
    """Where the part after the next marker begins, and which marker it is."""
    if content[at] != 0xFF:
        raise broken()
    while content[at] == 0xFF:
        at += 1
    return at + 1, content[at]


def end_of_scan(content: bytes, at: int) -> int:
    """Where the picture's own bytes end: at a marker that does not belong among them."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise broken()
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def kept_of(marker: int, body: bytes) -> bytes:
    """A part of a JPEG as it is kept; of its notes only which side is up."""
    if marker in OF_PICTURE or (marker == 0xEE and body.startswith(ADOBE)):
        return part_of(marker, body)
    if marker == NOTES and body.startswith(EXIF):
        turned = turned_in(body[len(EXIF) :])
        if turned > 1:
            return part_of(NOTES, EXIF + b"II*\0" + pack("<IHHHIHHI", 8, 1, TURNED, 3, 1, turned, 0, 0))
    return b""


def part_of(marker: int, body: bytes) -> bytes:
    return pack(">BBH", 0xFF, marker, len(body) + 2) + body


def turned_in(notes: bytes) -> int:
    """Which side of a photograph is up (1 to 8), as its notes say; 1 where they say nothing we can read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(notes[:4])
    if order is None:
        return 1
    try:
        start = unpack(f"{order}I", notes[4:8])[0]
        count = unpack(f"{order}H", notes[start : start + 2])[0]
        for number in range(min(count, 100)):
            entry = notes[start + 2 + 12 * number : start + 14 + 12 * number]
            if unpack(f"{order}H", entry[:2])[0] == TURNED:
                turned = unpack(f"{order}H", entry[8:10])[0]
                return turned if 1 <= turned <= 8 else 1
    except TooShort:
        pass
    return 1


def within(width: int, height: int) -> None:
    if not width or not height:
        raise broken()
    if width * height > MOST_PIXELS:
        raise too_large()
