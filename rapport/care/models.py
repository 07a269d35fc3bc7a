"""How each match is, and why: findings, kept fresh by the clock."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.matches.models import Match
from rapport.people.models import Person
from rapport.programs.models import Program
from rapport.tasks.models import Task


class StandingQuerySet(models.QuerySet):
    def to_look_at(self, at):
        return self.filter(next_look_at__lte=at)


class Standing(models.Model):
    """When the clock last looked at a match, when it must look again, and since when its child waits."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.OneToOneField(Match, models.CASCADE, related_name="standing")
    looked_at = models.DateTimeField(null=True, blank=True)
    next_look_at = models.DateTimeField(null=True, blank=True)
    waiting_since_on = models.DateField(null=True, blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_look_at"])]

    def __str__(self):
        return f"look at {self.match_id}"


class TimeKept(models.Model):
    """How one match lately did against what was promised, kept by the clock for the figures of many.

    Of the last open days that the program weighs time together over; where so many do not lie behind them, from their
    beginning on.
    """

    class State(models.TextChoices):
        HELP = "help", _("surely below the lower share")
        WATCH = "watch", _("surely below the higher share")
        KEPT = "kept", _("kept")
        UNKNOWN = "unknown", _("too little is known")
        EARLY = "early", _("too early to say, or nothing was promised")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.OneToOneField(Match, models.CASCADE, related_name="time_kept")
    as_of = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True, help_text=_("when the clock must reckon anew"))
    state = models.CharField(max_length=7, choices=State, default=State.EARLY)
    meetings = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    minutes = models.PositiveIntegerField(default=0)
    promised_minutes = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["next_at"]), models.Index(fields=["program", "state"])]

    def __str__(self):
        return f"{self.state} as of {self.as_of}"


class Watermark(models.Model):
    """The last row of a table that `care` has seen: what came after it brings its match to be looked at at once."""

    name = models.CharField(max_length=40, primary_key=True)
    seen = models.BigIntegerField(default=0)

    def __str__(self):
        return f"{self.name} {self.seen}"


class FindingQuerySet(models.QuerySet):
    def now(self):
        """Those that stand."""
        return self.filter(gone_at=None)


class Finding(models.Model):
    """One rule's result about one match, with its facts and the highest level of what it rests on."""

    class Says(models.TextChoices):
        THRIVING = "thriving", _("Thriving")
        STEADY = "steady", _("Steady")
        WATCH = "watch", _("Watch")
        HELP = "help", _("Needs help")
        UNKNOWN = "unknown", _("Unknown")

    program = models.ForeignKey(Program, models.PROTECT, related_name="findings")
    match = models.ForeignKey(Match, models.CASCADE, related_name="findings")
    rule = models.SlugField(max_length=60)
    says = models.CharField(max_length=10, choices=Says)
    sentence = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    level = models.PositiveSmallIntegerField(default=1)
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["match", "rule"], condition=models.Q(gone_at=None), name="one_standing_finding_per_rule"
            )
        ]
        indexes = [models.Index(fields=["program", "says"])]

    def __str__(self):
        return self.sentence


class HandOverQuerySet(models.QuerySet):
    def waiting(self):
        """Nobody has said yes or no to them."""
        return self.filter(state=HandOver.State.WAITING)

    def of(self, user):
        """Given to this user, or by them."""
        return self.filter(Q(to=user) | Q(by=user))

    def to_tell(self, program):
        """Those of this program that wait, with who is in it and how much it is."""
        rows = self.waiting().filter(program=program).select_related("leaver", "to", "by")
        pairs, things = Count("matches", distinct=True), Count("tasks", distinct=True)
        return rows.annotate(pairs=pairs, things=things).order_by("given_at", "pk")


class HandOver(models.Model):
    """What somebody who left had in hand, given to a colleague: theirs at once, and for good when they say so."""

    class State(models.TextChoices):
        WAITING = "waiting", _("not accepted yet")
        ACCEPTED = "accepted", _("accepted")
        GIVEN_BACK = "given-back", _("given back")
        PASSED_ON = "passed-on", _("passed on, for they left, too")

    program = models.ForeignKey(Program, models.PROTECT, related_name="hand_overs")
    ref = RefField()
    leaver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    settled_at = models.DateTimeField(null=True, blank=True)
    matches = models.ManyToManyField(Match, blank=True, related_name="+")
    tasks = models.ManyToManyField(Task, blank=True, related_name="+")

    objects = HandOverQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "state"])]

    def __str__(self):
        return f"{self.leaver} to {self.to}: {self.get_state_display()}"

    @property
    def in_hand(self):
        """So many pairs and things, as the desk tells of it (`to_tell`)."""
        pairs = ngettext("%(n)d open match", "%(n)d open matches", self.pairs) % {"n": self.pairs}
        things = ngettext("%(n)d task", "%(n)d tasks", self.things) % {"n": self.things}
        if self.pairs and self.things:
            return gettext("%(pairs)s and %(things)s") % {"pairs": pairs, "things": things}
        return pairs if self.pairs else things


class ReachPlanQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at=None)


class ReachPlan(models.Model):
    """Somebody cannot be reached just now, and the steps to find a way again. It ends by itself when one works."""

    class Why(models.TextChoices):
        SILENT = "silent", _("nothing arrives on any way we know")
        SAID = "said", _("a colleague said so")

    class End(models.TextChoices):
        ARRIVED = "arrived", _("a message arrived")
        TALKED = "talked", _("there was a talk")
        SAID = "said", _("a colleague said so")

    program = models.ForeignKey(Program, models.PROTECT, related_name="reach_plans")
    person = models.ForeignKey(Person, models.PROTECT, related_name="reach_plans")
    ref = RefField()
    why = models.CharField(max_length=6, choices=Why)
    words = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    end = models.CharField(max_length=7, choices=End, blank=True)

    objects = ReachPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "person"], condition=Q(closed_at=None), name="one_open_reach_plan_each"
            )
        ]
        indexes = [models.Index(fields=["person", "-opened_at"])]

    def __str__(self):
        return f"finding a way to {self.person}"


class ReachStep(models.Model):
    """One step of such a plan: what to try, by which day, and who tried it."""

    class Code(models.TextChoices):
        ANOTHER_WAY = "another-way", _("try another way")
        OTHER_GUARDIAN = "other-guardian", _("ask another adult who is told")
        SCHOOL = "school", _("ask through the school or the site")
        LETTER = "letter", _("write a letter home")
        PICK_UP = "pick-up", _("be there at pick-up")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    plan = models.ForeignKey(ReachPlan, models.CASCADE, related_name="steps")
    code = models.CharField(max_length=14, choices=Code)
    due_on = models.DateField()
    tried_at = models.DateTimeField(null=True, blank=True)
    tried_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="one_step_of_each_kind")]
        indexes = [models.Index(fields=["plan", "due_on"])]

    def __str__(self):
        return f"{self.get_code_display()} by {self.due_on}"
