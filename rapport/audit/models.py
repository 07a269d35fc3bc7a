"""Who did and who read what, when: append-only, sealed in a hash chain."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet):
    def about(self, record):
        return self.filter(about_type=record._meta.label_lower, about_id=record.pk)

    def unsealed(self):
        return self.filter(position=None)

    def sealed(self):
        return self.filter(position__isnull=False)


class Event(models.Model):
    """One thing done or one thing read. Actor and subject are plain columns: they outlive the records they name."""

    class Kind(models.TextChoices):
        WRITE = "write", _("did")
        READ = "read", _("read")

    kind = models.CharField(max_length=5, choices=Kind, default=Kind.WRITE)
    verb = models.CharField(max_length=60)
    at = models.DateTimeField()
    written_at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_label = models.CharField(max_length=200)
    program_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    level = models.PositiveSmallIntegerField(default=2)
    position = models.BigIntegerField(null=True, blank=True, unique=True)
    seal = models.CharField(max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["about_type", "about_id"]),
            models.Index(fields=["id"], name="audit_unsealed", condition=Q(position=None)),
        ]

    def __str__(self):
        return f"{self.verb} by {self.actor_label}"
