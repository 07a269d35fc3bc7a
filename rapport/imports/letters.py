"""Which letters a file is written in. Names decide: "Zoë Müller" must not come in as somebody else."""

import codecs
import re
from typing import BinaryIO

from charset_normalizer import from_bytes

PIECE = 64 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN, CENTRAL = "cp1252", "cp1250"
LIKELY = [
    WESTERN, CENTRAL, "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "shift_jis", "gb18030", "big5",
    "euc_kr",
]  # fmt: skip
CENTRAL_LANGUAGES = {"Czech", "Slovak", "Polish", "Hungarian", "Slovene", "Croatian", "Romanian"}
BESIDE_LETTERS = set("‘’‚“”„–—…€°ªº´«»•\xa0")
BESIDE_EACH_OTHER = re.compile(r"[^\x00-\x7f]{2,}")


def encoding_of(sample: bytes, stream: BinaryIO) -> str:
    """What its mark says, else UTF-8 if all of it can be, else the most likely; nothing where it is no text."""
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        return two_bytes_a_letter(sample)
    other = first_that_is_not_utf8(stream)
    return most_likely(other) if other else "utf-8"


def two_bytes_a_letter(sample: bytes) -> str:
    """UTF-16 that does not say so: every other byte of plain letters is nothing."""
    halves = sample[: len(sample) // 2 * 2]
    first, second = halves[::2].count(0), halves[1::2].count(0)
    if max(first, second) < 0.3 * len(halves) or min(first, second):
        return ""
    return "utf-16-be" if first else "utf-16-le"


def first_that_is_not_utf8(stream: BinaryIO) -> bytes:
    """A piece of the file with letters that are not UTF-8; nothing where all are. An accent may come late in a list."""
    stream.seek(0)
    decoder, piece = codecs.getincrementaldecoder("utf-8")(), b""
    while following := stream.read(PIECE):
        piece = following
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            return piece
    return piece if decoder.getstate()[0] else b""


def most_likely(piece: bytes) -> str:
    """The encoding in which these letters look most like names. A guess from few letters is weighed, not believed."""
    guess = from_bytes(piece, cp_isolation=LIKELY).best()
    guessed, language = (guess.encoding, guess.language) if guess else ("", "")
    if guessed == CENTRAL and language in CENTRAL_LANGUAGES:
        return CENTRAL
    if reads_well(piece, WESTERN):
        return WESTERN
    if guessed and guessed not in (WESTERN, CENTRAL):
        return guessed
    return CENTRAL if reads_well(piece, CENTRAL) else guessed or WESTERN


def reads_well(piece: bytes, encoding: str) -> bool:
    """Whether what is beyond plain letters are letters, too, and stand one by one, as in most names of Europe."""
    text = piece.decode(encoding, errors="replace")
    beyond = [sign for sign in text if sign > "\x7f"]
    together = sum(map(len, BESIDE_EACH_OTHER.findall(text)))
    return all(sign.isalpha() or sign in BESIDE_LETTERS for sign in beyond) and together <= len(beyond) / 2
