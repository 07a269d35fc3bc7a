from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rapport.clock.backup import back_up


class Command(BaseCommand):
    help = """Write a consistent copy of the install, prove that it opens, and give it its name.

Example: rapport backup /backups/rapport-monday.zip
It may run while people work. It is not encrypted: keep it where only you can read it. Court papers in it are sealed,
and keys are not in it: keep a copy of keys/field_keys apart from it (rapport keys --help)."""

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *, file, **options):
        target = Path(file).absolute()
        if not target.parent.is_dir():
            raise CommandError(f"There is no folder {target.parent.name!r} to write to.")
        manifest = back_up(target, at=timezone.now())
        rows = sum(manifest["counts"].values())
        self.stdout.write(
            f"Copied and verified: {rows} rows, {len(manifest['files'])} files. sha256 {manifest['sha256']}"
        )
