from django.core.management.base import BaseCommand, CommandError

from rapport.audit.actions import verify


class Command(BaseCommand):
    help = """Walk the audit trail's chain of seals and say whether it is whole.

Example: rapport audit verify
Keep the printed head somewhere else: a cut tail shows against it."""

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["verify"])

    def handle(self, **options):
        found = verify()
        if found["broken"]:
            raise CommandError(f"The trail is broken: {found['broken']}.")
        self.stdout.write(f"The trail is whole: {found['rows']} sealed rows, {found['unsealed']} not sealed yet.")
        self.stdout.write(f"head {found['head'] or 'none'}")
