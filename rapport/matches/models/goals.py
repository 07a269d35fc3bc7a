"""What a mentee wants to reach, in their own words, and how it goes with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.matches.models.match import Match
from rapport.people.models import Participant, Person
from rapport.programs.models import Program


class Seen(models.IntegerChoices):
    """Who sees a goal. None is kept from staff: a secret of two alone protects nobody (security.md §2.2)."""

    ALL = 0, _("my mentor, my family and the program's staff")
    NOT_FAMILY = 1, _("my mentor and the program's staff, not my family")
    STAFF = 2, _("only the program's staff")


class Way(models.TextChoices):
    """How words came to us: each counts the same."""

    LINK = "link", _("by their own link")
    PAPER = "paper", _("on paper")
    TOLD = "told", _("told to staff")
    MENTOR = "mentor", _("told to the mentor")


class Said(models.Model):
    """Who said something, how it came, and who wrote it down."""

    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("empty: staff said it")
    )
    way = models.CharField(max_length=6, choices=Way, default=Way.TOLD)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("empty: they wrote it themselves"),
    )  # fmt: skip
    said_on = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        abstract = True


class GoalQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at=None)

    def worded_by_the_mentee(self):
        return self.filter(worded_by=Goal.WordedBy.MENTEE)


class Goal(Said):
    """Something one mentee wants to reach. Its words are kept as they were said: nobody rewords them."""

    class WordedBy(models.TextChoices):
        MENTEE = "mentee", _("the mentee")
        GUARDIAN = "guardian", _("the family")
        MENTOR = "mentor", _("the mentor")
        STAFF = "staff", _("the program")

    class Ending(models.TextChoices):
        REACHED = "reached", _("reached")
        LET_GO = "let-go", _("let go")

    program = models.ForeignKey(Program, models.PROTECT, related_name="goals")
    match = models.ForeignKey(Match, models.PROTECT, related_name="goals")
    mentee = models.ForeignKey(Participant, models.PROTECT, related_name="goals")
    ref = RefField()
    words = models.CharField(max_length=500)
    worded_by = models.CharField(max_length=8, choices=WordedBy)
    level = models.PositiveSmallIntegerField(choices=Seen)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ending = models.CharField(max_length=7, choices=Ending, blank=True)
    ending_words = models.CharField(max_length=500, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    form_id = models.CharField(max_length=60, unique=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_on=None, ending="")
                | Q(ended_at__isnull=False, ended_on__isnull=False) & ~Q(ending=""),
                name="a_goal_ends_with_a_day_and_how",
            ),
        ]
        indexes = [models.Index(fields=["match", "mentee"], name="goals_of_a_match")]
        ordering = ["pk"]

    def __str__(self):
        return self.words

    @property
    def is_open(self):
        return self.ended_at is None


class GoalTask(models.Model):
    """One small step on the way to a goal: done or not done yet."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="tasks")
    ref = RefField()
    words = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    done_by_person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    form_id = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.words


class Headway(Said):
    """How it goes with one goal, as one of them said on one day, and what stands in the way (S0-10, S3-41)."""

    class Value(models.TextChoices):
        ON_TRACK = "on-track", _("on track")
        PARTLY = "partly", _("partly")
        STUCK = "stuck", _("stuck")
        NOT_NOW = "not-now", _("not now")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="headway")
    value = models.CharField(max_length=8, choices=Value, blank=True, help_text=_("empty: a note alone"))
    obstacle = models.CharField(max_length=300, blank=True, help_text=_("what stands in the way"))
    words = models.CharField(max_length=1000, blank=True)
    level = models.PositiveSmallIntegerField(choices=Seen, help_text=_("never lower than the goal's own"))
    form_id = models.CharField(max_length=100, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(value="") | ~Q(obstacle="") | ~Q(words=""), name="headway_says_something"
            )
        ]
        indexes = [models.Index(fields=["goal", "said_on"], name="headway_of_a_goal")]
        ordering = ["said_on", "pk"]

    def __str__(self):
        return f"{self.value or 'a note'} on {self.said_on}"


class Growth(Said):
    """Where somebody says they stand with a goal, from 1 to 5: at its start, halfway, at its end (S2-28)."""

    class Moment(models.TextChoices):
        START = "start", _("at the start")
        MID = "mid", _("halfway")
        END = "end", _("at the end")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="growth")
    moment = models.CharField(max_length=5, choices=Moment)
    value = models.PositiveSmallIntegerField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "moment"], condition=Q(replaced_at=None), name="one_standing_place_per_moment"
            ),
            models.CheckConstraint(condition=Q(value__gte=1, value__lte=5), name="growth_is_one_to_five"),
        ]
        ordering = ["pk"]

    def __str__(self):
        return f"{self.value} {self.moment}"


class GoalSeen(models.Model):
    """A guardian has seen this goal of their child and says so (S3-02)."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="seen")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    way = models.CharField(max_length=6, choices=Way, default=Way.LINK)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["goal", "person"], name="a_goal_is_seen_once_by_each")]

    def __str__(self):
        return f"seen {self.seen_at:%Y-%m-%d}"
