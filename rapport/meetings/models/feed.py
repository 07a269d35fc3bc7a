"""A private calendar address: what somebody's own calendar program asks for their meetings."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.people.models import Person
from rapport.programs.models import Program


class FeedQuerySet(models.QuerySet):
    def live(self):
        return self.filter(ended_at=None)

    def read(self, at):
        """Those that a calendar program still reads."""
        return self.live().filter(Q(ends_at=None) | Q(ends_at__gt=at))


class Feed(models.Model):
    """One address for one person in one program. Whoever has it reads their meetings, so the token is never kept.

    What it shows is asked anew at each reading (`feeds/seen.py`). It is no `Link`: it opens nothing and does nothing.
    It lasts as long as what it was made by: by its owner who signs in, until they stop it; by staff, as far and as
    long as that member of staff reaches the pairs, for they have read the address; by a link, until `ends_at`.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("who gave it to them and so may know it; empty: they took it themselves"),
    )  # fmt: skip
    ends_at = models.DateTimeField(null=True, blank=True, help_text=_("of one that was made by a link"))
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = FeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "person"], condition=Q(ended_at=None), name="one_calendar_address_each"
            )
        ]

    def __str__(self):
        return f"calendar of {self.person} since {self.made_at:%Y-%m-%d}"
