"""Who carries letters out of the house: a mail server, or a folder that a demo shows at /mailbox."""

import hashlib
import os
import smtplib
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from rapport.outbox.models import Delivery

SECONDS = 20  # longest wait for one answer of a mail server
Outcome = Delivery.Outcome


@dataclass(frozen=True)
class Result:
    """What came of one try."""

    outcome: str
    detail: str = ""


@contextmanager
def carrier():
    """The carrier this install has, open for one pass."""
    with Smtp(settings.SMTP_URL) if settings.SMTP_URL else Folder(settings.MAILBOX) as one:
        yield one


class Folder:
    """Writes each letter as a file named after its Message-ID: sent again, it is the same file."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __enter__(self):
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def __exit__(self, *_):
        return None

    def send(self, mail: EmailMessage) -> Result:
        name = hashlib.sha256(mail["Message-ID"].encode()).hexdigest()[:32]
        part, final = self.folder / f".{name}.part", self.folder / f"{name}.eml"
        try:
            with part.open("wb") as file:
                file.write(mail.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            part.replace(final)
        except OSError as error:
            return Result(Outcome.DEFERRED, str(error)[:300])
        return Result(Outcome.ACCEPTED)


class Smtp:
    """A mail server, named as smtp://user:password@host:port?tls=starttls (or tls=ssl, or nothing)."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "localhost", parts.port or 25
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.tls = parse_qs(parts.query).get("tls", [""])[0]
        self.server: smtplib.SMTP | None = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.hang_up()

    def connect(self) -> smtplib.SMTP:
        if self.server is None:
            context = ssl.create_default_context()
            plain = self.tls != "ssl"
            kind = smtplib.SMTP if plain else smtplib.SMTP_SSL
            more: dict = {} if plain else {"context": context}
            server = kind(self.host, self.port, timeout=SECONDS, **more)
            if self.tls == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            self.server = server
        return self.server

    def hang_up(self) -> None:
        server, self.server = self.server, None
        if server:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()

    def send(self, mail: EmailMessage) -> Result:
        """Hand over one letter. Whatever the server does, this says what came of it and never raises."""
        try:
            self.connect().send_message(mail)
        except smtplib.SMTPRecipientsRefused as refusal:
            return answered(*next(iter(refusal.recipients.values())))
        except smtplib.SMTPResponseException as refusal:
            self.hang_up()
            return answered(refusal.smtp_code, refusal.smtp_error)
        except (OSError, smtplib.SMTPException, ValueError, UnicodeError) as error:
            self.hang_up()
            return Result(Outcome.LOST_CONTACT, f"{type(error).__name__}: {error}"[:300])
        return Result(Outcome.ACCEPTED)


def answered(code: int, words: bytes | str) -> Result:
    """5xx is no for good, everything else is not now."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    final = 500 <= code < 600 and code not in AUTHENTICATION
    return Result(Outcome.REFUSED if final else Outcome.DEFERRED, f"{code} {said}"[:300])


AUTHENTICATION = {503, 530, 534, 535, 538}  # our own settings are wrong: no fault of the address
