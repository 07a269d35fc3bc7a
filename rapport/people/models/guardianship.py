"""Who stands for a child."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from rapport.core.days import DayIn, MonthsOn, first_day_on_earth, last_day_on_earth
from rapport.people.models.person import ADULT_AT, Person, grown_if_born_by
from rapport.people.models.standing import stands


class GuardianshipQuerySet(models.QuerySet):
    def living(self, on: date):
        """In force on that day: begun, not ended, and the child not yet 18 (without a birth date: a child)."""
        return self.standing(on).filter(Q(child__born_on=None) | Q(child__born_on__gt=grown_if_born_by(on)))

    def standing(self, on: date | DayIn):
        """Begun and not ended on that day, whatever the age of the child."""
        return self.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))

    def living_in(self, zone, at):
        """In force on the day that it is in a time zone of the query (`zone`: mostly an outer reference)."""
        on = DayIn(at, zone)
        young = GreaterThan(MonthsOn("child__born_on", 12 * ADULT_AT), on)
        return self.living_somewhere(at).standing(on).filter(Q(child__born_on=None) | Q(young))

    def living_somewhere(self, at):
        """In force on a day that it is anywhere on earth at that moment: for where too many is the safer error."""
        first = first_day_on_earth(at)
        begun = self.filter(starts_on__lte=last_day_on_earth(at)).filter(Q(ends_on=None) | Q(ends_on__gt=first))
        return begun.filter(Q(child__born_on=None) | Q(child__born_on__gt=grown_if_born_by(first)))

    def told(self):
        return self.filter(is_told=True)


class Guardianship(models.Model):
    """An adult who stands for a child, with separate rights. They end at 18."""

    adult = models.ForeignKey(Person, models.PROTECT, related_name="children")
    child = models.ForeignKey(Person, models.PROTECT, related_name="guardians")
    relation = models.CharField(max_length=60, blank=True)
    is_told = models.BooleanField(default=True, help_text=_("hears how it goes, and is asked"))
    consents = models.BooleanField(default=True, help_text=_("gives or withdraws permission"))
    sees_progress = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ends_on"], name="guardianship_ended", condition=Q(ends_on__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["adult", "child"], name="one_guardianship_each"),
            models.CheckConstraint(condition=~Q(adult=models.F("child")), name="nobody_is_their_own_guardian"),
        ]

    def __str__(self):
        return f"{self.adult} for {self.child}"

    def is_living(self, on: date) -> bool:
        return stands(self, on) and not self.child.is_adult(on)

    def ended_at_18(self, on: date) -> bool:
        return self.child.is_adult(on)
