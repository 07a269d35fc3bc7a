"""Circles: mentors of a program who meet among themselves, each time they do, and who was there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from rapport.access.rights import Right, Scope
from rapport.core.due import Due, DueQuerySet, at_most_one_fact
from rapport.core.refs import RefField
from rapport.people.models import Participant
from rapport.programs.doors import through
from rapport.programs.models import Membership, Program, Site


class CircleQuerySet(models.QuerySet):
    def going_on(self):
        return self.filter(ended_at=None)

    def visible_to(self, user, right=Right.MEETING_EDIT, at=None):
        """Those this user hosts while holding the right, and those of the programs and sites it reaches as a whole."""
        given = through(user, right, at or timezone.now())
        held = {scope: Membership.objects.filter(pk__in=pks) for scope, pks in given.items()}
        none = Membership.objects.none()
        whole = Q(program__in=held.get(Scope.PROGRAM, none).values("program"))
        sites = Q(site__in=held.get(Scope.SITE, none).values("site"))
        anywhere = Membership.objects.filter(pk__in=[pk for pks in given.values() for pk in pks])
        own = Q(host=user, program__in=anywhere.values("program"))
        return self.filter(whole | sites | own)


class Circle(models.Model):
    """Mentors of a program, or of one of its sites, who meet to tell each other how it goes (S0-06)."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="circles")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")
    ref = RefField()
    name = models.CharField(max_length=120)
    host = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="circles")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    form_id = models.CharField(max_length=60, unique=True)

    objects = CircleQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("events:circle", args=[self.program.slug, self.ref])


class GatheringQuerySet(DueQuerySet):
    def held(self):
        return self.kept()

    def ahead(self, at):
        return self.untouched().filter(starts_at__gt=at)


class Gathering(Due):
    """One time a circle meets. Held is `kept_at`; it did not take place is `missed_at`; called off is `excused_at`."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="gatherings")
    circle = models.ForeignKey(Circle, models.PROTECT, related_name="gatherings")
    ref = RefField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)
    about = models.CharField(max_length=500, blank=True, help_text="what it is to be about; those invited read it")
    notes = models.TextField(blank=True, help_text="what was said; staff read it")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GatheringQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "starts_at"], name="one_gathering_at_a_time"),
            at_most_one_fact("gathering_has_one_outcome"),
        ]
        indexes = [models.Index(fields=["circle", "-starts_at"], name="gatherings_of_a_circle")]
        ordering = ["-starts_at", "-pk"]

    def __str__(self):
        return f"gathering of {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def noted_as(self) -> str:
        """A word for what is noted of it now: another one once it is noted anew."""
        moment = self.kept_at or self.missed_at
        return moment.isoformat() if moment else ""

    def get_absolute_url(self):
        return reverse("events:gathering", args=[self.program.slug, self.ref])


class Seat(models.Model):
    """A mentor or a colleague asked to a gathering, and whether they were there."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="seats")
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="seats")
    colleague = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    was_there = models.BooleanField(null=True, blank=True, help_text="empty: nobody has said")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(participant=None, colleague__isnull=False) | Q(participant__isnull=False, colleague=None),
                name="a_seat_is_a_mentors_or_a_colleagues",
            ),
            models.UniqueConstraint(fields=["gathering", "participant"], name="one_seat_for_each_mentor"),
            models.UniqueConstraint(fields=["gathering", "colleague"], name="one_seat_for_each_colleague"),
        ]

    def __str__(self):
        return f"{self.participant or self.colleague}"
