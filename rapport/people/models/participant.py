"""Somebody in a program."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.people.models.person import Person
from rapport.people.models.restriction import kept_from
from rapport.programs import doors
from rapport.programs.models import Program, Site


class ParticipantQuerySet(models.QuerySet):
    def visible_to(self, user, right, at=None):
        """Those this user reaches with this right, live; whom they are kept away from is left out."""
        at = at or timezone.now()
        return self.filter(doors.reach("participant", user, right, at)).exclude(person__in=kept_from(user, at))

    def mentors(self):
        return self.filter(side=Participant.Side.MENTOR)

    def mentees(self):
        return self.filter(side=Participant.Side.MENTEE)

    def active(self):
        return self.filter(left_at=None)


class Participant(models.Model):
    """A person in a program, as mentor or as mentee."""

    class Side(models.TextChoices):
        MENTOR = "mentor", _("mentor")
        MENTEE = "mentee", _("mentee")

    program = models.ForeignKey(Program, models.PROTECT, related_name="participants")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")
    side = models.CharField(max_length=6, choices=Side)
    ref = RefField()
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="participants")
    capacity = models.PositiveSmallIntegerField(default=1, help_text=_("how many matches at a time"))
    would_be_both = models.BooleanField(default=False, help_text=_("willing to be mentor and mentee"))
    traits = models.JSONField(default=dict, blank=True, help_text=_("what matching looks at, by column"))
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "person", "side"], name="one_participation_each")]
        indexes = [models.Index(fields=["program", "side", "id"]), models.Index(fields=["program", "id"])]

    def __str__(self):
        return str(self.person)

    def get_absolute_url(self):
        return reverse("portal:participant", args=[self.program.slug, self.ref])
