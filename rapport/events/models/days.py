"""Event days: who is asked to one, what they said, who came, and who talked with whom there."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.events.models.hosted import Hosted, HostedQuerySet
from rapport.matches.models import Match
from rapport.people.models import Participant, Person
from rapport.programs.models import Program


class EventDayQuerySet(HostedQuerySet):
    def ahead(self, at):
        """Not over, and not called off."""
        return self.filter(off_at=None, ends_at__gt=at)

    def without(self, people):
        """Those to which none of these people (keys) is asked: not even the hour is told to who is kept away."""
        return self.exclude(Exists(Invitation.objects.filter(day=OuterRef("pk"), participant__person__in=people)))


class EventDay(Hosted):
    """One day on which mentors and mentees of a program meet: when, where, for how many."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="event_days")
    about = models.CharField(max_length=500, blank=True, help_text="what it is; everybody asked reads this")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    room = models.PositiveSmallIntegerField(null=True, blank=True, help_text="how many may come; empty: any number")
    changed_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField(default=0)
    off_at = models.DateTimeField(null=True, blank=True, help_text="called off")

    objects = EventDayQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["program", "-starts_at"], name="event_days_of_a_program")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="an_event_ends_after_it_begins")
        ]

    def get_absolute_url(self):
        return reverse("event-days:day", args=[self.program.slug, self.ref])


class InvitationQuerySet(models.QuerySet):
    def alone(self):
        """Those who came, and of whom nobody noted whom they talked with."""
        talks = EventPair.objects.filter(Q(mentor=OuterRef("participant")) | Q(mentee=OuterRef("participant")))
        return self.filter(~Exists(talks.filter(day=OuterRef("day"))), came=True)


class Invitation(models.Model):
    """One participant asked to an event day: what they or their family said, and whether they came."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        COMING = "coming", _("coming")
        NOT_COMING = "not-coming", _("not coming")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    day = models.ForeignKey(EventDay, models.CASCADE, related_name="invitations")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="invitations")
    ref = RefField()
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    said_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=20, blank=True, help_text="link, paper, phone, person, interpreter")
    said_on = models.DateField(null=True, blank=True)
    witness = models.CharField(max_length=120, blank=True)
    came = models.BooleanField(null=True, blank=True, help_text="empty: nobody has said")
    marked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "participant"], name="one_invitation_each"),
            models.CheckConstraint(
                condition=Q(state="invited", answered_at=None) | ~Q(state="invited") & Q(answered_at__isnull=False),
                name="an_answered_invitation_says_when",
            ),
        ]
        indexes = [models.Index(fields=["participant", "day"], name="invitations_of_somebody")]

    def __str__(self):
        return f"{self.participant}: {self.state}"

    def get_absolute_url(self):
        return reverse("event-days:invitation", args=[self.program.slug, self.ref])


class EventPair(models.Model):
    """A mentor and a mentee who talked with each other at an event day, and the match that came of it."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    day = models.ForeignKey(EventDay, models.CASCADE, related_name="pairs")
    mentor = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    mentee = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "mentor", "mentee"], name="one_talk_each_at_an_event")]
        ordering = ["pk"]

    def __str__(self):
        return f"{self.mentor} and {self.mentee}"
