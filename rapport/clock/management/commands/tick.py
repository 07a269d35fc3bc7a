import json
from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rapport.clock.actions import deliver, may_tell, tick


class Command(BaseCommand):
    help = """Let the clock do what is due now (or at a told time), once.

Example: rapport tick --at 2026-11-23T09:00 --deliver
A time to come, or one before the last tick, can be told to a demo only."""

    def add_arguments(self, parser):
        parser.add_argument("--at", help="a moment such as 2026-11-23T09:00; without a zone it is UTC")
        parser.add_argument("--deliver", action="store_true", help="hand over what is due as well")
        parser.add_argument("--json", action="store_true", help="print figures a program can read")

    def handle(self, *, at, deliver: bool, json: bool, **options):
        moment = may_tell(parse(at), now=timezone.now()) if at else timezone.now()
        done = tick(at=moment)
        if deliver:
            done["messages are handed over"] = deliver_all(moment)
        self.stdout.write(as_json(moment, done) if json else as_lines(done))


def deliver_all(moment):
    return deliver(at=moment)


def parse(text: str) -> datetime:
    """A moment as somebody typed it. Raises CommandError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no moment; write it like 2026-11-23T09:00.", returncode=2) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_json(moment, done):
    return json.dumps({"at": moment.isoformat(), "done": done})


def as_lines(done):
    return "\n".join(f"{count:>7}  {name}" for name, count in done.items())
