"""Safety: who is on duty, what a lead must read today, and sealed concerns with all that was done."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rapport.access.rights import Right
from rapport.core.about import About, AboutQuerySet
from rapport.core.due import Due, DueQuerySet, at_most_one_fact
from rapport.core.refs import RefField
from rapport.matches.models import Match, Member, Pause
from rapport.people.models import Guardianship, Person, Restriction, kept_from
from rapport.programs.models import Membership, Program


class Duty(models.Model):
    """Who reads worries in a program. Until it is whole, no worry question goes out (`readiness`)."""

    program = models.OneToOneField(Program, models.PROTECT, related_name="duty")
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    second_lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    cover = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("stands in when both are away"),
    )
    outside_contact = models.CharField(max_length=200, blank=True, help_text=_("a name and number outside the house"))
    read_by = models.TimeField(null=True, blank=True, help_text=_("worries of a working day are read by this time"))
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    def __str__(self):
        return f"duty of {self.program}"


def without_conflict(rows, user, at, person):
    """Leave out what this user is a party to: as `person`, in a match with them, as guardian of a child, or kept away.

    A match counts whether or not the row names it, and for good: a former mentor of the child is a party, too.
    """
    children = Guardianship.objects.living_somewhere(at).filter(adult__user=user).values("child")
    kept_away = Restriction.objects.live_at(at).filter(kept_away__user=user).values("subject")
    near = Q(participant__person__user=user) | Q(participant__person__in=children)
    matches = Member.objects.filter(near | Q(participant__person__in=kept_away)).values("match")
    own = Q(**{f"{person}__user": user}) | Q(**{f"{person}__in": children}) | Q(**{f"{person}__in": kept_away})
    beside = Member.objects.filter(match__in=matches).values("participant__person")
    return rows.exclude(match__in=matches).exclude(own).exclude(**{f"{person}__in": beside})


def led_by(user, at):
    return Program.objects.visible_to(user, Right.CONCERN_LEAD, at)


class TriageQuerySet(AboutQuerySet, DueQuerySet):  # type: ignore[override]
    def open(self):
        return self.untouched()

    def visible_to(self, user, at):
        """For the leads of its program, none of them a party to it."""
        return self.filter(program__in=led_by(user, at)).not_about(user, at)

    def not_about(self, user, at):
        return without_conflict(self, user, at, "person")

    def climbing(self, at):
        return self.open().filter(read_at=None, next_at__lte=at)


class TriageItem(About, Due):
    """Something a lead must read today: "not sure", an uneasy feeling. `about` is the answer it came from."""

    class Outcome(models.TextChoices):
        TALKED = "talked", _("talked with them, nothing more needed")
        WATCH = "watch", _("talk again soon")
        CONCERN = "concern", _("raised as a concern")

    program = models.ForeignKey(Program, models.PROTECT, related_name="triage_items")
    ref = RefField()
    match = models.ForeignKey(Match, models.PROTECT, null=True, blank=True, related_name="triage_items")
    person = models.ForeignKey(Person, models.PROTECT, related_name="triage_items", help_text=_("who said it"))
    cause_key = models.CharField(max_length=200, unique=True)
    came_at = models.DateTimeField()
    what = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    next_rung = models.PositiveSmallIntegerField(default=0, help_text=_("how far its ladder has climbed"))
    next_at = models.DateTimeField(null=True, blank=True, help_text=_("when the clock must climb on"))

    objects = TriageQuerySet.as_manager()

    class Meta:
        constraints = [at_most_one_fact("triage_has_one_outcome")]
        indexes = [*About.Meta.indexes, models.Index(fields=["program", "due_at"]), models.Index(fields=["next_at"])]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("safeguarding:worry", args=[self.program.slug, self.ref])


class ConcernQuerySet(AboutQuerySet):
    def open(self):
        return self.exclude(state=Concern.State.CLOSED)

    def visible_to(self, user, at):
        """For the leads of its program and those named on it; never for the accused or another party."""
        here = Membership.objects.live(at).filter(user=user).values("program")
        named = Concern.named.through.objects.filter(user=user).values("concern")
        allowed = Q(program__in=led_by(user, at)) | Q(program__in=here, pk__in=named)
        return self.filter(allowed).not_about(user, at)

    def not_about(self, user, at):
        """Without those that accuse this user, to which this user is a party, or that somebody raised from whom this
        user is kept away."""
        accused = Concern.accused.through.objects.filter(person__user=user).values("concern")
        theirs = self.exclude(pk__in=accused).exclude(raised_by__in=kept_from(user, at))
        return without_conflict(theirs, user, at, "subject")

    def climbing(self, at):
        """Nobody has read them, and their next rung is due."""
        return self.filter(acknowledged_at=None, closed_at=None, next_at__lte=at)


class Concern(About):
    """A safety concern, sealed: seen by the leads and those named on it, by nobody else, not even as a number."""

    class State(models.TextChoices):
        RAISED = "raised", _("raised")
        ACKNOWLEDGED = "acknowledged", _("read by a lead")
        EXPLORING = "exploring", _("exploring")
        ACTION = "action", _("acting")
        MONITORING = "monitoring", _("watching over it")
        CLOSED = "closed", _("closed")

    class Risk(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")
        IMMEDIATE = "immediate", _("immediate danger")

    program = models.ForeignKey(Program, models.PROTECT, related_name="concerns")
    ref = RefField()
    match = models.ForeignKey(Match, models.PROTECT, null=True, blank=True, related_name="concerns")
    subject = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="concerns", help_text=_("who may be unsafe")
    )
    accused = models.ManyToManyField(Person, blank=True, related_name="+", help_text=_("never see or handle it"))
    raised_by_label = models.CharField(max_length=200)
    raised_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="concerns_raised")
    raised_at = models.DateTimeField()
    cause_key = models.CharField(max_length=200, unique=True)
    words = models.TextField(help_text=_("their own words, copied: the source may change"))
    state = models.CharField(max_length=14, choices=State, default=State.RAISED)
    risk = models.CharField(max_length=10, choices=Risk, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    next_rung = models.PositiveSmallIntegerField(default=0, help_text=_("how far its ladder has climbed"))
    next_at = models.DateTimeField(null=True, blank=True, help_text=_("when the clock must climb on"))
    hold = models.ForeignKey(Pause, models.PROTECT, null=True, blank=True, related_name="+")
    who_may_be_told = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    named = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")

    objects = ConcernQuerySet.as_manager()

    class Meta:
        indexes = [*About.Meta.indexes, models.Index(fields=["program", "state"]), models.Index(fields=["next_at"])]

    def __str__(self):
        return f"concern {self.ref}"

    def get_absolute_url(self):
        return reverse("safeguarding:concern", args=[self.program.slug, self.ref])

    @property
    def is_open(self):
        return self.state != self.State.CLOSED


SAYS = {  # how the file tells each entry
    "raised": _("Raised"),
    "told": _("Also told"),
    "climbed": _("On its way"),
    "acknowledged": _("Read"),
    "weighed": _("Weighed"),
    "noted": _("Noted"),
    "who may be told": _("Who may be told"),
    "kept from": _("Kept from"),
    "named": _("Opened for"),
    "contact held": _("Contact held"),
    "contact let go": _("They may meet again"),
    "called outside": _("The contact outside was called"),
    "given back": _("Given back: it is about whoever had it"),
    "handed on": _("Handed on to"),
    "closed": _("Closed"),
}


class Entry(models.Model):
    """One thing done or said about a concern. Never changed, never taken away."""

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.verb} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def says(self):
        return SAYS.get(self.verb, self.verb)

    @property
    def kind(self):
        """Its dot on the timeline."""
        return {"noted": "talk", "climbed": "unknown", "told": "unknown"}.get(self.verb, "done")
