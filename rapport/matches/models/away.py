"""Somebody rests from all their matches of a program at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.people.models import Person
from rapport.programs.models import Program


class Away(models.Model):
    """Somebody rests from all their matches of a program at once; each match keeps a pause of its own."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    back_on = models.DateField(null=True, blank=True, help_text=_("when they mean to go on"))
    ended_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "person"], condition=Q(ended_on=None), name="somebody_is_away_once"
            )
        ]
        verbose_name_plural = "away"

    def __str__(self):
        return f"away since {self.starts_on}"
