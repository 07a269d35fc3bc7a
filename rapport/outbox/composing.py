"""From a message's words to a letter: plain text first, the same in simple HTML beside it."""

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from rapport.core.own_words import spoken_as

LONGEST_SUBJECT = 150


class CannotBeWritten(Exception):
    """An address or a subject no letter can carry."""


def words_of(template: str, variables: dict, language: str) -> tuple[str, str]:
    """Subject and body of a message in a language; the first line of its template is the subject.

    Days and hours are those of its program, wherever the machine stands.
    """
    program = variables.get("program")
    with override(language), spoken_as(program), timezone.override(program and program.zone):
        text = render_to_string(template, variables).strip()
    subject, _, body = text.partition("\n")
    return " ".join(subject.split())[:LONGEST_SUBJECT], body.strip() + "\n"


def letter(
    *, message, address: str, subject: str, body: str, language: str, at, calendar: tuple[str, str] | None = None
) -> EmailMessage:
    """The letter of a message. Raises CannotBeWritten. The same message always has the same Message-ID.

    `calendar`: a method and the text of what the reader's calendar takes in.
    """
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = sender(message.program)
        mail["To"] = recipient(address)
        mail["Subject"] = subject
    except (ValueError, IndexError, UnicodeError) as error:
        raise CannotBeWritten(str(error)) from error
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(message)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(body)
    mail.add_alternative(html(subject, body, language, message.program), subtype="html")
    if calendar:
        method, text = calendar
        mail.add_alternative(text, subtype="calendar", params={"method": method})
    return mail


def message_id(message) -> str:
    """Named after its cause, so that a letter sent again is known as the same."""
    cause = hashlib.sha256(f"{message.pk}:{message.dedupe_key}".encode()).hexdigest()[:24]
    return f"<{cause}@{urlsplit(settings.ADDRESS).hostname or 'localhost'}>"


def sender(program) -> Address:
    name, address = parseaddr(settings.MAIL_FROM)
    return Address(display_name=program.name if program else name, addr_spec=address)


def recipient(address: str) -> Address:
    """The address as a header; a domain in other letters is written in ASCII, as DNS has it."""
    local, _, domain = address.rpartition("@")
    if not local or any(sign in address for sign in "\r\n\0"):
        raise CannotBeWritten("this is no address")
    return Address(username=local, domain=domain.encode("idna").decode() if not domain.isascii() else domain)


def html(subject: str, body: str, language: str, program) -> str:
    """The body as simple HTML, its style written into the elements, as mail programs want it."""
    parts = paragraphs(body, is_link=is_address)
    told = {"subject": subject, "parts": parts, "language": language, "program": program}
    with override(language), spoken_as(program):
        return inliner().inline(render_to_string("outbox/mail.html", told))


def paragraphs(body: str, *, is_link) -> list[dict]:
    """The parts of a body; one that is nothing but a link becomes a button."""
    parts = [part.strip() for part in body.split("\n\n") if part.strip()]
    return [{"link": text} if is_link(text) else {"lines": text.splitlines()} for text in parts]


def is_address(text: str) -> bool:
    return text.startswith(settings.ADDRESS + "/") and len(text.split()) == 1


@cache
def inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)
