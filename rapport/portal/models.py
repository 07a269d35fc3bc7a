"""What is worked out beside the pages, for somebody who waits for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.people.models import Person
from rapport.programs.models import Program


class ForecastQuerySet(models.QuerySet):
    def under_way(self):
        return self.filter(state=Forecast.State.WAITING)

    def free(self):
        """Nobody works on it: not begun, or whoever began is gone."""
        return self.under_way().filter(Q(lease_until=None) | Q(lease_until__lt=timezone.now()))

    def visible_to(self, user):
        """A look belongs to whoever asked for it."""
        return self.filter(by=user)


class Forecast(models.Model):
    """A look at what a change of a setting will send, before it is kept. It is thrown away after a day."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being worked out")
        DONE = "done", _("worked out")
        FAILED = "failed", _("could not be worked out")

    program = models.ForeignKey(Program, models.CASCADE, related_name="forecasts")
    ref = RefField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    change = models.JSONField(help_text=_("what is changed, from what to what"))
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    days = models.PositiveSmallIntegerField(default=0, help_text=_("how many days are to be played, twice"))
    days_played = models.PositiveSmallIntegerField(default=0)
    figures = models.JSONField(default=dict, help_text=_("by kind and week: with the change, and without"))
    trouble = models.CharField(max_length=300, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True, help_text=_("by the clock of the machine"))
    tries = models.PositiveSmallIntegerField(default=0)
    kept_at = models.DateTimeField(null=True, blank=True)

    objects = ForecastQuerySet.as_manager()

    def __str__(self):
        return f"{self.change.get('what')} {self.change.get('key')}"

    @property
    def days_in_all(self):
        return 2 * self.days


class Foretold(models.Model):
    """One letter more, or one fewer, to one person on one day."""

    forecast = models.ForeignKey(Forecast, models.CASCADE, related_name="rows")
    on = models.DateField()
    kind = models.CharField(max_length=60)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    is_more = models.BooleanField()

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{'+' if self.is_more else '-'} {self.kind} on {self.on}"
