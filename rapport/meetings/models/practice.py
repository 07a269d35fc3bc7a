"""What mentors of a program may learn from each other: put there by a person, in words that name nobody."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.meetings.models.log import Log
from rapport.programs.models import Program


class GoodPractice(models.Model):
    """One thing that went well, from a log whose writer said that others may learn from it."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    ref = RefField()
    log = models.OneToOneField(
        Log, models.SET_NULL, null=True, blank=True, related_name="good_practice", help_text=_("where it comes from")
    )
    words = models.CharField(max_length=1000)
    technique = models.CharField(max_length=12, choices=Log.Technique, blank=True, default="")
    put_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    put_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["program", "-put_at"], name="good_practice", condition=models.Q(ended_at=None))]
        verbose_name_plural = "good practice"

    def __str__(self):
        return f"put at {self.put_at:%Y-%m-%d}"
