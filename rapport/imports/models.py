"""Files that come in: staged, looked at, then applied."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.programs.models import Program


class Import(models.Model):
    """One file (or one folder of a roster) somebody brought, with what applying it would do."""

    class State(models.TextChoices):
        STAGED = "staged", _("to be looked at")
        APPLIED = "applied", _("brought in")
        DROPPED = "dropped", _("dropped")

    program = models.ForeignKey(Program, models.PROTECT, related_name="imports")
    ref = RefField()
    what = models.CharField(max_length=20, help_text=_("mentors, mentees, roster"))
    file_name = models.CharField(max_length=200)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.STAGED)
    brought_at = models.DateTimeField()
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.file_name


class Row(models.Model):
    """One row of the file, and what becomes of it. Passwords and unmapped protected columns never reach it."""

    class Outcome(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        BAD = "bad", _("to be put right")

    source = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text=_("as a spreadsheet counts: the heading is 1"))
    cells = models.JSONField()
    outcome = models.CharField(max_length=9, choices=Outcome)
    column = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="one_row_per_number")]

    def __str__(self):
        return f"row {self.number}: {self.outcome}"
