"""What is left of a record that was put together with another: where it leads, and what it was called."""

from django.db import models

from rapport.core.about import About
from rapport.people.models.person import Person
from rapport.people.names import Folded


class OldRef(About):
    """An address of before. `about` is the record it leads on to."""

    ref = models.CharField(max_length=12, unique=True)
    left_at = models.DateTimeField()

    def __str__(self):
        return self.ref


class FormerName(models.Model):
    """How a record called somebody that was put together with theirs. A list that still says so names them, and changes
    nothing of it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="former_names")
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100, blank=True)
    born_on = models.DateField(null=True, blank=True)
    left_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(Folded("given_name"), name="former_given_name_begins"),
            models.Index(Folded("family_name"), name="former_family_name_begins"),
        ]

    def __str__(self):
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def full_name(self):
        return str(self)
