"""A mail server that does as it is told, and a kind of message to send."""

import email
import email.policy
import threading
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller

from rapport.outbox import kinds
from tests.clock.conftest import free_port


@dataclass
class Sink:
    """Takes letters and remembers them. `says` answers the next letters instead, one each."""

    letters: list = field(default_factory=list)
    says: list = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_DATA(self, server, session, envelope):  # the library's name
        with self.lock:
            answer = self.says.pop(0) if self.says else "250 OK"
            if answer.startswith("2") or answer == "drop after taking it":
                self.letters.append((envelope.rcpt_tos, parsed(envelope.content)))
        if answer.startswith("drop"):
            session.transport = None
            server.transport.abort()
        return answer

    @property
    def ids(self):
        return [letter["Message-ID"] for _, letter in self.letters]


def parsed(content):
    return email.message_from_bytes(content, policy=email.policy.default)


@pytest.fixture
def sink(settings):
    """A mail server on this machine, and the house told to use it."""
    handler = Sink()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, server_kwargs={"enable_SMTPUTF8": True})
    controller.start()
    settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
    yield handler
    controller.stop()


@pytest.fixture
def quiet(riverside):
    """Riverside, where nothing goes out that nobody let go."""
    riverside.quiet_start = True
    riverside.save()
    return riverside


@pytest.fixture
def thanks(tmp_path, settings):
    """A kind of message for tests: always wanted."""
    folder = tmp_path / "templates" / "mail" / "tests"
    folder.mkdir(parents=True)
    (folder / "thanks.txt").write_text(
        "Thank you, {{ person.first_name }}\n\nHello {{ person.first_name }}, thank you.\n"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path / "templates"]}]
    yield kinds.kind("tests/thanks", purpose="messages", wanted=lambda messages, at: messages)
    kinds.KINDS.pop("tests/thanks", None)
