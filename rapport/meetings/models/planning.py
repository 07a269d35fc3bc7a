"""What stands around a plan: who moved or cancelled what, what they want to talk about, a break, and free times."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.matches.models import Match
from rapport.meetings.models.meeting import Meeting
from rapport.people.models import Participant, Person
from rapport.programs.models import Program


class Rearrangement(models.Model):
    """That somebody moved or cancelled a meeting: who, when, and how long before. Never changed.

    No words: between an adult and a child they would be a way to write that nobody looks after.
    """

    class What(models.TextChoices):
        MOVED = "moved", _("moved")
        CANCELLED = "cancelled", _("called off")
        AGAIN = "again", _("on again")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="rearrangements")
    what = models.CharField(max_length=9, choices=What)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", help_text=_("whose wish it was"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("empty: they did it themselves"),
    )
    said_at = models.DateTimeField()
    was_at = models.DateTimeField()
    now_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["said_at", "pk"]

    def __str__(self):
        return f"{self.what} {self.was_at:%Y-%m-%d %H:%M}"

    @property
    def notice(self):
        """How long before the meeting it was said."""
        return self.was_at - self.said_at


class AgendaItem(models.Model):
    """What somebody wants to talk about next time, or what they agreed to do until then. It stays until it is done."""

    class Kind(models.TextChoices):
        TOPIC = "topic", _("to talk about")
        AGREED = "agreed", _("agreed to do")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.CASCADE, related_name="agenda")
    ref = RefField()
    kind = models.CharField(max_length=6, choices=Kind)
    words = models.CharField(max_length=300)
    said_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    for_staff_too = models.BooleanField(default=False, help_text=_("staff may read the words, too"))
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["match"], name="open_agenda", condition=Q(done_at=None))]
        ordering = ["made_at", "pk"]

    def __str__(self):
        return f"{self.kind} of {self.made_at:%Y-%m-%d}"


class HolidayPlan(models.Model):
    """What a pair does over one break: whether they are in touch and how, when they meet again, and who is there.

    The mentor says it, staff agree to it; until then it is a wish.
    """

    class Channel(models.TextChoices):
        PROGRAM = "program", _("a letter or card through the program")
        PHONE = "phone", _("a phone call at an agreed time")
        TEXT = "text", _("text messages")
        ONLINE = "online", _("a video call")
        MEET = "meet", _("they go on meeting")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.CASCADE, related_name="holiday_plans")
    ref = RefField()
    starts_on = models.DateField(help_text=_("first day of the break"))
    ends_on = models.DateField(help_text=_("its last day"))
    contact = models.BooleanField(null=True, blank=True)
    channel = models.CharField(max_length=7, choices=Channel, blank=True)
    back_on = models.DateField(null=True, blank=True)
    worries_to = models.CharField(max_length=200, blank=True, help_text=_("who answers worries meanwhile"))
    asked_at = models.DateTimeField(null=True, blank=True)
    said_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    welcomed_at = models.DateTimeField(null=True, blank=True, help_text=_("when they were welcomed back"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["match", "starts_on"], name="one_holiday_plan_per_break")]
        indexes = [models.Index(fields=["ends_on"], name="holiday_to_end", condition=Q(welcomed_at=None))]

    def __str__(self):
        return f"break of {self.starts_on}"


class FreeTime(models.Model):
    """When somebody could meet: hours of one weekday, in the program's time zone."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="free_times")
    weekday = models.PositiveSmallIntegerField(help_text=_("0 is Monday"))
    starts_at = models.TimeField()
    ends_at = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="free_time_ends_after_start"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="free_time_is_on_a_weekday"),
        ]
        ordering = ["weekday", "starts_at", "pk"]

    def __str__(self):
        return f"day {self.weekday}, {self.starts_at:%H:%M} to {self.ends_at:%H:%M}"
