"""How each match is, and why: findings, kept fresh by the clock."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.matches.models import Match
from rapport.programs.models import Program


class StandingQuerySet(models.QuerySet):
    def to_look_at(self, at):
        return self.filter(next_look_at__lte=at)


class Standing(models.Model):
    """When the clock last looked at a match, when it must look again, and since when its child waits."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.OneToOneField(Match, models.CASCADE, related_name="standing")
    looked_at = models.DateTimeField(null=True, blank=True)
    next_look_at = models.DateTimeField(null=True, blank=True)
    waiting_since_on = models.DateField(null=True, blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_look_at"])]

    def __str__(self):
        return f"look at {self.match_id}"


class Watermark(models.Model):
    """The last row of a table that `care` has seen: what came after it brings its match to be looked at at once."""

    name = models.CharField(max_length=40, primary_key=True)
    seen = models.BigIntegerField(default=0)

    def __str__(self):
        return f"{self.name} {self.seen}"


class FindingQuerySet(models.QuerySet):
    def now(self):
        """Those that stand."""
        return self.filter(gone_at=None)


class Finding(models.Model):
    """One rule's result about one match, with its facts and the highest level of what it rests on."""

    class Says(models.TextChoices):
        THRIVING = "thriving", _("Thriving")
        STEADY = "steady", _("Steady")
        WATCH = "watch", _("Watch")
        HELP = "help", _("Needs help")
        UNKNOWN = "unknown", _("Unknown")

    program = models.ForeignKey(Program, models.PROTECT, related_name="findings")
    match = models.ForeignKey(Match, models.CASCADE, related_name="findings")
    rule = models.SlugField(max_length=60)
    says = models.CharField(max_length=10, choices=Says)
    sentence = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    level = models.PositiveSmallIntegerField(default=1)
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["match", "rule"], condition=models.Q(gone_at=None), name="one_standing_finding_per_rule"
            )
        ]
        indexes = [models.Index(fields=["program", "says"])]

    def __str__(self):
        return self.sentence
