"""Two people who are not to be matched: one leads, assesses or teaches the other, or they said so themselves."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.access.rights import Right
from rapport.core.refs import RefField
from rapport.people.models.participant import Participant
from rapport.people.models.person import Person
from rapport.programs.models import Program


class ConflictQuerySet(models.QuerySet):
    def live(self, on: date):
        """Not taken back, and their last day is not over."""
        return self.filter(taken_back_at=None).filter(Q(until_on=None) | Q(until_on__gte=on))

    def visible_to(self, user, right=Right.PARTICIPANT_EDIT, at=None):
        """Those of which this user reaches both people in that program: one of them alone tells nothing."""
        here = Participant.objects.visible_to(user, right, at).filter(program=models.OuterRef("program"))
        sides = (here.filter(person=models.OuterRef(side)) for side in ("person", "other"))
        return self.filter(*(models.Exists(side) for side in sides))


class Declared:
    """What was written down of these people (keys), of whatever program: read once, asked of many matches."""

    def __init__(self, persons):
        rows = Conflict.objects.filter(taken_back_at=None, person__in=persons, other__in=persons)
        self.rows: dict = {}
        for row in rows:
            self.rows.setdefault((row.program_id, frozenset((row.person_id, row.other_id))), []).append(row)

    def between(self, mentors, mentees, program, on: date) -> bool:
        """Whether one of these mentors is not to be matched with one of these mentees (keys of persons) that day."""
        pairs = [(program.pk, frozenset((one, other))) for one in mentors for other in mentees]
        return any(row.is_live(on) for pair in pairs for row in self.rows.get(pair, ()))


class Conflict(models.Model):
    """Why two people of a program are not to be matched, as somebody wrote it down.

    It is a matter of roles, not of safety: a restriction is another thing and stays sealed. Nobody who takes part reads
    it.
    """

    class Kind(models.TextChoices):
        LINE_MANAGER = "line-manager", _("leads the other at work")
        ASSESSOR = "assessor", _("assesses or examines the other")
        CLASS_TEACHER = "class-teacher", _("teaches the other's class")
        DECLARED = "declared", _("another conflict that one of them declared")

    program = models.ForeignKey(Program, models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", help_text=_("who leads, assesses or teaches"))
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ref = RefField()
    kind = models.CharField(max_length=15, choices=Kind)
    words = models.CharField(max_length=300, blank=True)
    until_on = models.DateField(null=True, blank=True, help_text=_("the last day on which it holds"))
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ConflictQuerySet.as_manager()

    class Meta:
        db_table = "matching_conflict"  # where it began; what is written there stays
        constraints = [
            models.UniqueConstraint(
                fields=["program", "person", "other", "kind"], condition=Q(taken_back_at=None),
                name="a_conflict_is_written_down_once",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("other")) | Q(taken_back_at__isnull=False), name="a_conflict_is_between_two"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None) | Q(taken_back_at__isnull=False),
                name="a_conflict_taken_back_says_when",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["program", "person"], name="conflicts_of_a_person"),
            models.Index(fields=["program", "other"], name="conflicts_with_a_person"),
        ]

    def __str__(self):
        return f"{self.person} and {self.other}: {self.kind}"

    def is_live(self, on: date) -> bool:
        return self.taken_back_at is None and (self.until_on is None or self.until_on >= on)
