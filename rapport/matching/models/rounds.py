"""A round, its drafts, and why somebody was left without."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.access.rights import Right
from rapport.core.refs import RefField
from rapport.matches.models import Match
from rapport.people.models import Participant
from rapport.programs.models import Program


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user, right=Right.MATCHING_RUN, at=None):
        """Rounds of the programs in which this user may run rounds, live."""
        return self.filter(program__in=Program.objects.visible_to(user, right, at).values("pk"))

    def to_look_ahead(self):
        """Drafts of which nobody has worked out yet whom to look for next."""
        return self.filter(state=Round.State.DRAFT, recruit__isnull=True)


class Round(models.Model):
    """One run of the engine over everybody who is ready, and its proof."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        DROPPED = "dropped", _("dropped")

    program = models.ForeignKey(Program, models.PROTECT, related_name="rounds")
    ref = RefField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    criteria = models.JSONField(default=list, help_text=_("as they stood"))
    policy = models.JSONField(default=dict, blank=True, help_text=_("as it stood, and what each choice costs"))
    certificate = models.JSONField(default=dict)
    recruit = models.JSONField(null=True, blank=True, help_text=_("whom to look for next, worked out after the run"))
    made_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="made_again")
    edited_at = models.DateTimeField(null=True, blank=True, help_text=_("when a pair was last changed by hand"))

    objects = RoundQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(state="draft", recruit__isnull=True), name="rounds_to_look_ahead")
        ]

    def __str__(self):
        return f"round of {self.made_at:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("matching:round", args=[self.program.slug, self.ref])

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_proven(self):
        """The engine's plan as it found it; what somebody changed since, nobody proved."""
        return bool(self.certificate.get("checked")) and self.edited_at is None


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user, right=Right.MATCHING_RUN, at=None):
        """Drafts of which this user reaches both people; somebody they are kept away from takes the pair out."""
        people = Participant.objects.visible_to(user, right, at or timezone.now()).values("pk")
        return self.filter(mentor__in=people, mentee__in=people)

    def locked(self):
        return self.filter(locked_at__isnull=False)


class Draft(models.Model):
    """One pair a round found, told to nobody before it is published."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="drafts")
    mentor = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    mentee = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    score = models.IntegerField()
    parts = models.JSONField(default=list)
    match = models.OneToOneField(Match, models.SET_NULL, null=True, blank=True, related_name="draft")
    accepted_by = models.CharField(max_length=200, blank=True, help_text=_("who took the yes, where staff did"))
    locked_at = models.DateTimeField(
        null=True, blank=True, help_text=_("since when it stays when the rest is run again")
    )
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    is_by_hand = models.BooleanField(default=False, db_default=False)
    breaks = models.JSONField(
        default=list, blank=True, help_text=_("codes of the rules it breaks, where it is settled")
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "mentee"], name="one_draft_per_mentee")]
        indexes = [models.Index(fields=["round", "score", "id"])]

    def __str__(self):
        return f"{self.mentor} and {self.mentee}: {self.score}"


class LeftWithoutQuerySet(models.QuerySet):
    def visible_to(self, user, right=Right.MATCHING_RUN, at=None):
        return self.filter(mentee__in=Participant.objects.visible_to(user, right, at or timezone.now()).values("pk"))


class LeftWithout(models.Model):
    """A mentee a round found nobody for, and why."""

    class Kind(models.TextChoices):
        NOT_READY = "not-ready", _("not ready yet")
        NOBODY_FITS = "nobody-fits", _("nobody fits the rules")
        NEEDED_ELSEWHERE = "needed-elsewhere", _("who would fit is needed elsewhere")
        TAKEN_OUT = "taken-out", _("taken out of this draft by hand")

    round = models.ForeignKey(Round, models.CASCADE, related_name="left_without")
    mentee = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.NOBODY_FITS)
    reason = models.CharField(max_length=300)
    told = models.JSONField(default=dict, blank=True, help_text=_("what would help, as the engine found it"))

    objects = LeftWithoutQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["round", "kind", "id"])]

    def __str__(self):
        return f"{self.mentee}: {self.reason}"
