"""`rapport reply < MESSAGE`: one answer to a letter of ours, as a mail server hands it over."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rapport.checkins.actions.replying import KEPT, NOBODY, TO_A_PERSON, take_reply
from rapport.checkins.replies import MOST, read

SAYS = {KEPT: "Kept: the minutes stand with their meeting.", TO_A_PERSON: "Somebody reads it: a task is on the desk."}


class Command(BaseCommand):
    help = """Take one answer to a letter of ours, from standard input, as a mail server pipes it.

A number alone is the minutes of the one meeting that the letter asked about. It counts only if it answers that very
letter and comes from the address the letter went to. Everything else is left to a person: give each message to the
mailbox as well, for Rapport keeps no word of it. Exits 0 when it knew the letter; 1 when it did not, or when nobody
could be given it.

Example: rapport reply --dir /srv/rapport < message.eml
"""

    def handle(self, **options):
        raw = sys.stdin.buffer.read(MOST + 1)
        if len(raw) > MOST:
            raise CommandError("This message is too large for a number; a person reads it.")
        outcome = take_reply(read(raw), at=timezone.now())
        if outcome == NOBODY:
            raise CommandError("It says more than a number, and nobody here could be given it: read it in the mailbox.")
        if outcome not in SAYS:
            raise CommandError("No letter of ours is known that this answers, from this address.")
        self.stdout.write(SAYS[outcome])
