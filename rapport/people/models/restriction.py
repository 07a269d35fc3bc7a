"""Who is kept away from whom."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rapport.access.rights import Right
from rapport.core.days import DayIn, first_day_on_earth, last_day_on_earth
from rapport.core.refs import RefField, new_ref
from rapport.people.models.guardianship import Guardianship
from rapport.people.models.person import Person
from rapport.people.models.standing import stands
from rapport.programs import doors
from rapport.programs.models import Program


class RestrictionQuerySet(models.QuerySet):
    def live(self, on: date | DayIn):
        return self.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))

    def live_at(self, at):
        """In force at that moment anywhere on earth: where no program's zone is at hand we err on the side of apart."""
        begun = self.filter(starts_on__lte=last_day_on_earth(at))
        return begun.filter(Q(ends_on=None) | Q(ends_on__gt=first_day_on_earth(at)))

    def visible_to(self, user, at):
        """With their reasons, for whoever may record them where they were recorded; never for one they are about,
        neither now nor ahead, nor for who stands for a child they are about, nor where this user is kept away from
        one of the two."""
        held = Program.objects.visible_to(user, Right.RESTRICTION_EDIT, at)
        near = Guardianship.objects.filter(adult__user=user).values("child")
        mine = Q(kept_away__user=user) | Q(subject__user=user) | Q(kept_away__in=near) | Q(subject__in=near)
        away = kept_from(user, at)
        return self.filter(program__in=held).exclude(mine).exclude(subject__in=away).exclude(kept_away__in=away)


def kept_from(user, at):
    """The people this user is kept away from at that moment: their keys."""
    rows = Restriction.objects.live_at(at).filter(kept_away__user=user)
    hour = at.date(), at.hour  # of UTC: where a day begins anywhere on earth, so does an hour
    return doors.told(user, ("kept from", *hour), rows.values_list("subject", flat=True))


def paper_place(restriction, _name):
    """Where a paper lies in the install's own folder: its name tells neither whose nor what."""
    return f"restrictions/{new_ref()}{new_ref()}"


class Restriction(models.Model):
    """Keeps one person away from everything about another. Its reason is open to few."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="restrictions")
    kept_away = models.ForeignKey(Person, models.PROTECT, related_name="kept_away_from")
    subject = models.ForeignKey(Person, models.PROTECT, related_name="protected_from")
    ref = RefField()
    reason = models.TextField()
    document = models.CharField(max_length=200, blank=True)
    paper = models.FileField(upload_to=paper_place, blank=True, help_text=_("the paper itself, where it was scanned"))
    paper_name = models.CharField(max_length=120, blank=True)
    paper_key = models.CharField(max_length=8, blank=True, help_text=_("which key the paper is sealed with"))
    form_id = models.CharField(max_length=40, blank=True, help_text=_("one press of the button is one restriction"))
    starts_on = models.DateField()
    review_on = models.DateField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ends_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("when somebody said that it ends, or ended"))
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_why = models.CharField(max_length=300, blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "form_id"], condition=~Q(form_id=""), name="one_restriction_per_press"
            )
        ]

    def __str__(self):
        return f"{self.kept_away} from {self.subject}"

    def get_absolute_url(self):
        return reverse("portal:restriction", args=[self.program.slug, self.ref])

    @property
    def paper_place(self):
        """What its paper is sealed for: it opens for no other restriction."""
        return f"restriction:{self.ref}:paper"

    def is_live(self, on: date) -> bool:
        return stands(self, on)
