"""The only to-do: one thing one person must do by a date, for a reason."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.access.rights import Right
from rapport.core.about import About, AboutQuerySet, type_of
from rapport.core.due import Due, DueQuerySet, at_most_one_fact
from rapport.core.refs import RefField
from rapport.people.models import Participant, Person, kept_from
from rapport.programs.models import Membership, Program

SEALED = 4  # the level of safeguarding (security.md §2.2)


class TaskQuerySet(AboutQuerySet, DueQuerySet):  # type: ignore[override]
    def open(self):
        return self.untouched()

    def visible_to(self, user, at):
        """What lies or lay on this user's own desk, without what is about somebody they are kept away from."""
        return self.filter(owner=user).without(kept_from(user, at))

    def without(self, people):
        """Those neither to these people nor about one of them as a participant."""
        theirs = Participant.objects.filter(person__in=people)
        found = self.exclude(person__in=people)
        return found.exclude(about_type=type_of(Participant), about_id__in=theirs.values("pk"))

    def left_behind(self, program, at):
        """Open tasks of owners who have no desk in this program any more; safety tasks go their own way."""
        still_here = Membership.objects.live(at).filter(program=program, role__grants__right=Right.TASK_DO)
        return self.open().counted().filter(program=program).exclude(owner__in=still_here.values("user"))

    def counted(self):
        """Those that may stand in a count or on a page of others: safety tasks never do."""
        return self.filter(level__lt=SEALED)

    def awake(self, at):
        return self.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=at))

    def desk_of(self, user, at):
        """What this user must do by tomorrow. The desk itself leaves out what its ended match took along."""
        near = Q(due_at=None) | Q(due_at__lte=at + self.model.AHEAD)
        return self.open().visible_to(user, at).awake(at).filter(near)


class Task(About, Due):
    """Somebody must do this. `about` is the match where there is one, or the participant; `person` is whom to call."""

    AHEAD = timedelta(days=1)  # tomorrow stands on the desk today, as a picture of what comes

    program = models.ForeignKey(Program, models.PROTECT, related_name="tasks")
    ref = RefField()
    kind = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tasks")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="tasks")
    reason = models.CharField(max_length=300)
    pressing = models.PositiveSmallIntegerField(default=5, help_text=_("1 comes first on the desk, 9 last"))
    minutes = models.PositiveSmallIntegerField(default=10, help_text=_("about how long it takes"))
    level = models.PositiveSmallIntegerField(default=2)
    cause_key = models.CharField(max_length=200, unique=True)
    ends_with_match = models.BooleanField(default=True)
    ends_on_its_page = models.BooleanField(default=False, help_text=_("done where it is read, by no press"))
    made_at = models.DateTimeField()
    snoozed_until = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [at_most_one_fact("task_has_one_outcome")]
        indexes = [
            *About.Meta.indexes,
            models.Index(
                fields=["owner", "due_at"],
                name="task_desk",
                condition=Q(kept_at=None, missed_at=None, excused_at=None),
            ),
            models.Index(fields=["program", "person"]),
        ]

    def __str__(self):
        return self.reason


class Word(models.Model):
    """A dated note on what somebody did with a task."""

    class Verb(models.TextChoices):
        DONE = "done", _("done")
        SNOOZED = "snoozed", _("put off")
        HANDED_OVER = "handed-over", _("handed over")
        DROPPED = "dropped", _("no longer needed")
        REOPENED = "reopened", _("opened again")

    task = models.ForeignKey(Task, models.CASCADE, related_name="words")
    verb = models.CharField(max_length=12, choices=Verb)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    def __str__(self):
        return f"{self.verb} {self.at:%Y-%m-%d}"
