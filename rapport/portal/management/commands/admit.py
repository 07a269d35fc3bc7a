"""`rapport admit EMAIL`: a code for somebody who lost phone and codes, where no colleague is left to give one."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rapport.access.actions import give_way_in
from rapport.access.models import User
from rapport.programs.limits import shipped


class Command(BaseCommand):
    help = """Give somebody a code who lost phone and recovery codes, where no colleague is left to do it.

It works once, with their password, in place of the phone's code. Say it to them yourself; they are told by mail, and it
stands in the trail.

Example: rapport admit cora@example.org
"""

    def add_arguments(self, parser):
        parser.add_argument("email", help="with which they sign in")

    def handle(self, *, email, **options):
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {email}.")
        lasts = shipped("way-in")
        code = give_way_in(user, lasts=lasts, by=None, at=timezone.now())
        minutes = int(lasts.total_seconds() // 60)
        self.stdout.write(f"{user.name} comes in with the password and this code, once, for {minutes} minutes: {code}")
