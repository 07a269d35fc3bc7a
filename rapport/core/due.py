"""A due: one instance of something promised, and how it stands at any moment."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    AHEAD = "ahead", _("not due yet")
    DUE = "due", _("due")
    LATE = "late", _("late")
    UNKNOWN = "unknown", _("unknown")
    KEPT = "kept", _("kept")
    MISSED = "missed", _("not kept")
    EXCUSED = "excused", _("excused")


LOOK_BACK = timedelta(days=8)  # a clock that stood still for a week finds what began, ended or ran out meanwhile
UNTOUCHED = Q(kept_at=None, missed_at=None, excused_at=None)


class DueQuerySet(models.QuerySet):
    def untouched(self):
        """Nothing has been said of it yet."""
        return self.filter(UNTOUCHED)

    def kept(self):
        return self.filter(kept_at__isnull=False)

    def missed(self):
        return self.filter(missed_at__isnull=False)

    def excused(self):
        return self.filter(excused_at__isnull=False)

    def due(self, at: datetime):
        """Due or late at this moment, and not yet lapsed into unknown."""
        return self.untouched().filter(Q(due_at__lte=at) & (Q(lapses_at=None) | Q(lapses_at__gt=at)))

    def late(self, at: datetime):
        return self.due(at).filter(late_at__lte=at)

    def unknown(self, at: datetime):
        return self.untouched().filter(lapses_at__lte=at)


class Due(models.Model):
    """Kept, missed and excused are facts; without one the moment decides how it stands."""

    due_at = models.DateTimeField(null=True, blank=True, help_text=_("empty: no date"))
    late_at = models.DateTimeField(null=True, blank=True)
    lapses_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    excused_at = models.DateTimeField(null=True, blank=True)
    excuse = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def standing(self, at: datetime) -> Standing:
        """How this due stands at that moment."""
        facts = ((self.kept_at, Standing.KEPT), (self.missed_at, Standing.MISSED), (self.excused_at, Standing.EXCUSED))
        for fact, standing in facts:
            if fact:
                return standing
        moments = (
            (self.lapses_at, Standing.UNKNOWN),
            (self.late_at, Standing.LATE),
            (self.due_at, Standing.DUE),
        )
        return next((standing for moment, standing in moments if moment and moment <= at), Standing.AHEAD)


def at_most_one_fact(name: str) -> models.CheckConstraint:
    """A due is kept, or not kept, or excused: never two of them."""
    none = {"kept_at": None, "missed_at": None, "excused_at": None}
    choices = [Q(**{k: v for k, v in none.items() if k != free}) for free in none]
    return models.CheckConstraint(condition=choices[0] | choices[1] | choices[2], name=name)
