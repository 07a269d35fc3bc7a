"""A young pair that has just begun, with somebody who reads worries; and the clock, told what time it is."""

import re
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy

import pytest

from rapport.checkins.models import Ask
from rapport.clock.actions import deliver, tick
from rapport.safeguarding.models import Duty
from tests.cast import LONG_AGO, staff

BEGUN = date(2026, 11, 2)  # a Monday
MORNING = datetime(2026, 11, 2, 9, 5, tzinfo=UTC)
DAY = timedelta(days=1)
ADDRESS = re.compile(r"http://localhost:8000(/a/[\w-]{22}/)")
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


@pytest.fixture(autouse=True)
def mailbox(settings, tmp_path):
    settings.MAILBOX = tmp_path / "mailbox"
    return settings.MAILBOX


@pytest.fixture
def duty(riverside, dele):
    """Two leads and a cover: the worry question may go out."""
    second, cover = staff("Sam", riverside, "safeguarding-lead"), staff("Kim", riverside, "safeguarding-lead")
    return Duty.objects.create(
        program=riverside, lead=dele, second_lead=second, cover=cover, outside_contact="Child line, 555 0199",
        read_by=time(17), named_by=dele, named_at=LONG_AGO,
    )  # fmt: skip


@pytest.fixture
def young(match):
    """Ama and Ben, since Monday 2 November."""
    match.begun_on = BEGUN
    match.begun_at = datetime(2026, 11, 2, tzinfo=UTC)
    match.save()
    return match


def live(days, since=MORNING):
    """Let the clock tick and the post go, once each morning."""
    for n in range(days):
        tick(at=since + n * DAY)
        deliver(at=since + n * DAY)
    return since + days * DAY


def letters(files):
    """What these files of a mailbox hold, oldest first: (to, subject, date, path of the link)."""
    found = []
    for file in files:
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",)).get_content()
        path = ADDRESS.search(body)
        found.append((str(mail["To"]), str(mail["Subject"]), mail["Date"].datetime, path and path[1]))
    return sorted(found, key=lambda letter: (letter[2], letter[0]))


def link_of(mailbox, name):
    """The path of the last link somebody got."""
    return [path for to, _subject, _at, path in letters(mailbox.glob("*.eml")) if to.startswith(name) and path][-1]


def ask_of(person):
    return Ask.objects.filter(person=person).order_by("-pk").first()
