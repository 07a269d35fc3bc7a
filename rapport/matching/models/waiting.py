"""What staff keep of a mentee who waits for a mentor."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.people.models import Participant
from rapport.programs.models import Program


class Waiting(models.Model):
    """Whether a mentee comes first, a few words and, after a match that ended, how ready they are for another.

    Nothing of it decides: people do. No mentee, family or mentor reads it.
    """

    class Wants(models.TextChoices):
        YES = "yes", _("yes, another mentor")
        LATER = "later", _("not yet")
        NO = "no", _("no")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    mentee = models.OneToOneField(Participant, models.PROTECT, related_name="waiting")
    is_first = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True)
    wants = models.CharField(max_length=5, choices=Wants, blank=True)
    is_understood = models.BooleanField(
        default=False, help_text=_("they know that it ended, and that it is nobody's fault")
    )
    is_weighed = models.BooleanField(default=False, help_text=_("that another might end early, too, was talked about"))
    has_time = models.BooleanField(default=False, help_text=_("there is time enough left for a match"))
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["program", "is_first"], name="mentees_who_come_first")]

    def __str__(self):
        return f"{self.mentee} waits"
