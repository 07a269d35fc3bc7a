"""A message answered with nothing but a number: so many minutes they met. Pure, but for asking which message it was.

A reply counts only if it names the message it answers and comes from the very address that message went to. Everything
else is for a person to read.
"""

import hashlib
import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

MOST = 1_000_000  # bytes; a number needs none of them
REFERENCE = re.compile(r"<[^<>\s]{3,250}>")
NUMBER = re.compile(r"(?<![\d.,:/-])(\d{1,4})\s*(?:min|mins|minutes?|m)?\.?", re.IGNORECASE)
QUOTE = re.compile(
    r"^\s*(?:>|-{2,}\s*$|_{5,}|On .{5,200} wrote:\s*$|Am .{5,200} schrieb|Le .{5,200} a écrit|El .{5,200} escribi)"
)


@dataclass(frozen=True)
class Reply:
    """What arrived: who sent it, which messages it answers, and the number, if it says nothing else.

    `said`: a mark by which the same words are known again, and nobody reads them.
    """

    sender: str
    references: tuple
    minutes: int | None
    said: str


def read(raw: bytes) -> Reply | None:
    """One message as a mail program hands it over (RFC 5322); None where it is none, or written by a machine."""
    mail = BytesParser(policy=policy.default).parsebytes(raw[:MOST])
    try:
        sender = parseaddr(str(mail.get("From", "")))[1].lower()
        named = f"{mail.get('In-Reply-To', '')} {mail.get('References', '')}"
        text = text_of(mail)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    if not sender or by_a_machine(mail):
        return None
    said = hashlib.sha256(text.strip().encode(errors="replace")).hexdigest()[:16]
    return Reply(sender, tuple(dict.fromkeys(REFERENCE.findall(str(named)))), number_in(text), said)


def by_a_machine(mail: EmailMessage) -> bool:
    """An answer from somebody's absence, a list, a bounce."""
    auto = str(mail.get("Auto-Submitted", "no")).lower()
    bulk = str(mail.get("Precedence", "")).lower() in ("bulk", "list", "junk", "auto_reply")
    return (auto not in ("", "no")) or bulk or "X-Autoreply" in mail


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def number_in(text: str) -> int | None:
    """The number that stands alone above what is quoted; None where anything else stands there, too."""
    own = []
    for line in text.replace("\u00a0", " ").splitlines():
        if QUOTE.match(line):
            break
        if line.strip():
            own.append(line.strip())
    found = NUMBER.fullmatch(own[0]) if len(own) == 1 else None
    return int(found[1]) if found else None
