import os
from contextlib import contextmanager
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from rapport.clock.figures import figures
from rapport.clock.install import a_port, make_ready, require_free
from rapport.core.months import moment
from rapport.demo import founding
from rapport.demo.folder import prepare
from rapport.demo.progress import Progress
from rapport.demo.script import Somebody
from rapport.demo.teller import tell


class Command(BaseCommand):
    help = """Make a believable program, with staff, pairs and the story of an autumn, and serve it.

Example: rapport demo --port 8000
A folder that holds a demo is made anew; one that holds anything else is refused."""

    def add_arguments(self, parser):
        parser.add_argument("--port", type=a_port, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="make it, print the figures, and end")
        parser.add_argument("--empty", action="store_true", help="programs and staff, no participants")
        parser.add_argument("--at", metavar="DAY", help="hang the story on the week of this day, such as 2026-11-23")

    def handle(self, *, port, no_serve, empty, at, **options):
        until = end_of_the_story(at)
        if not no_serve:
            require_free("127.0.0.1", port)
        os.environ.setdefault("RAPPORT_ADDRESS", f"http://localhost:{port}")
        settings.ADDRESS = os.environ["RAPPORT_ADDRESS"].rstrip("/")
        prepare(settings.RAPPORT_DIR)
        make_ready()
        programs = make(until, empty, Progress(self.stderr))
        self.stdout.write("\n".join(lines(programs.values(), empty)))
        if not no_serve:
            call_command("serve", port=port)


def end_of_the_story(day: str | None) -> datetime:
    """Until when the story is told: now, or nine o'clock on the day that was asked for. Raises CommandError."""
    if not day:
        return timezone.now()
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise CommandError(f"{day!r} is no day; write it like 2026-11-23.", returncode=2) from error
    if not 2000 < on.year < 2200:
        raise CommandError(f"{day} is too far away for a story.", returncode=2)
    return moment(on, time(9, 30), ZoneInfo(founding.words()["time_zone"]))


def make(until: datetime, empty: bool, show: Progress) -> dict:
    """The programs, with their story unless they are to be empty. Returns them by slug."""
    show("making programs")
    with hurry():
        programs = founding.found(until.astimezone(ZoneInfo(founding.words()["time_zone"])).date())
        if not empty:
            tell(programs, until, show)
    show.over()
    return programs


@contextmanager
def hurry():
    """While a demo is made, nothing is lost if the machine stops: it is made anew. So no write waits for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")


def lines(programs, empty: bool):
    """How to be each role, and the figures of each program."""
    told = founding.words()
    yield f"Sign in at {settings.ADDRESS}/ and read every letter at {settings.ADDRESS}/mailbox/"
    yield ""
    yield f"  {'e-mail':<26} {'password':<26} who, and what to look at"
    for row in told["staff"]:
        roles = ", ".join(f"{slug} {role}" for slug, role, *_site in row["roles"])
        yield f"  {row['email']:<26} {told['password']:<26} {row['name']}, {roles}: {row['look']}"
    for row in [] if empty else told["participant"]:
        who = f"{row['name']}, {row['program']} {row['role']}: {row['look']}"
        yield f"  {Somebody(row['name']).address:<26} {'a code, in the mailbox':<26} {who}"
    yield ""
    for program in programs:
        found = figures(program)
        yield f"{program.slug}: {program.name} ({program.profile})"
        yield "  " + ", ".join(f"{count} {what}" for what, count in found["figures"].items())
