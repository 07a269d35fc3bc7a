"""When a pair means to meet, whether each meeting happened, and what a day sheet says of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.due import Due, DueQuerySet, at_most_one_fact
from rapport.core.refs import RefField
from rapport.matches.models import Match
from rapport.people.models import Person
from rapport.programs.models import Mode, Program, Site


class Plan(models.Model):
    """The rhythm of a match, in the program's time zone: every n weeks on a weekday, or every n months.

    By the month it is the nth such weekday (5: the last one), or a day of the month (one that a month does not have
    is that month's last day).
    """

    LAST = 5

    program = models.ForeignKey(Program, models.PROTECT, related_name="plans")
    match = models.ForeignKey(Match, models.PROTECT, related_name="plans")
    weekday = models.PositiveSmallIntegerField(help_text=_("0 is Monday"))
    every_weeks = models.PositiveSmallIntegerField(default=1)
    every_months = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("by the month, not by the week"))
    nth = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("which such weekday of a month"))
    month_day = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("or which day of a month"))
    starts_at = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(max_length=120, blank=True)
    mode = models.CharField(max_length=10, choices=Mode, blank=True, default="", db_default="")
    for_review = models.BooleanField(
        default=False, db_default=False, help_text=_("at a place nobody has said yes to yet")
    )
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    laid_until_on = models.DateField(null=True, blank=True, help_text=_("expected meetings exist up to this day"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_plan_goes_by_the_week_or_by_the_month",
                condition=Q(every_months=None, nth=None, month_day=None)
                | Q(every_months__gte=1, nth__isnull=False, month_day=None)
                | Q(every_months__gte=1, nth=None, month_day__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["laid_until_on"])]

    def __str__(self):
        if self.every_months:
            return f"every {self.every_months} month(s) at {self.starts_at:%H:%M}"
        return f"every {self.every_weeks} week(s) on day {self.weekday} at {self.starts_at:%H:%M}"


class MeetingQuerySet(DueQuerySet):
    def held(self):
        return self.kept()

    def past(self, at):
        return self.filter(ends_at__lte=at)

    def without_word(self, at):
        """Over, and nobody has said whether it happened: unknown."""
        return self.untouched().filter(ends_at__lte=at)


class Meeting(Due):
    """One time the pair was to meet (or met unplanned). Held is `kept_at`; did not happen is `missed_at`.

    Where nobody says anything it goes straight to unknown: `lapses_at` is its end.
    """

    class Cause(models.TextChoices):
        MENTOR_AWAY = "mentor-away", _("the mentor was away")
        MENTEE_AWAY = "mentee-away", _("the mentee was away")
        BOTH = "both", _("both agreed to skip it")
        CLOSED = "closed", _("the place was closed")
        OTHER = "other", _("something else")

    program = models.ForeignKey(Program, models.PROTECT, related_name="meetings")
    match = models.ForeignKey(Match, models.PROTECT, related_name="meetings")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="meetings")
    ref = RefField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)
    mode = models.CharField(max_length=10, choices=Mode, blank=True, default="", db_default="")
    moved_from_at = models.DateTimeField(null=True, blank=True, help_text=_("when it was first to begin"))
    cancelled_at = models.DateTimeField(null=True, blank=True, help_text=_("when somebody said that it will not be"))
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("how long they really met"))
    cause = models.CharField(max_length=12, choices=Cause, blank=True)
    said_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    child_waited = models.BooleanField(null=True, blank=True)
    stood = models.JSONField(
        null=True, blank=True, help_text=_("that it was called off or excused, while somebody's word says otherwise")
    )
    joined_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="joined",
        help_text=_("written down twice: this one"),
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["match", "starts_at"], name="one_meeting_at_a_time"),
            at_most_one_fact("meeting_has_one_outcome"),
        ]
        indexes = [
            models.Index(fields=["match", "-starts_at"]),
            models.Index(fields=["program", "starts_at"]),
            models.Index(
                fields=["match", "moved_from_at"], name="meeting_moved", condition=Q(moved_from_at__isnull=False)
            ),
            models.Index(
                fields=["ends_at"],
                name="meeting_without_word",
                condition=Q(kept_at=None, missed_at=None, excused_at=None),
            ),
        ]

    def __str__(self):
        return f"meeting of {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def planned_minutes(self):
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class DayKeeper(models.Model):
    """One named person of a site who may keep its day sheet on one day, by a link, without signing in.

    They see no more than the one who named them sees, and only while that one still sees it.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ref = RefField()
    on = models.DateField()
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["site", "on"])]

    def __str__(self):
        return f"{self.person} on {self.on}"


class Mark(models.Model):
    """One tap on a day sheet: what it says of one meeting, and who wrote it. Never changed; a later one corrects it."""

    class Outcome(models.TextChoices):
        HERE = "here", _("here")
        CHILD = "child", _("child away")
        MENTOR = "mentor", _("mentor away")
        MOVED = "moved", _("moved")
        NONE = "none", _("taken back")

    class Source(models.TextChoices):
        PAGE = "page", _("signed in")
        LINK = "link", _("by a link of one day")
        PAPER = "paper", _("on paper")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="marks")
    corrects = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="corrected_by")
    outcome = models.CharField(max_length=6, choices=Outcome)
    child_waited = models.BooleanField(null=True, blank=True)
    absent = models.JSONField(
        default=list, blank=True, db_default=[], help_text=_("of a group that met: the refs of whoever was not there")
    )
    again = models.ForeignKey(
        Meeting, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text=_("of a meeting that was moved: the one in its place"),
    )  # fmt: skip
    is_time_open = models.BooleanField(
        default=False, db_default=False, help_text=_("of a meeting that was moved: nobody knows yet to when")
    )
    said_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=5, choices=Source)
    form_id = models.CharField(max_length=40)
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(corrects=None), name="one_first_mark_of_a_meeting"
            ),
            models.UniqueConstraint(fields=["meeting", "form_id"], name="one_mark_per_press"),
        ]

    def __str__(self):
        return f"{self.outcome} at {self.marked_at:%Y-%m-%d %H:%M}"
