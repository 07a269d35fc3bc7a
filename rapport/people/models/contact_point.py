"""How to reach somebody."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from rapport.people.models.person import Person


class ContactPointQuerySet(models.QuerySet):
    def working(self):
        return self.filter(broken_at=None)

    def private(self):
        """Read by this person alone, as far as we know."""
        return self.filter(is_private=True)

    def mail(self):
        return self.filter(kind=ContactPoint.Kind.EMAIL)


class ContactPoint(models.Model):
    """One way to reach one person. Shared: somebody else reads it, too (an address of the family)."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")
        TEXT = "text", _("text message")
        PHONE = "phone", _("phone")
        SCHOOL = "school", _("through the school")
        LETTER = "letter", _("letter home")
        IN_PERSON = "in-person", _("in person")
        INTERPRETER = "interpreter", _("with an interpreter")

    person = models.ForeignKey(Person, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=12, choices=Kind)
    value = models.CharField(max_length=254, help_text=_("an address, a number, or how to"))
    is_private = models.BooleanField(default=True)
    is_preferred = models.BooleanField(default=False)
    best_times = models.CharField(max_length=100, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True, help_text=_("since when nothing arrives there"))

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "value"], name="one_contact_point_each")]
        indexes = [
            models.Index(fields=["kind", "value"]),
            models.Index("kind", Lower("value"), name="way_whatever_its_case"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.value}"
