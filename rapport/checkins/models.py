"""Asking how it goes: what is owed to whom, one ask per person, the answers, and talks instead of forms."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.due import Due, DueQuerySet, at_most_one_fact
from rapport.core.refs import RefField
from rapport.matches.models import Match, taken_back, torn
from rapport.people.models import Person
from rapport.programs.models import Party, Program, Promise


class AskQuerySet(models.QuerySet):
    def waiting(self):
        """Sent or to be sent, and neither answered nor handed over."""
        return self.filter(state__in=Ask.WAITING)

    def due(self, at):
        return self.waiting().filter(next_at__lte=at)

    def taking_answers(self, at):
        """Those to which an answer may still come or be replaced, handed over or not."""
        return self.exclude(state__in=Ask.OVER).filter(Q(closes_at=None) | Q(closes_at__gt=at))

    def reached(self):
        """Those that went out, or were meant to."""
        return self.filter(sent_at__isnull=False)


class Ask(models.Model):
    """Everything one person is asked at one time: one link, one card per child or match. It is the ask that steps."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("to be sent")
        SENT = "sent", _("sent")
        REMINDED = "reminded", _("reminded")
        HANDED_OVER = "handed-over", _("somebody talks instead")
        ANSWERED = "answered", _("answered")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CLOSED = "closed", _("over")

    WAITING = [State.SCHEDULED, State.SENT, State.REMINDED]
    OVER = [State.WITHDRAWN, State.CLOSED]

    program = models.ForeignKey(Program, models.PROTECT, related_name="asks")
    person = models.ForeignKey(Person, models.PROTECT, related_name="asks")
    ref = RefField()
    state = models.CharField(max_length=12, choices=State, default=State.SCHEDULED)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True, help_text=_("when the clock must act next"))
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True, help_text=_("answers may be replaced until then"))

    objects = AskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "person"],
                condition=Q(state__in=["scheduled", "sent", "reminded"]),
                name="one_ask_at_a_time",
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], name="ask_next", condition=Q(state__in=["scheduled", "sent", "reminded"])),
            models.Index(fields=["person", "program", "-made_at"], name="ask_of_person"),
        ]

    def __str__(self):
        return f"ask of {self.person}"

    def takes_answers(self, at):
        """Whether it is one of `taking_answers`."""
        return self.state not in self.OVER and (self.closes_at is None or at < self.closes_at)


class RestQuerySet(models.QuerySet):
    def running(self, at):
        return self.filter(ended_at=None, since_at__lte=at).filter(Q(until_at=None) | Q(until_at__gt=at))


class Rest(models.Model):
    """For now a person is not asked by message: they said so, nobody answered, or the address is somebody else's."""

    class Why(models.TextChoices):
        WISH = "wish", _("they would rather not be asked this month")
        UNANSWERED = "unanswered", _("two asks in a row stayed without an answer")
        NOT_ME = "not-me", _("somebody else reads that address")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True, help_text=_("empty: until somebody chooses anew"))
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "person"], condition=Q(ended_at=None), name="one_rest_at_a_time")
        ]

    def __str__(self):
        return f"{self.person}: {self.get_why_display()}"


class Rhythm(models.Model):
    """When the clock must look at a match again because something it owes comes near. An idle match costs nothing."""

    match = models.OneToOneField(Match, models.CASCADE, related_name="rhythm")
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    looked_until_at = models.DateTimeField(
        null=True, blank=True, help_text=_("every check-in that came near until then has its row")
    )
    next_at = models.DateTimeField(null=True, blank=True, help_text=_("empty: the match is over"))

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="rhythm_next", condition=Q(next_at__isnull=False))]

    def __str__(self):
        return f"rhythm of match {self.match_id}"


class CheckInQuerySet(DueQuerySet):
    def open(self):
        return self.filter(state=CheckIn.State.OPEN)

    def asking(self, at):
        """Still open, not yet over, and about a pair that meets now: not resting, not ended, its checks confirmed, no
        permission of it taken back, nobody in it kept away from another."""
        mine = self.open().filter(match__state=Match.State.ACTIVE, match__awaits_checks=False)
        mine = mine.exclude(torn(models.OuterRef("match"), at) | taken_back(models.OuterRef("match"), at))
        return mine.filter(Q(lapses_at=None) | Q(lapses_at__gt=at))

    def of_open_matches(self):
        """Those of a pair that has not ended, though it may rest."""
        return self.filter(match__state__in=Match.OPEN)


