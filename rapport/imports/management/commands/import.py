import json
import signal
import sys
import threading
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rapport.imports.actions.nightly import Waits, note_broken
from rapport.imports.bringing import Stopped, bring_in
from rapport.imports.models import Import
from rapport.programs.models import Program

WHAT = ["mentors", "mentees", "volunteers", "roster", "matches", "logs"]
INTERRUPTED = 130
WAITING = 3


class Command(BaseCommand):
    help = """Bring people in from a list, or from the files of a school's roster.

Example: rapport import mentors.csv --program civil-service --as mentors
Example: rapport import users.csv roles.csv orgs.csv relationships.csv demographics.csv --program riverside --as roster
Example: rapport import oneroster.zip --program riverside --as roster   School Data Sync or OneRoster, zip or files
Example: rapport import pairs.csv --program riverside --as matches   pairs that met before Rapport
Example: rapport import meetings.csv --program riverside --as logs   meetings: mentor, mentee, day, minutes
A roster that would take something from many pupils at once waits for a person and ends with 3.
Run again it changes only what changed; Ctrl-C stops it between two rows, and the same command does the rest.
Passwords are never kept, and no list clears anybody."""

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--program", required=True, metavar="SLUG")
        parser.add_argument("--as", dest="what", required=True, choices=WHAT)
        parser.add_argument("--map", metavar="FILE", help='lines such as "E-mail of mentor" = "email" (TOML)')
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        parser.add_argument("--strict", action="store_true", help="end with 1 when a row is bad")
        parser.add_argument("--json", action="store_true", help="print figures a program can read")

    def handle(self, *, files, program, what, **options):
        found = Program.objects.open().filter(slug=program).first()
        if found is None:
            raise CommandError(f"There is no program {program!r}.")
        unattended = what == "roster" and not options["dry_run"]
        paths = [Path(name) for name in files]
        if missing := next((path for path in paths if not path.is_file()), None):
            why = f"There is no file {missing.name!r}."
            if unattended:
                note_broken(paths, why, program=found, at=timezone.now())
            raise CommandError(why)
        if what == "logs" and (len(paths) > 1 or options["map"]):
            raise CommandError(
                "A list of meetings is one file, with the columns that are named in the guide, and no map."
            )
        chosen = existing(options["map"]) if options["map"] else None
        told = {
            "what": what,
            "program": found,
            "map_file": chosen,
            "dry_run": options["dry_run"],
            "unattended": unattended,
        }
        try:
            report = bring_in(paths, **told, stop=asked_to_stop().is_set, tell=progress, at=timezone.now())
        except Stopped as stopped:
            raise CommandError(str(stopped), returncode=INTERRUPTED) from stopped
        except Waits as waits:
            raise CommandError(str(waits), returncode=WAITING) from waits
        finally:
            end_of_progress()
        self.tell(report, options)

    def tell(self, report, options):
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else "\n".join(lines(report)))
        if options["strict"] and report["bad"]:
            raise CommandError(f"{len(report['bad'])} rows must be put right.")


def asked_to_stop() -> threading.Event:
    """Set by the first Ctrl-C: it ends after the rows it is at. The second one ends at once; nothing is half in."""
    asked = threading.Event()

    def stop(*_):
        asked.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, stop)
    return asked


def progress(staged):
    """One line of a terminal that says how far it is."""
    if not sys.stderr.isatty():
        return
    if staged.state == Import.State.READING:
        words = f"{staged.rows_read} rows are read"
    else:
        words = f"{staged.rows_applied} of {staged.rows_to_bring} rows are in"
    print(f"\r{words:<60}", end="", file=sys.stderr, flush=True)


def end_of_progress():
    if sys.stderr.isatty():
        print(f"\r{'':<60}\r", end="", file=sys.stderr, flush=True)


def existing(name):
    path = Path(name)
    if not path.is_file():
        raise CommandError(f"There is no file {path.name!r}.")
    return path


def lines(report):
    new, changed, same = report["created"], report["updated"], report["unchanged"]
    yield f"{report['rows']} rows: {new} new, {changed} changed, {same} unchanged"
    yield from report["notes"]
    if report.get("left_out"):
        yield "columns left out: " + "; ".join(f"{name} ({why})" for name, why in report["left_out"].items())
    for bad in report["bad"]:
        where = f", {bad['column']}" if bad["column"] else ""
        yield f"row {bad['row']}{where}: {bad['reason']}"
