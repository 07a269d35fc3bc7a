"""A program: its sites, its promises, its limits, its calendar, and who works in it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.access.models import Role
from rapport.access.rights import Right
from rapport.core.refs import RefField
from rapport.programs import profiles
from rapport.programs.models.limits import Limits


class Party(models.TextChoices):
    """Whom something is owed to."""

    MENTOR = "mentor", _("mentor")
    MENTEE = "mentee", _("mentee")
    GUARDIAN = "guardian", _("guardian")
    SCHOOL = "school", _("school")
    TEAM_LEAD = "team-lead", _("team lead")


class Mode(models.TextChoices):
    """What kind of place a pair meets at."""

    SCHOOL = "school", _("at the school or site")
    PUBLIC = "public", _("in a public place")
    HOME = "home", _("at somebody's home")
    ONLINE = "online", _("online")
    PHONE = "phone", _("by phone")
    MESSAGES = "messages", _("by messages")
    OTHER = "other", _("somewhere else")


class Organization(models.Model):
    """Who hosts this install. People belong to it; its settings hold in each program that follows it there."""

    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=50, default="UTC", db_default="UTC", help_text=_("of new programs"))
    languages = models.JSONField(default=list, blank=True)
    words = models.JSONField(default=dict, blank=True)
    quiet_from = models.PositiveSmallIntegerField(null=True, blank=True)
    quiet_until = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self):
        return self.name


class ProgramQuerySet(models.QuerySet):
    has_limits = False

    def with_limits(self):
        """Each with its limits, in one query more."""
        chained = self._chain()
        chained.has_limits = True
        return chained

    def _clone(self):
        clone = super()._clone()
        clone.has_limits = self.has_limits
        return clone

    def _fetch_all(self):
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and self.has_limits and self._result_cache:
            limits = Limits.of([program.pk for program in self._result_cache], of=Limit, db=self.db)
            for program in self._result_cache:
                program._limits = limits[program.pk]

    def open(self):
        return self.filter(archived_at=None)

    def visible_to(self, user, right=Right.PROGRAM_VIEW, at=None):
        """Programs in which a live role of this user gives this right, in whatever scope."""
        at = at or timezone.now()
        held = Membership.objects.live(at).filter(user=user, role__grants__right=right)
        return self.filter(pk__in=held.values("program"))


class Program(models.Model):
    """One mentoring program, with all its settings in rows of its own."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="programs")
    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=120)
    profile = models.SlugField(max_length=50)
    time_zone = models.CharField(max_length=50, default="UTC")
    languages = models.JSONField(default=list)
    words = models.JSONField(default=dict, blank=True, help_text=_('own words, such as {"match": "buddies"}'))
    contact_line = models.CharField(max_length=200, blank=True, help_text=_("how participants reach the program"))
    adults_only = models.BooleanField(default=False)
    one_to_one = models.BooleanField(default=True)
    using_since_on = models.DateField(help_text=_("nothing before this day is due, late or counted"))
    follows = models.JSONField(default=list, blank=True, help_text=_("settings taken over from the organization"))
    quiet_start = models.BooleanField(default=False, help_text=_("everything outgoing waits for release"))
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ProgramQuerySet.as_manager()

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("portal:program", args=[self.slug])

    @property
    def zone(self):
        return ZoneInfo(self.time_zone)

    def limit(self, code):
        """One limit as days, hours, minutes (a timedelta) or a number; without a row here, what the profile says."""
        row = self.limits_by_code.get(code) or Limit(**profiles.limit_row(self.profile, code))
        return row.measure

    @property
    def limits_by_code(self):
        if not hasattr(self, "_limits"):
            self._limits = Limits.of([self.pk], of=Limit, db=self._state.db)[self.pk]
        return self._limits

    def word(self, noun):
        """The program's own word for a noun."""
        return self.words.get(noun, noun)


