"""What a participant must have before a match begins: clearance, permission, assent, training."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.people.models import Participant, Person
from rapport.programs.models import Program


class GateQuerySet(models.QuerySet):
    def met(self, on: date):
        """Said to be met, not withdrawn, and valid on that day."""
        valid = Q(valid_until_on=None) | Q(valid_until_on__gte=on)
        return self.filter(valid, is_met=True, met_on__lte=on)


class Gate(models.Model):
    """One thing one participant must have, as staff last saw it. The trail keeps what was there before."""

    class Code(models.TextChoices):
        CLEARANCE = "clearance", _("background check")
        PERMISSION = "permission", _("guardian's permission")
        ASSENT = "assent", _("the young person's own yes")
        TRAINING = "training", _("training")
        INTERVIEW = "interview", _("interview")
        REFERENCES = "references", _("references")
        SUPERVISOR = "supervisor", _("an adult supervisor")
        CONSENT = "consent", _("own agreement to join")

    program = models.ForeignKey(Program, models.PROTECT, related_name="gates")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="gates")
    code = models.CharField(max_length=20, choices=Code)
    is_met = models.BooleanField(help_text=_("no: seen, and not clear, or withdrawn"))
    met_on = models.DateField(help_text=_("the day on the paper, or of the yes"))
    valid_until_on = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="gates_given")
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
    how = models.CharField(max_length=120, blank=True, help_text=_("certificate seen, on paper, by phone"))
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, help_text=_("of training"))

    objects = GateQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "code"], name="one_gate_each")]
        indexes = [models.Index(fields=["program", "code", "valid_until_on"])]

    def __str__(self):
        return f"{self.get_code_display()} of {self.participant}"
