"""How to reach somebody, and who speaks for them where no language is shared."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.people.models.person import Person
from rapport.programs.models import Program

UNORDERED = 100  # where nobody said which way is liked better


class Interpreter(models.Model):
    """A grown-up or a service who speaks between families and the program, and promised to keep it to themselves."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="interpreters")
    ref = RefField()
    name = models.CharField(max_length=100)
    reach = models.CharField(max_length=200, blank=True, help_text=_("how to reach them"))
    languages = models.CharField(max_length=100, blank=True)
    is_service = models.BooleanField(default=False, help_text=_("a service with its own interpreters"))
    promised_on = models.DateField(help_text=_("the day they promised to keep to themselves what they hear"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "name"], name="one_interpreter_per_name")]

    def __str__(self):
        return self.name


class ContactPointQuerySet(models.QuerySet):
    def working(self):
        return self.filter(broken_at=None)

    def private(self):
        """Read by this person alone, as far as we know."""
        return self.filter(is_private=True)

    def mail(self):
        return self.filter(kind=ContactPoint.Kind.EMAIL)

    def in_order(self):
        """What they like best first."""
        return self.order_by("rank", "-is_private", "pk")


class ContactPoint(models.Model):
    """One way to reach one person. Shared: somebody else reads it, too (an address of the family).

    Whether it is private is worked out from who else has it; a named person may say otherwise, and why. Against what
    is known of a young person's way, two have to say so: the second one is waited for in `asked_*`.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")
        TEXT = "text", _("text message")
        PHONE = "phone", _("phone")
        SCHOOL = "school", _("through the school")
        LETTER = "letter", _("letter home")
        PICK_UP = "pick-up", _("at pick-up")
        IN_PERSON = "in-person", _("in person")
        INTERPRETER = "interpreter", _("with an interpreter")

    WRITTEN = (Kind.EMAIL, Kind.TEXT, Kind.LETTER)
    FOUND_OUT = (Kind.EMAIL, Kind.TEXT, Kind.PHONE)  # where the same words mean the same place
    BY_OTHERS = (Kind.SCHOOL, Kind.LETTER, Kind.PICK_UP, Kind.INTERPRETER)  # through other people: never private

    person = models.ForeignKey(Person, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=12, choices=Kind)
    value = models.CharField(max_length=254, help_text=_("an address, a number, or how to"))
    note = models.CharField(max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField(default=UNORDERED, help_text=_("1 is liked best"))
    best_days = models.CharField(max_length=7, blank=True, help_text=_("days of the week, 1 is Monday; empty: any"))
    best_from = models.TimeField(null=True, blank=True)
    best_until = models.TimeField(null=True, blank=True)
    interpreter = models.ForeignKey(Interpreter, models.PROTECT, null=True, blank=True, related_name="+")
    broken_at = models.DateTimeField(null=True, blank=True, help_text=_("since when nothing arrives there"))

    is_private = models.BooleanField(default=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField(null=True, blank=True, help_text=_("when somebody said who reads it"))
    said_why = models.CharField(max_length=300, blank=True)
    known_then = models.JSONField(default=list, blank=True, help_text=_("who else had it when that was said"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True, help_text=_("private, says one; a second has to look"))
    asked_why = models.CharField(max_length=300, blank=True)
    changed_since = models.BooleanField(default=False, help_text=_("what was said does not fit any more: look again"))

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "value"], name="one_contact_point_each")]
        indexes = [
            models.Index(fields=["kind", "value"]),
            models.Index("kind", Lower("value"), name="way_whatever_its_case"),
            models.Index(fields=["broken_at"], name="way_broken", condition=Q(broken_at__isnull=False)),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.value}"

    @property
    def is_liked_best(self):
        return self.rank == 1
