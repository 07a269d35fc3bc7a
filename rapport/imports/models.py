"""Files that come in: staged, looked at, then applied."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.programs.models import Program


class ImportQuerySet(models.QuerySet):
    def under_way(self):
        """Being read, brought in or taken back: somebody works on it, or should."""
        return self.filter(state__in=Import.UNDER_WAY)

    def with_deeds(self):
        """Those of which is known what they did."""
        return self.filter(models.Exists(Deed.objects.filter(row__source=models.OuterRef("pk"))))


class Import(models.Model):
    """One file (or one folder of a roster) somebody brought, with what applying it would do.

    A long one is read and brought in batch by batch; whoever does it holds a lease, and may die at any moment.
    """

    class State(models.TextChoices):
        MAPPING = "mapping", _("to be told its columns")
        READING = "reading", _("being read")
        STAGED = "staged", _("to be looked at")
        APPLYING = "applying", _("being brought in")
        STOPPED = "stopped", _("stopped on the way")
        APPLIED = "applied", _("brought in")
        UNDOING = "undoing", _("being taken back")
        UNDONE = "undone", _("taken back")
        DROPPED = "dropped", _("dropped")
        FAILED = "failed", _("could not be read")

    UNDER_WAY = [State.READING, State.APPLYING, State.UNDOING]
    WHAT = {
        "mentors": _("mentors"), "mentees": _("mentees"), "volunteers": _("volunteers"), "matches": _("pairs"),
        "logs": _("meetings"), "roster": _("a school's roster"),
    }  # fmt: skip

    program = models.ForeignKey(Program, models.PROTECT, related_name="imports")
    ref = RefField()
    what = models.CharField(max_length=20, help_text=_("mentors, mentees, roster"))
    file_name = models.CharField(max_length=200)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.STAGED)
    brought_at = models.DateTimeField()
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True, help_text=_("when somebody said: bring it in"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    kept_file = models.CharField(max_length=200, blank=True, help_text=_("where the file waits until it has been read"))
    counts = models.JSONField(default=dict, help_text=_("rows by outcome, as far as it has been read"))
    read_to = models.PositiveIntegerField(default=0, help_text=_("the last row that has been read"))
    applied_to = models.PositiveIntegerField(default=0, help_text=_("the last row that is in"))
    rows_applied = models.PositiveIntegerField(default=0)
    undo_asked_at = models.DateTimeField(null=True, blank=True, help_text=_("when somebody said: take it back"))
    undo_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    rows_undone = models.PositiveIntegerField(default=0, help_text=_("looked at on the way back"))
    lease_until = models.DateTimeField(null=True, blank=True, help_text=_("by the clock of the machine"))
    leased_by = models.CharField(max_length=60, blank=True)
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True, help_text=_("why it could not go on"))

    objects = ImportQuerySet.as_manager()

    def __str__(self):
        return self.file_name

    @property
    def what_words(self):
        return self.WHAT.get(self.what, self.what)

    @property
    def is_under_way(self):
        return self.state in self.UNDER_WAY

    @property
    def rows_read(self):
        return sum(self.counts.values())

    @property
    def rows_to_bring(self):
        return self.rows_read - self.counts.get(Row.Outcome.BAD, 0)


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
    changes = models.JSONField(default=list, help_text=_("of a roster: what it changes, what it was and what it is"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="one_row_per_number")]
        indexes = [models.Index(fields=["source", "outcome", "number"])]

    def __str__(self):
        return f"row {self.number}: {self.outcome}"


class Deed(models.Model):
    """What bringing in one row did to one person, or one pair, so that it can be taken back while nothing hangs on it.

    Keys are plain: a deed holds nobody.
    """

    row = models.ForeignKey(Row, models.CASCADE, related_name="deeds")
    person_key = models.BigIntegerField()
    participant_key = models.BigIntegerField()
    match_key = models.BigIntegerField(null=True, blank=True, help_text=_("of a list of pairs"))
    made = models.JSONField(default=dict, help_text=_("kind of record: keys of those that were not there before"))
    was = models.JSONField(default=dict, help_text=_("field: what it was, and what the row made of it"))
    shared = models.JSONField(default=list, help_text=_("ways to reach somebody that were private until then"))
    seen_to = models.BigIntegerField(default=0, help_text=_("the last line of the trail when it was done"))
    undone_at = models.DateTimeField(null=True, blank=True)
    stays = models.CharField(max_length=300, blank=True, help_text=_("why it could not be taken back"))

    def __str__(self):
        return f"{self.row}: {len(self.made)} kinds made, {len(self.was)} fields changed"


class MappingMemory(models.Model):
    """What the columns of a list were the last time: one word for each set of headings, in one program."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="mapping_memories")
    what = models.CharField(max_length=20, help_text=_("mentors, mentees, volunteers"))
    headings = models.CharField(max_length=64, help_text=_("the checksum of the headings in the order of the alphabet"))
    chosen = models.JSONField(default=dict, help_text=_("heading to field; empty: left out"))
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "what", "headings"], name="one_memory_per_headings")]
        verbose_name_plural = "mapping memories"

    def __str__(self):
        return f"{self.what}, {len(self.chosen)} columns"