class CheckIn(Due):
    """One matter one person is owed about one match: open, answered, talked or lapsed."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        TALKED = "talked", _("talked about")
        LAPSED = "lapsed", _("lapsed")

    program = models.ForeignKey(Program, models.PROTECT, related_name="check_ins")
    match = models.ForeignKey(Match, models.PROTECT, related_name="check_ins")
    person = models.ForeignKey(Person, models.PROTECT, related_name="check_ins")
    party = models.CharField(max_length=10, choices=Party)
    promise = models.ForeignKey(Promise, models.SET_NULL, null=True, related_name="check_ins")
    instance = models.PositiveSmallIntegerField(help_text=_("the day of the match it is due on, from 0"))
    ask = models.ForeignKey(Ask, models.SET_NULL, null=True, blank=True, related_name="check_ins")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["match", "person", "party", "instance"], name="one_check_in_each"),
            at_most_one_fact("check_in_has_one_outcome"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="check_in_open", condition=Q(state="open")),
            models.Index(fields=["program", "due_at"], name="check_in_to_ask", condition=Q(state="open", ask=None)),
            models.Index(fields=["lapses_at"], name="check_in_to_lapse", condition=Q(state="open")),
            models.Index(fields=["match", "-due_at"]),
            models.Index(fields=["person", "state"]),
        ]

    def __str__(self):
        return f"check-in {self.instance} with {self.person}"


class Answer(models.Model):
    """What one person said to one check-in. A later answer of theirs replaces it; nothing is taken away."""

    class Worry(models.TextChoices):
        YES = "yes", _("Yes")
        NOT_SURE = "not-sure", _("Not sure")
        NO = "no", _("No")

    class InTouch(models.TextChoices):
        YES = "yes", _("Yes")
        NOT_YET = "not-yet", _("Not yet")
        UNSURE = "unsure", _("I don't know")

    class Now(models.TextChoices):
        SCHOOL = "school", _("At school")
        STUDYING = "studying", _("Studying")
        TRAINING = "training", _("Learning a trade")
        WORKING = "working", _("Working")
        LOOKING = "looking", _("Looking for something")
        ELSE = "else", _("Something else")

    program = models.ForeignKey(Program, models.PROTECT, related_name="answers")
    check_in = models.ForeignKey(CheckIn, models.PROTECT, related_name="answers")
    feeling = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("1 to 5; empty: does not know"))
    worry = models.CharField(max_length=8, choices=Worry, blank=True)  # level 4, and so are its words
    words = models.TextField(blank=True)
    in_touch = models.CharField(max_length=8, choices=InTouch, blank=True, default="", db_default="")
    now = models.CharField(max_length=10, choices=Now, blank=True, default="", db_default="")
    news = models.TextField(blank=True, default="", db_default="", help_text=_("what they told of themselves"))
    level = models.PositiveSmallIntegerField(default=2)  # of the feeling, of whether in touch, and of their news
    source = models.CharField(max_length=20, default="link", help_text=_("link, paper, phone, person, interpreter"))
    said_on = models.DateField(null=True, blank=True, help_text=_("the day of the sheet or the talk"))
    witness = models.CharField(max_length=120, blank=True, help_text=_("who interpreted"))
    answered_at = models.DateTimeField()
    is_suspect = models.BooleanField(default=False, help_text=_("unconfirmed: a machine may have pressed"))
    replaced_at = models.DateTimeField(null=True, blank=True)
    form_id = models.CharField(max_length=40, help_text=_("one press of the button is one answer"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_in", "form_id"], name="one_answer_per_press"),
            models.UniqueConstraint(fields=["check_in"], condition=Q(replaced_at=None), name="one_answer_stands"),
        ]

    def __str__(self):
        return f"answer to {self.check_in}"


class Conversation(models.Model):
    """A live talk with one person, planned or in a corridor."""

    class How(models.TextChoices):
        PHONE = "phone", _("Phone")
        IN_PERSON = "in-person", _("In person")
        VIDEO = "video", _("Video")
        MESSAGE = "message", _("Message")
        NO_ANSWER = "no-answer", _("Tried, no answer")
        BEFORE = "before", _("before Rapport, from a list")

    program = models.ForeignKey(Program, models.PROTECT, related_name="conversations")
    ref = RefField()
    match = models.ForeignKey(Match, models.PROTECT, null=True, blank=True, related_name="conversations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="conversations")
    how = models.CharField(max_length=10, choices=How)
    words = models.TextField(blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True, blank=True)
    explained_at = models.DateTimeField(
        null=True, blank=True, help_text=_("when it was said first who reads this, and what cannot stay secret")
    )
    level = models.PositiveSmallIntegerField(default=2)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conversations")
    form_id = models.CharField(max_length=40, unique=True)

    class Meta:
        indexes = [models.Index(fields=["match", "-at"]), models.Index(fields=["person", "-at"])]

    def __str__(self):
        return f"talk with {self.person} on {self.at:%Y-%m-%d}"

    LIVE = [How.PHONE, How.IN_PERSON, How.VIDEO]  # one speaks, and so says first what becomes of it

    @property
    def reached(self):
        return self.how != self.How.NO_ANSWER
