"""How each match is, and why: findings, kept fresh by the clock."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.matches.models import Match
from rapport.programs.models import Program


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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["match", "rule"], condition=models.Q(gone_at=None), name="one_standing_finding_per_rule"
            )
        ]
        indexes = [models.Index(fields=["program", "says"])]

    def __str__(self):
        return self.sentence
