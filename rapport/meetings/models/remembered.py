"""How often, and how long, somebody remembers that they met: asked beside how it goes, apart from each log (S1-06)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.matches.models import Match
from rapport.people.models import Person
from rapport.programs.models import Program


class Remembered(models.Model):
    """What one of a pair remembers of a stretch of days, as a whole. The newest word stands."""

    class Often(models.IntegerChoices):
        NEVER = 0, _("not at all")
        ONCE = 1, _("once")
        TWICE = 2, _("2 times")
        THRICE = 3, _("3 times")
        FOUR = 4, _("4 times")
        MORE = 5, _("more often")

    class Long(models.IntegerChoices):
        HALF = 30, _("half an hour")
        HOUR = 60, _("an hour")
        NINETY = 90, _("an hour and a half")
        TWO = 120, _("two hours or longer")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.PROTECT, related_name="remembered")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    since_on = models.DateField()
    until_on = models.DateField()
    times = models.PositiveSmallIntegerField(choices=Often)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, choices=Long)
    level = models.PositiveSmallIntegerField(default=2)  # who reads answers reads it
    source = models.CharField(max_length=20, help_text=_("link, paper, phone, person, interpreter"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField()
    form_id = models.CharField(max_length=100, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(since_on__lte=models.F("until_on")), name="remembered_days_in_order")
        ]
        indexes = [models.Index(fields=["match", "-said_at"], name="remembered_of_a_match")]
        ordering = ["-said_at", "-pk"]

    def __str__(self):
        return f"{self.times} times until {self.until_on}"
