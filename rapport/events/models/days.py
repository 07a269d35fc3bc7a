"""Event days: who is asked to one, what they said, who came, and who talked with whom there."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.access.rights import Right, Scope
from rapport.core.refs import RefField
from rapport.matches.models import Match
from rapport.people.models import Participant, Person, Restriction, kept_from
from rapport.programs.doors import through
from rapport.programs.models import Membership, Program, Site


class EventDayQuerySet(models.QuerySet):
    def ahead(self, at):
        """Not over, and not called off."""
        return self.filter(off_at=None, ends_at__gt=at)

    def visible_to(self, user, right=Right.MEETING_EDIT, at=None):
        """Those this user answers for while holding the right, and those of the programs and sites it reaches whole."""
        given = through(user, right, at or timezone.now())
        held = Membership.objects.all()
        whole = Q(program__in=held.filter(pk__in=given.get(Scope.PROGRAM, ())).values("program"))
        sites = Q(site__in=held.filter(pk__in=given.get(Scope.SITE, ()), site__isnull=False).values("site"))
        anywhere = held.filter(pk__in=[pk for pks in given.values() for pk in pks])
        own = Q(host=user, program__in=anywhere.values("program"))
        return self.filter(whole | sites | own).without(kept_from(user, at or timezone.now()))

    def without(self, people):
        """Those to which none of these people (keys) is asked: not even the hour is told to who is kept away."""
        return self.exclude(Exists(Invitation.objects.filter(day=OuterRef("pk"), participant__person__in=people)))

    def open_to(self, person, at):
        """Those to which nobody is asked from whom this person is kept away."""
        return self.without(Restriction.objects.live_at(at).filter(kept_away=person).values("subject"))


class EventDay(models.Model):
    """One day on which mentors and mentees of a program meet: when, where, for how many."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="event_days")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")
    ref = RefField()
    name = models.CharField(max_length=120)
    about = models.CharField(max_length=500, blank=True, help_text="what it is; everybody asked reads this")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    room = models.PositiveSmallIntegerField(null=True, blank=True, help_text="how many may come; empty: any number")
    host = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField(default=0)
    off_at = models.DateTimeField(null=True, blank=True, help_text="called off")
    form_id = models.CharField(max_length=60, unique=True)

    objects = EventDayQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["program", "-starts_at"], name="event_days_of_a_program")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="an_event_ends_after_it_begins")
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("event-days:day", args=[self.program.slug, self.ref])


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
