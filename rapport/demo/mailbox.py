"""The letters a demo would have sent: files in a folder, read as plain text and nothing else."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

NAME = re.compile(r"[0-9a-f]{32}")
MOST_BYTES = 262_144  # a letter of ours is a few kilobytes


@dataclass(frozen=True)
class Letter:
    """What the list shows of one letter."""

    name: str
    to: str
    sender: str
    subject: str
    sent_at: datetime


def letters(folder: Path) -> list[Letter]:
    """Every letter, newest first."""
    if not folder.is_dir():
        return []
    found = [headers(file) for file in folder.glob("*.eml") if NAME.fullmatch(file.stem)]
    return sorted(found, key=lambda letter: (letter.sent_at, letter.name), reverse=True)


@lru_cache(maxsize=5000)
def headers(file: Path) -> Letter:
    """The head of one letter; a file never changes once it lies there."""
    with file.open("rb") as stream:
        head = BytesHeaderParser(policy=email.policy.default).parse(stream)
    try:
        sent_at = parsedate_to_datetime(str(head["Date"]))
    except (TypeError, ValueError):
        sent_at = datetime.min.replace(tzinfo=UTC)
    sent_at = sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)
    return Letter(file.stem, str(head["To"] or ""), str(head["From"] or ""), str(head["Subject"] or ""), sent_at)


def read(folder: Path, name: str) -> tuple[Letter, str] | None:
    """One letter with its plain text, or None where there is none of this name."""
    file = folder / f"{name}.eml"
    if not NAME.fullmatch(name) or not file.is_file():
        return None
    with file.open("rb") as stream:
        mail = email.message_from_bytes(stream.read(MOST_BYTES), policy=email.policy.default)
    part = mail.get_body(preferencelist=("plain",))
    return headers(file), part.get_content() if part else ""


def with_links(text: str):
    """The text, escaped; addresses of this install become links within it, any other address stays text."""
    ours = re.compile(re.escape(settings.ADDRESS) + r"(/[A-Za-z0-9/_\-.?=&%]*)")
    parts, at = [], 0
    for found in ours.finditer(text):
        parts += [conditional_escape(text[at : found.start()]), link(found[0], found[1])]
        at = found.end()
    parts.append(conditional_escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308  (every part is escaped above)


def link(address: str, path: str):
    """A path of this install; two slashes in front would lead elsewhere."""
    if path.startswith("//"):
        return conditional_escape(address)
    return format_html('<a href="{}">{}</a>', path, address)
