"""Circles: mentors of a program who meet among themselves, each time they do, and who was there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from rapport.core.due import at_most_one_fact
from rapport.events.models.hosted import Hosted, HostedQuerySet, Time, TimeQuerySet
from rapport.people.models import Participant
from rapport.programs.models import Program


class CircleQuerySet(HostedQuerySet):
    def going_on(self):
        return self.filter(ended_at=None)


class Circle(Hosted):
    """Mentors of a program, or of one of its sites, who meet to tell each other how it goes (S0-06)."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="circles")
    host = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="circles")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CircleQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def get_absolute_url(self):
        return reverse("events:circle", args=[self.program.slug, self.ref])


class GatheringQuerySet(TimeQuerySet):
    def held(self):
        return self.kept()


class Gathering(Time):
    """One time a circle meets."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="gatherings")
    circle = models.ForeignKey(Circle, models.PROTECT, related_name="gatherings")
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
