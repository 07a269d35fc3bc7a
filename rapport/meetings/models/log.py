"""What each party says of one meeting, what they said before, and times somebody tried to reach the other."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.matches.models import Match
from rapport.meetings.models.meeting import Meeting
from rapport.people.models import Person
from rapport.programs.models import Mode, Program


class Log(models.Model):
    """One party's view of one meeting. Nobody's feeling is shown to the other side.

    Facts, words and what they think stand apart: `words` are for staff, `opinion` is no fact, and only `shared` may be
    read by the other side.
    """

    class Source(models.TextChoices):
        LINK = "link", _("by link")
        STAFF = "staff", _("told to staff")
        PAGE = "page", _("on their own page")
        BEFORE = "before", _("before Rapport, from a list")
        SHEET = "sheet", _("on the site's day sheet")
        NUMBER = "number", _("a number in reply to a message")
        LIST = "list", _("from a list")

    class Company(models.TextChoices):
        GUARDIAN = "guardian", _("a parent or guardian")
        MENTOR = "mentor", _("another mentor")
        MENTEE = "mentee", _("another young person of the program")
        STAFF = "staff", _("somebody of the program or school")
        OTHER = "other", _("somebody else")

    class Technique(models.TextChoices):
        LISTENING = "listening", _("active listening")
        QUESTIONS = "questions", _("open questions")
        MIND_MAP = "mind-map", _("a mind map")
        FORCE_FIELD = "force-field", _("what helps and what holds back")
        QUALITIES = "qualities", _("a profile of one's qualities")
        APPRECIATIVE = "appreciative", _("asking what works already")
        CAREERS = "careers", _("career scenarios")

    program = models.ForeignKey(Program, models.PROTECT, related_name="logs")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="logs")
    person = models.ForeignKey(Person, models.PROTECT, related_name="logs")
    happened = models.BooleanField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    cause = models.CharField(max_length=12, choices=Meeting.Cause, blank=True)
    began_at = models.DateTimeField(null=True, blank=True, help_text=_("when it began, if not as planned"))
    mode = models.CharField(max_length=10, choices=Mode, blank=True, default="", db_default="")
    place = models.CharField(max_length=120, blank=True, default="", db_default="")
    company = models.JSONField(default=list, blank=True, db_default=[], help_text=_("who else was there: kinds"))
    company_words = models.CharField(max_length=200, blank=True, default="", db_default="")
    activity = models.CharField(max_length=30, blank=True, default="", db_default="", help_text=_("code of its rule"))
    activity_words = models.CharField(max_length=500, blank=True, default="", db_default="")
    is_school_activity = models.BooleanField(default=False, db_default=False)
    is_new_experience = models.BooleanField(default=False, db_default=False)
    technique = models.CharField(max_length=12, choices=Technique, blank=True, default="", db_default="")
    shared = models.TextField(blank=True, default="", db_default="", help_text=_("what the other side may read"))
    is_good_practice = models.BooleanField(default=False, db_default=False, help_text=_("others may learn from it"))
    was_prepared = models.BooleanField(null=True, blank=True, help_text=_("the other side came prepared; staff alone"))
    feeling = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(blank=True)
    opinion = models.TextField(blank=True, default="", db_default="")
    level = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=6, choices=Source)
    logged_at = models.DateTimeField()
    is_suspect = models.BooleanField(default=False, help_text=_("unconfirmed: a machine may have pressed"))
    form_id = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_log_per_party")]

    def __str__(self):
        return f"{self.person} on {self.meeting}"


class FormerLog(models.Model):
    """What a log said before its writer said it anew. Never changed; as open as the log itself."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    log = models.ForeignKey(Log, models.CASCADE, related_name="former")
    said = models.JSONField(help_text=_("the fields of the log as they were"))
    form_id = models.CharField(max_length=40, blank=True)
    logged_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["replaced_at", "pk"]

    def __str__(self):
        return f"said at {self.logged_at:%Y-%m-%d %H:%M}"


class Attempt(models.Model):
    """That somebody tried to reach the other side and could not. It is no meeting, and nobody's miss."""

    class How(models.TextChoices):
        TEXT = "text", _("by text message")
        PHONE = "phone", _("by phone")
        EMAIL = "email", _("by e-mail")
        PERSON = "person", _("in person")
        SCHOOL = "school", _("through the school")
        OTHER = "other", _("another way")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.CASCADE, related_name="attempts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", help_text=_("who tried"))
    ref = RefField()
    on = models.DateField()
    how = models.CharField(max_length=6, choices=How)
    source = models.CharField(max_length=6, choices=Log.Source)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("empty: they did it themselves"),
    )  # fmt: skip
    form_id = models.CharField(max_length=40)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["match", "form_id"], name="one_attempt_per_press")]
        indexes = [models.Index(fields=["match", "-on"])]

    def __str__(self):
        return f"tried {self.how} on {self.on}"


class Alike(models.Model):
    """Two meetings of one pair that may be one, and what a person said of them. No row: nobody looked yet."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    first = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    second = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    is_one = models.BooleanField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="two_meetings_are_looked_at_once")]

    def __str__(self):
        return f"{self.first_id} and {self.second_id}: {'one' if self.is_one else 'two'}"
