"""Whoever leads a group without a sign-in: who they are by the name they were given, and the link of their page."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from rapport.core.months import day_in
from rapport.core.refs import RefField
from rapport.people.models import Person
from rapport.programs.models import Holder, Program


class NamedLead(models.Model):
    """The human being behind a name on the program's list of named roles, since they were first chosen to lead."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    holder = models.OneToOneField(Holder, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    def __str__(self):
        return f"{self.holder}"


class LeadLink(models.Model):
    """That somebody tells of the groups they lead by a link, without signing in, until a stated moment.

    They see no more than the one who gave it sees, and only while that one still sees it.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ref = RefField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="as it was stated when it was given")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="when somebody shut it before that")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "person"], condition=Q(ended_at=None), name="one_lead_link_each")
        ]

    def __str__(self):
        return f"link for {self.person} until {self.last_day}"

    @property
    def last_day(self):
        """The last day on which it opens."""
        return day_in(self.ends_at - timedelta(seconds=1), self.program.zone)
