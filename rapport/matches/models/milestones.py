"""Days worth remembering, and the four phases of a match."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.matches.models.match import Match
from rapport.people.models import Participant
from rapport.programs.models import Program, Sourced


class Listed(Sourced):
    """Something that a program lists to be chosen from, by a code and its name."""

    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)

    class Meta:
        abstract = True

    def __str__(self):
        return self.label


class MilestoneRule(Listed):
    """A kind of milestone: written down by hand, or reached by itself so many months after the first day."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="milestone_rules")
    month = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("reached by itself at this month"))
    asks_attended = models.BooleanField(default=False, help_text=_("whether they were there is asked"))
    level = models.PositiveSmallIntegerField(default=0, help_text=_("who reads it: never fewer than this (0 to 2)"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_milestone_rule_each")]
        ordering = ["pk"]


class UnitRule(Listed):
    """A unit of what the program teaches in so many words (S3-18)."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="unit_rules")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_unit_rule_each")]
        ordering = ["pk"]


class AchievementRule(Listed):
    """Something a mentor may achieve for themselves along the way (S3-26)."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="achievement_rules")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_achievement_rule_each")]
        ordering = ["pk"]


class MilestoneQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(taken_back_at=None)


class Milestone(models.Model):
    """A day worth remembering, as somebody wrote it down. Those that come by themselves are worked out."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="milestones")
    match = models.ForeignKey(Match, models.PROTECT, related_name="milestones")
    ref = RefField()
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120, help_text=_("as the program called it then"))
    on = models.DateField()
    attended = models.BooleanField(null=True, blank=True, help_text=_("empty: not asked, or not known"))
    words = models.CharField(max_length=500, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    form_id = models.CharField(max_length=60, unique=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["match", "on"], name="milestones_of_a_match")]
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.label}, {self.on}"


class PhaseStep(models.Model):
    """From which day a match is in a phase, and why."""

    class Why(models.TextChoices):
        PROPOSED = "proposed", _("they were proposed")
        BEGUN = "begun", _("they began")
        AGREED = "agreed", _("all signed how they go about it")
        BEFORE = "before", _("they met before Rapport")
        ENDING = "ending", _("the ending was begun")
        CLOSED = "closed", _("they said goodbye")
        STAFF = "staff", _("somebody saw that it is so")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.CASCADE, related_name="phase_steps")
    phase = models.CharField(max_length=20, choices=Match.Phase)
    entered_on = models.DateField()
    why = models.CharField(max_length=10, choices=Why)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["match", "phase"], name="one_step_into_each_phase")]
        ordering = ["entered_on", "pk"]

    def __str__(self):
        return f"{self.phase} since {self.entered_on}"


class UnitGiven(models.Model):
    """A unit that a pair works through: done or not done yet."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.PROTECT, related_name="units")
    ref = RefField()
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    given_on = models.DateField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    done_on = models.DateField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["match", "code"], condition=Q(dropped_at=None), name="a_unit_is_given_once_at_a_time"
            )
        ]
        ordering = ["pk"]

    def __str__(self):
        return self.label


class Achievement(models.Model):
    """Something a mentor achieved for themselves, on a day: a diploma, a seat on the school council."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="achievements")
    ref = RefField()
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    on = models.DateField()
    words = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    form_id = models.CharField(max_length=60, unique=True)

    class Meta:
        indexes = [models.Index(fields=["participant", "on"], name="achievements_of")]
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.label}, {self.on}"
