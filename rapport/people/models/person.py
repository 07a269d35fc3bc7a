"""A human being, the age they have, and what other systems call them."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.core.months import add_months
from rapport.core.refs import RefField
from rapport.people.names import Folded
from rapport.programs.models import Organization

ADULT_AT = 18  # years; the age the words child and guardian hang on in law, not a rule from practice


def grown_if_born_by(on: date) -> date:
    """The last birth date of those who are 18 on that day. Born on 29 February one is so on the 28th, as `is_adult`."""
    day = add_months(on, -12 * ADULT_AT)
    return day + timedelta(days=1) if add_months(day + timedelta(days=1), 12 * ADULT_AT) <= on else day


def grown_on(born_on: date) -> date:
    """The day on which somebody born then is 18."""
    return add_months(born_on, 12 * ADULT_AT)


class PersonQuerySet(models.QuerySet):
    def known_as_adults(self):
        """Without a birth date, guardian of somebody, and nobody's mentee: a guardianship ties an adult to a child.

        Rosters name guardians without their birth dates; counted as children, most could not be written to
        (docs/adr/0007).
        """
        undated = self.filter(born_on=None, children__isnull=False)
        return undated.exclude(participations__side="mentee").distinct()


class Person(models.Model):
    """One human being, known to the organization once."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="people")
    ref = RefField()
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100, blank=True)
    born_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=10, default="en")
    reads_it = models.BooleanField(default=True, help_text=_("reads that language; who does not is talked with"))
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="person")
    added_at = models.DateTimeField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "family_name", "given_name", "id"]),
            models.Index(fields=["organization", "born_on"]),
            models.Index(fields=["born_on"], name="person_born_on"),
            models.Index(Folded("given_name"), name="person_given_name_begins"),
            models.Index(Folded("family_name"), name="person_family_name_begins"),
        ]

    def __str__(self):
        return self.full_name

    @property
    def first_name(self):
        return self.given_name

    @property
    def full_name(self):
        return f"{self.given_name} {self.family_name}".strip()

    def is_adult(self, on: date) -> bool:
        """Whether this person is 18 on that day. Without a birth date a person counts as a child."""
        return self.born_on is not None and add_months(self.born_on, 12 * ADULT_AT) <= on

    def counts_as_child(self, program, on: date) -> bool:
        """In this program, on that day: by birth date; without one yes, unless the program admits adults only."""
        return not self.is_adult(on) if self.born_on else not program.adults_only


class ExternalId(models.Model):
    """What another system calls this person."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="external_ids")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    source = models.CharField(max_length=60)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "source", "value"], name="one_person_per_id")]

    def __str__(self):
        return f"{self.source}: {self.value}"
