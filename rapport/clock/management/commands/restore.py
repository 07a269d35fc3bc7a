from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from rapport.clock.backup import restore


class Command(BaseCommand):
    help = """Bring a copy into an empty place. A damaged copy is refused, and nothing is touched.

Example: rapport restore /backups/rapport-monday.zip --dir /srv/rapport-new
Everything outgoing waits for release afterwards: what was waiting then may have gone out since."""

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *, file, **options):
        source = Path(file)
        if not source.is_file():
            raise CommandError(f"There is no file {source.name!r}.")
        manifest = restore(source)
        rows = sum(manifest["counts"].values())
        self.stdout.write(f"Restored {rows} rows of {manifest['made_at'][:16]}. Everything outgoing waits for release.")
        trail = manifest["trail"]
        if trail["broken"]:
            self.stderr.write(f"WARNING: the audit trail was broken when this copy was made: {trail['broken']}.")
        if manifest["lost"]:
            self.stderr.write(
                f"WARNING: {manifest['lost']} papers are sealed, and their key is not here. Put field_keys back into"
                " the folder keys, from where it is kept apart from the backups."
            )
        self.stdout.write(f"The trail: {trail['rows']} sealed rows, head {trail['head'] or 'none'}")
