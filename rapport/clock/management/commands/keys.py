from django.core.management.base import BaseCommand
from django.utils import timezone

from rapport.clock.sealed import papers_by_key, rotate
from rapport.core.sealing import ring


class Command(BaseCommand):
    help = """Show which keys papers are sealed with, or make a new key and seal all of them with it.

Example: rapport keys --rotate
Keys themselves are never printed. They lie in the folder keys, in the file field_keys, and in no backup: keep a copy of
that file apart from the backups, and a new one after each rotation. Without it no sealed paper can be opened again."""

    def add_arguments(self, parser):
        parser.add_argument("--rotate", action="store_true", help="make a new key, and seal every paper with it")

    def handle(self, *, rotate: bool, **options):
        if rotate:
            self.turn()
        for name, number, is_here in papers_by_key():
            what = "" if is_here else ", which is NOT on this machine"
            self.stdout.write(f"{name}{what}: {number} papers" if name else f"not sealed yet: {number} papers")
        if not ring():
            self.stdout.write("no key yet: the first is made with the first paper")

    def turn(self):
        done, left = rotate(at=timezone.now())
        self.stdout.write(
            f"A new key. {done} papers have a new envelope." + (f" {left} could not be opened." if left else "")
        )
        self.stdout.write("Copy keys/field_keys to where you keep it apart from the backups.")
