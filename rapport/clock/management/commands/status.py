import json

from django.core.management.base import BaseCommand
from django.utils import timezone

from rapport.clock.figures import status


class Command(BaseCommand):
    help = """Print the figures of each program, when the clock last ticked, what waits, and warnings.

Example: rapport status --json"""

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print figures a program can read")

    def handle(self, *, json: bool, **options):
        found = status(at=timezone.now())
        self.stdout.write(dumps(found) if json else "\n".join(lines(found)))


def dumps(found):
    return json.dumps(found, indent=2)


def lines(found):
    for program in found["programs"]:
        yield f"{program['slug']}: {program['name']} ({program['profile']})"
        yield "  " + ", ".join(f"{count} {what}" for what, count in program["figures"].items())
    for name, beat_at in found["heartbeats"].items():
        yield f"{name}: last at {beat_at}"
    yield "messages: " + (", ".join(f"{count} {state}" for state, count in found["messages"].items()) or "none")
    yield from (f"WARNING: {warning}" for warning in found["warnings"])
