"""Letters that ask for permission, and the links in them."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.test import Client

from rapport.clock.actions import deliver
from rapport.core.refs import new_ref
from rapport.onboarding.actions import ask_for_consent
from tests.cast import MONDAY

NOON = MONDAY + timedelta(hours=3)
TODAY = MONDAY.date()
ADDRESS = re.compile(r"http://localhost:8000(/c/[\w-]{22}/)")
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


@pytest.fixture
def noon():
    """The letters went out this morning, and now they are read."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.MAILBOX = tmp_path / "mailbox"
    return settings.MAILBOX


@pytest.fixture
def reader():
    """Somebody's own browser, without cookies."""
    return Client(headers={"user-agent": CHROME})


def asked(participant, person, *purposes, by, at=MONDAY, **more):
    """An ask of this person, by letter unless said otherwise."""
    return ask_for_consent(
        participant, person=person, purposes=purposes or ["join", "share-basics"], form_id=new_ref(), by=by, at=at,
        **more,
    )  # fmt: skip


def letters(mailbox, at):
    """Send what waits; the letters so far: (to, body)."""
    deliver(at=at)
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in mailbox.glob("*.eml")]
    found.sort(key=lambda mail: mail["Date"].datetime)
    return [(str(mail["To"]), mail.get_body(("plain",)).get_content()) for mail in found]


def link_to(mailbox, name, at=MONDAY):
    """The path in the last letter to somebody."""
    return [ADDRESS.search(body)[1] for to, body in letters(mailbox, at) if to.startswith(name)][-1]


def pressed(page, **said):
    """What a form on this page sends: yes and no by purpose."""
    sent = {"in": page.context["language"]}
    for form in page.context["choices"]:
        sent[form.add_prefix("text")] = str(form.shown.text.pk)
        if form.shown.key.replace("-", "_") in said:
            sent[form.add_prefix("say")] = said[form.shown.key.replace("-", "_")]
    return sent


def say_by_link(reader, path, **said):
    return reader.post(path, pressed(reader.get(path, {"start": "1"}), **said))
