"""Where pairs of a program may meet, and on which days nothing is expected."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.programs.models.program import Mode, Program, Site, Sourced


class PlaceRule(Sourced):
    """Whether pairs may meet at one kind of place: yes, after somebody looked at it, or not at all."""

    class Says(models.TextChoices):
        YES = "yes", _("yes")
        REVIEW = "review", _("after staff looked at it")
        NO = "no", _("no")

    program = models.ForeignKey(Program, models.CASCADE, related_name="place_rules")
    mode = models.CharField(max_length=10, choices=Mode)
    says = models.CharField(max_length=6, choices=Says, default=Says.YES)
    per_meeting = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text=_("how many such contacts count as one meeting; 0: they do not count")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "mode"], name="one_place_rule_each")]
        ordering = ["pk"]

    def __str__(self):
        return f"{self.mode}: {self.says}"


class ClosedTime(models.Model):
    """Days on which a site, or the whole program, is closed: holidays, exams, a burst pipe."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        EXAMS = "exams", _("exams")
        CLOSURE = "closure", _("closed")

    program = models.ForeignKey(Program, models.PROTECT, related_name="closed_times")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="closed_times")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.HOLIDAY)
    name = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text=_("the last closed day"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="closed_time_ends_after_start")
        ]

    def __str__(self):
        return self.name or self.get_kind_display()


class Reopening(models.Model):
    """Days that were closed and are open again: whoever lays something out on open days looks at them anew."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    opened_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["program"], name="reopening_to_look_at", condition=Q(looked_at=None))]

    def __str__(self):
        return f"open again from {self.starts_on}"