class Site(models.Model):
    """A place where pairs of a program meet: a school, a club, an office."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="sites")
    ref = RefField()
    name = models.CharField(max_length=120)
    emergency_numbers = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "name"], name="one_site_per_name")]

    def __str__(self):
        return self.name


class Sourced(models.Model):
    """A rule from practice shows where it comes from."""

    class Mark(models.TextChoices):
        SEEN = "V", _("seen in a public page")
        TOOLKIT = "O", _("seen in a toolkit that restates a standard")
        SEED = "S", _("asked for by the field")
        RECALLED = "R", _("recalled, to be checked")
        OURS = "D", _("our own choice")

    source = models.CharField(max_length=300)
    source_url = models.URLField(max_length=500, blank=True)
    mark = models.CharField(max_length=1, choices=Mark, default=Mark.OURS)

    class Meta:
        abstract = True


class Promise(Sourced):
    """What the program owes somebody in each match: how often, how long, until when.

    `first_days` lists pairs [due, late] of days after the start, in the first month; then one every `every` `unit`s.
    """

    class Kind(models.TextChoices):
        MEETING = "meeting", _("the pair meets")
        CHECK_IN = "check-in", _("we ask how it goes")
        TALK = "talk", _("we talk with them")
        AIM = "aim", _("the pair aims at")

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        WEEKS = "weeks", _("weeks")
        MONTHS = "months", _("months")

    class Asks(models.TextChoices):
        HOW_IT_GOES = "", _("how it goes")
        IN_TOUCH = "in-touch", _("whether they have been in touch since the event")
        WHERE_NOW = "where-now", _("where they are now, and whether they are still in touch")

    program = models.ForeignKey(Program, models.CASCADE, related_name="promises")
    code = models.SlugField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    party = models.CharField(max_length=10, choices=Party, blank=True)
    is_on = models.BooleanField(default=True)
    why_off = models.CharField(max_length=200, blank=True)
    first_days = models.JSONField(default=list, blank=True)
    every = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=6, choices=Unit, blank=True)
    grace_days = models.PositiveSmallIntegerField(default=7)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("length of one meeting"))
    hours_a_month = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    until_month = models.PositiveSmallIntegerField(null=True, blank=True)
    asks = models.CharField(max_length=10, choices=Asks, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_promise_per_code")]

    def __str__(self):
        return self.code


class Limit(Sourced):
    """A number from practice, as a row: a wait, a count, an hour of the day."""

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        HOURS = "hours", _("hours")
        MINUTES = "minutes", _("minutes")
        WORKDAYS = "workdays", _("working days")
        OPEN_DAYS = "open-days", _("open days")
        YEARS = "years", _("years")
        COUNT = "count", _("times")
        PERCENT = "percent", _("per cent")
        OCLOCK = "oclock", _("o'clock")

    program = models.ForeignKey(Program, models.CASCADE, related_name="limits")
    code = models.SlugField(max_length=60)
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=9, choices=Unit)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_limit_per_code")]

    def __str__(self):
        return f"{self.code}: {self.value} {self.get_unit_display()}"

    @property
    def measure(self):
        """A timedelta for days, hours and minutes; the plain number otherwise."""
        time = {self.Unit.DAYS: "days", self.Unit.HOURS: "hours", self.Unit.MINUTES: "minutes"}
        return timedelta(**{time[self.unit]: self.value}) if self.unit in time else self.value


class GateRule(Sourced):
    """What a participant must have before a match begins."""

    class Weight(models.TextChoices):
        HARD = "hard", _("must be met")
        SOFT = "soft", _("should be met")
        OFF = "off", _("not asked for")

    program = models.ForeignKey(Program, models.CASCADE, related_name="gate_rules")
    side = models.CharField(max_length=10, choices=Party)
    code = models.SlugField(max_length=40)
    weight = models.CharField(max_length=4, choices=Weight, default=Weight.HARD)
    minors_only = models.BooleanField(default=False, help_text=_("asked only where the match has a minor in it"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "side", "code"], name="one_gate_rule_each")]

    def __str__(self):
        return f"{self.side}: {self.code}"


class PointRule(Sourced):
    """What must be ticked before a match starts or closes, in the order of the rows."""

    class Moment(models.TextChoices):
        BEGIN = "begin", _("before it starts")
        CLOSE = "close", _("before it ends")

    program = models.ForeignKey(Program, models.CASCADE, related_name="point_rules")
    moment = models.CharField(max_length=5, choices=Moment)
    code = models.SlugField(max_length=60)
    label = models.CharField(max_length=200)
    is_required = models.BooleanField(default=True)
    needs_words = models.BooleanField(default=False, help_text=_("ticked with a few words, not by itself"))
    minors_only = models.BooleanField(default=False, help_text=_("asked only where the match has a minor in it"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "moment", "code"], name="one_point_rule_each")]
        ordering = ["pk"]

    def __str__(self):
        return self.label


class ActivityRule(Sourced):
    """One kind of thing that pairs do together: fine, looked at by staff afterwards, or not what the program does."""

    class Says(models.TextChoices):
        YES = "yes", _("yes")
        REVIEW = "review", _("staff look at it")
        NO = "no", _("not in this program")

    program = models.ForeignKey(Program, models.CASCADE, related_name="activity_rules")
    code = models.CharField(max_length=30)
    label = models.CharField(max_length=80)
    says = models.CharField(max_length=6, choices=Says, default=Says.YES)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_activity_rule_each")]
        ordering = ["pk"]

    def __str__(self):
        return f"{self.label}: {self.says}"


class StarterRule(Sourced):
    """One way to begin a talk again after an event, as the letter to mentors or to mentees says it (S4-37)."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="starter_rules")
    party = models.CharField(max_length=10, choices=Party)
    code = models.CharField(max_length=30)
    words = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "party", "code"], name="one_starter_each")]
        ordering = ["pk"]

    def __str__(self):
        return self.words


class MembershipQuerySet(models.QuerySet):
    def live(self, at):
        """Begun, not ended, and its user may still sign in."""
        return self.filter(starts_at__lte=at, user__is_active=True).filter(Q(ends_at=None) | Q(ends_at__gt=at))

    def giving(self, right, scope):
        return self.filter(role__grants__right=right, role__grants__scope=scope)

    def staff(self):
        return self.filter(role__is_staff=True)


class Membership(models.Model):
    """A user's role in a program, from a moment to a moment; where it has a site, site rights reach that site."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    program = models.ForeignKey(Program, models.PROTECT, related_name="memberships")
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="memberships")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "program", "role"], condition=Q(ends_at=None, site=None), name="one_membership_each"
            ),
            models.UniqueConstraint(
                fields=["user", "program", "role", "site"],
                condition=Q(ends_at=None),
                name="one_membership_each_of_a_site",
            ),
        ]
        indexes = [models.Index(fields=["user", "program"])]

    def __str__(self):
        return f"{self.user}, {self.role} of {self.program}"


def works_here(user, at):
    """Whether somebody holds a role of staff in any program."""
    return Membership.objects.live(at).staff().filter(user=user).exists()
