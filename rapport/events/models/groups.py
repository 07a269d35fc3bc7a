"""Group activities: who takes part, each time they meet, who was there, and how it goes by the word of its lead."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rapport.core.due import at_most_one_fact
from rapport.core.refs import RefField
from rapport.events.models.hosted import Hosted, HostedQuerySet, Time, TimeQuerySet
from rapport.matches.models import Match
from rapport.onboarding.questions import has_all
from rapport.people.models import Participant, Person
from rapport.programs.models import Program


class GroupQuerySet(HostedQuerySet):
    def going_on(self):
        return self.filter(ended_at=None)

    def without(self, people):
        """Those with none of these people (keys) in them: not even the hour is told to who is kept away."""
        near = GroupMember.objects.filter(group=OuterRef("pk"), left_at=None, participant__person__in=people)
        return self.exclude(Exists(near) | Q(lead__in=people))

    def led_by(self, person, at):
        """Those this person leads, without any with somebody in it they are kept away from."""
        return self.going_on().filter(lead=person, program__archived_at=None).open_to(person, at)


class Group(Hosted):
    """Young people who do something together, with mentors: what for, who leads it, how many it has room for."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="groups")
    purpose = models.CharField(max_length=500, blank=True, help_text="what it is for; everybody in it reads this")
    lead = models.ForeignKey(Person, models.PROTECT, related_name="groups_led")
    room = models.PositiveSmallIntegerField(null=True, blank=True, help_text="mentees it has room for; empty: any")
    ended_at = models.DateTimeField(null=True, blank=True)
    asked_next_at = models.DateTimeField(help_text="when the lead is asked next how it goes")

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["asked_next_at"], name="group_lead_to_ask", condition=Q(ended_at=None))]

    def get_absolute_url(self):
        return reverse("groups:group", args=[self.program.slug, self.ref])


class GroupMemberQuerySet(models.QuerySet):
    def still(self):
        return self.filter(left_at=None, participant__left_at=None)

    def inside(self):
        return self.still().filter(in_at__isnull=False)

    def waiting(self):
        return self.still().filter(in_at=None, answered_at__isnull=False).order_by("answered_at", "pk")

    def offered(self):
        return self.still().filter(in_at=None, answered_at=None)

    def expected(self, program, on):
        """Those of whom nothing that must be met is missing on that day: nobody else is expected beside children."""
        fit = Q(pk=None)
        for side in Participant.Side:
            fit |= Q(side=side) & has_all(program, side, on)
        here = Participant.objects.filter(fit, program=program, pk=OuterRef("participant"))
        return self.inside().filter(Exists(here))


class GroupMember(models.Model):
    """One participant's place in a group: offered, waited for, or theirs; and until when.

    Nobody has answered: offered. Answered with yes while none is free: they wait. In a row by `asked_at`.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, models.CASCADE, related_name="members")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="group_places")
    ref = RefField()
    asked_at = models.DateTimeField(help_text="since when it is offered, or they are in it")
    answered_at = models.DateTimeField(null=True, blank=True)
    said_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    in_at = models.DateTimeField(null=True, blank=True, help_text="empty: offered, or they wait for a place")
    left_at = models.DateTimeField(null=True, blank=True)

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "participant"], condition=Q(left_at=None), name="one_place_in_a_group"
            )
        ]
        indexes = [models.Index(fields=["participant", "left_at"], name="groups_of_a_participant")]
        ordering = ["asked_at", "pk"]

    def __str__(self):
        return f"{self.participant}"

    @property
    def is_offered(self):
        return self.in_at is None and self.answered_at is None


class Session(Time):
    """One time a group meets."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="sessions")
    group = models.ForeignKey(Group, models.PROTECT, related_name="sessions")
    plan = models.TextField(blank=True, help_text="what is planned; the lead and staff read it")

    objects = TimeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "starts_at"], name="one_session_at_a_time"),
            at_most_one_fact("session_has_one_outcome"),
        ]
        indexes = [models.Index(fields=["program", "starts_at"], name="sessions_of_a_day")]
        ordering = ["starts_at", "pk"]

    def __str__(self):
        return f"session of {self.starts_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("groups:session", args=[self.group.program.slug, self.ref])


class Presence(models.Model):
    """Whether one of a group was there at one session, and who says so. Empty: it was said, and taken back."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, models.CASCADE, related_name="presences")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="presences")
    was_there = models.BooleanField(null=True, blank=True)
    said_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "participant"], name="one_presence_each")]

    def __str__(self):
        return f"{self.participant}: {self.was_there}"


class Absence(models.Model):
    """A mentee stayed away more often than the program lets pass: somebody asks kindly, and writes what came of it."""

    class Outcome(models.TextChoices):
        RETURNED = "returned", _("they come again")
        REASON = "reason", _("there is a reason, and it is all right")
        LEFT = "left", _("they take part no more")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, models.CASCADE, related_name="absences")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="absences")
    ref = RefField()
    noticed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    note = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "participant"], condition=Q(ended_at=None), name="one_open_absence"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | Q(ended_at__isnull=False) & ~Q(outcome=""),
                name="an_absence_ends_with_an_outcome",
            ),
        ]

    def __str__(self):
        return f"absence of {self.participant}"

    def get_absolute_url(self):
        return reverse("groups:absence", args=[self.program.slug, self.ref])


class GroupWord(models.Model):
    """How a group gets on, in the word of whoever leads it, at one time. Never changed; the next one follows it."""

    class Says(models.TextChoices):
        ON_TRACK = "on-track", _("on track")
        PARTLY = "partly", _("partly")
        STUCK = "stuck", _("stuck")
        NONE = "none", _("not applicable")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, models.CASCADE, related_name="words")
    says = models.CharField(max_length=10, choices=Says)
    said_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    form_id = models.CharField(max_length=40)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "form_id"], name="one_word_per_press")]
        ordering = ["-said_at", "-pk"]

    def __str__(self):
        return f"{self.says} at {self.said_at:%Y-%m-%d}"


class PairWord(models.Model):
    """How a pair of the team seems to whoever leads it. It says that a talk is wanted, and never about what."""

    class Says(models.TextChoices):
        FINE = "fine", _("fine")
        NEEDS_A_WORD = "word", _("needs a word")
        UNKNOWN = "unknown", _("don't know")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.PROTECT, related_name="+")
    word = models.ForeignKey(GroupWord, models.CASCADE, related_name="pairs")
    says = models.CharField(max_length=10, choices=Says)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "match"], name="one_word_on_a_pair")]

    def __str__(self):
        return f"{self.says}"
