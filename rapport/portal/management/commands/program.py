"""`rapport program`: makes a program, or prints one as a file."""

from argparse import RawDescriptionHelpFormatter
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email, validate_slug
from django.db import transaction
from django.utils import timezone

from rapport.access.actions import refresh_roles
from rapport.core.months import day_in
from rapport.portal import program_file
from rapport.portal.founding import found_program
from rapport.portal.inviting import begin_with
from rapport.programs import profiles
from rapport.programs.actions import the_organization
from rapport.programs.models import Program


class Command(BaseCommand):
    help = """Make a program from a profile or a file of its own, or print one as such a file.

Example: rapport program new riverside --profile youth-one-to-one --name "Riverside mentoring" --time-zone Europe/London
Example: rapport program new civil-service --file civil-service.toml --coordinator marta@example.org
Example: rapport program show riverside > riverside.toml"""

    def create_parser(self, *args, **options):
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="what", required=True, metavar="new|show")
        new = verbs.add_parser("new", help="make a program")
        new.add_argument("slug", metavar="SLUG", help="its short name in addresses: letters, digits and hyphens")
        start = new.add_mutually_exclusive_group(required=True)
        start.add_argument("--profile", choices=profiles.slugs(), metavar="P", help=", ".join(profiles.slugs()))
        start.add_argument("--file", metavar="F", type=Path, help="a program's own file, as `show` prints it")
        new.add_argument("--name", help="its name on pages and in letters")
        new.add_argument("--time-zone", metavar="ZONE", help="such as Europe/London (else UTC)")
        new.add_argument(
            "--using-since", metavar="DAY", type=a_day, help="nothing before this day is due; today if not said"
        )
        new.add_argument(
            "--coordinator", metavar="EMAIL", help="who it begins with: coordinates, and invites the others"
        )
        new.add_argument("--coordinator-name", metavar="NAME", help="how they are called (else as in the address)")
        show = verbs.add_parser("show", help="print a program as a file that makes the same one again")
        show.add_argument("slug", metavar="SLUG")

    def handle(self, *, what, slug, **options):
        if what == "show":
            program = Program.objects.filter(slug=slug).first()
            if program is None:
                raise CommandError(f"There is no program {slug!r}.")
            self.stdout.write(program_file.write(program))
            return
        at, first = timezone.now(), the_first(options.pop("coordinator"), options.pop("coordinator_name"))
        with transaction.atomic():
            program = found_program(slug=a_slug(slug), **said(slug, **options), by=None, at=at)
            link = begin_with(program, **first, at=at) if first else ""
        self.stdout.write(f"Made {program.name!r} at /p/{program.slug}/, from the profile {program.profile}.")
        if program.quiet_start:
            self.stdout.write("It starts quietly: what it would send waits until somebody has looked at it.")
        if link:
            self.stdout.write(f"{first['name']} chooses a password here, within three days:\n{link}")


def said(slug, *, profile, file, name, time_zone, using_since, **_django):
    """What the line says, completed where neither it nor a file does."""
    if time_zone and time_zone not in available_timezones():
        raise CommandError(f"There is no time zone {time_zone!r}.")
    in_file = program_file.read(file) if file else {}
    more = {"organization": the_organization(), "profile": profile or ""}
    more["name"] = name or in_file.get("name") or slug.replace("-", " ").capitalize()
    if time_zone:
        more["time_zone"] = time_zone
    zone = time_zone or in_file.get("time_zone") or more["organization"].time_zone or "UTC"
    more["using_since_on"] = using_since or in_file.get("using_since_on") or day_in(timezone.now(), ZoneInfo(zone))
    refresh_roles()
    return {**more, "rules": in_file}


def the_first(email, name):
    """Who a program begins with: an address that can be one, and a name."""
    if not email:
        return None
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{email!r} is no e-mail address.") from None
    return {"email": email, "name": name or email.partition("@")[0].replace(".", " ").title()}


def a_slug(text):
    try:
        validate_slug(text)
    except ValidationError:
        raise CommandError(f"{text!r} cannot stand in an address: use letters, digits and hyphens.") from None
    if len(text) > Program._meta.get_field("slug").max_length:
        raise CommandError("This short name is too long.")
    return text


def a_day(text):
    return date.fromisoformat(text)
