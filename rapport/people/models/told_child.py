"""The children whom a parent who is mentored has at heart."""

from django.conf import settings
from django.db import models

from rapport.people.models.participant import Participant
from rapport.programs.models import Program


class ToldChild(models.Model):
    """A child, as a parent who is mentored here tells of it: what the parent says, and no more (S3-20).

    It is no person of ours and leads to none, whoever the child may be elsewhere: it takes part in nothing, counts
    nowhere, gets no message, and tells nothing of another program or of another parent.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="told_children")
    parent = models.ForeignKey(Participant, models.PROTECT, related_name="told_children")
    first_name = models.CharField(max_length=60)
    school_year = models.CharField(max_length=40, blank=True)
    school = models.CharField(max_length=80, blank=True)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "first_name", "school_year", "school"], name="a_child_is_told_once"
            )
        ]
        verbose_name_plural = "told children"

    def __str__(self):
        return self.first_name
