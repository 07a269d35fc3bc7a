"""One outing: what a pair would like to do away from where they meet, and what each guardian says to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.astray import Astray, AstrayQuerySet
from rapport.core.refs import RefField
from rapport.matches.models import Match
from rapport.meetings.models.meeting import Meeting
from rapport.people.models import Person
from rapport.programs.models import Program


class OutingQuerySet(models.QuerySet):
    def asked(self, at):
        """Still to come, and not called off."""
        return self.filter(called_off_at=None, starts_at__gt=at)


class Outing(models.Model):
    """What, where, when, how they get there and who else comes. Without a yes it is not permitted.

    `version` rises when any of it changes: a yes holds for what it was said to and nothing else.
    """

    class Transport(models.TextChoices):
        WALK = "walk", _("on foot")
        PUBLIC = "public", _("by bus or train")
        CAR = "car", _("in the mentor's car")
        PROGRAM = "program", _("the program takes them")
        FAMILY = "family", _("the family takes them")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.PROTECT, related_name="outings")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="outings")
    ref = RefField()
    version = models.PositiveSmallIntegerField(default=1)
    what = models.CharField(max_length=200)
    place = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    transport = models.CharField(max_length=7, choices=Transport)
    company = models.CharField(max_length=200, blank=True, help_text=_("who else comes along"))
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)
    form_id = models.CharField(max_length=40)

    objects = OutingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["match", "form_id"], name="one_outing_per_press"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="an_outing_ends_after_start"),
        ]
        indexes = [models.Index(fields=["program", "starts_at"]), models.Index(fields=["match", "starts_at"])]

    def __str__(self):
        return f"outing of {self.starts_at:%Y-%m-%d %H:%M}"


class OutingWord(Astray):
    """Yes or no of one guardian about one child, to one version of an outing. Never changed; a later one counts."""

    class Channel(models.TextChoices):
        LINK = "link", _("by link")
        PAPER = "paper", _("on paper")
        VOICE = "voice", _("by voice")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    outing = models.ForeignKey(Outing, models.PROTECT, related_name="words")
    version = models.PositiveSmallIntegerField()
    child = models.ForeignKey(Person, models.PROTECT, related_name="+")
    said_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    is_yes = models.BooleanField()
    channel = models.CharField(max_length=5, choices=Channel)
    evidence = models.CharField(max_length=200, blank=True, help_text=_("where the paper lies, or who heard it"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField()

    objects = AstrayQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["outing", "version"])]
        ordering = ["said_at", "pk"]

    def __str__(self):
        return f"{'yes' if self.is_yes else 'no'} of {self.said_at:%Y-%m-%d}"
