"""What a participant must have before a match begins, how one asks for it, and what was found when they were met."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.astray import Astray, AstrayQuerySet
from rapport.core.refs import RefField
from rapport.people.models import Consent, Participant, Person
from rapport.programs.models import Program, Sourced


class GateQuerySet(AstrayQuerySet):
    def met(self, on: date):
        """Said to be met, not withdrawn, and valid on that day."""
        valid = Q(valid_until_on=None) | Q(valid_until_on__gte=on)
        return self.counted().filter(valid, is_met=True, met_on__lte=on)


class Gate(Astray):
    """One thing one participant must have, as staff last saw it. The trail keeps what was there before."""

    class Code(models.TextChoices):
        CLEARANCE = "clearance", _("background check")
        PERMISSION = "permission", _("guardian's permission")
        ASSENT = "assent", _("the young person's own yes")
        TRAINING = "training", _("training")
        GUARDIAN_TRAINING = "guardian-training", _("training of a guardian")
        INTERVIEW = "interview", _("interview")
        REFERENCES = "references", _("references")
        SUPERVISOR = "supervisor", _("an adult supervisor")
        CONSENT = "consent", _("own agreement to join")

    program = models.ForeignKey(Program, models.PROTECT, related_name="gates")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="gates")
    code = models.CharField(max_length=20, choices=Code)
    is_met = models.BooleanField(help_text=_("no: seen, and not clear, or withdrawn"))
    met_on = models.DateField(help_text=_("the day on the paper, or of the yes"))
    valid_until_on = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="gates_given")
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("empty: they said so themselves, by their link"),
    )  # fmt: skip
    seen_at = models.DateTimeField()
    how = models.CharField(max_length=120, blank=True, help_text=_("certificate seen, on paper, by phone"))
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, help_text=_("of training"))

    objects = GateQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "code"], name="one_gate_each")]
        indexes = [models.Index(fields=["program", "code", "valid_until_on"])]

    def __str__(self):
        return f"{self.get_code_display()} of {self.participant}"


class ConsentText(models.Model):
    """What somebody is asked to say yes or no to: one purpose, in one language. Never changed; a newer version is."""

    class Voice(models.TextChoices):
        CHILD = "child", _("a guardian, for a child")
        SELF = "self", _("for oneself")
        ADULT = "adult", _("a guardian, for what they say themselves")

    program = models.ForeignKey(Program, models.PROTECT, related_name="consent_texts")
    purpose = models.CharField(max_length=20, choices=Consent.Purpose)
    voice = models.CharField(max_length=5, choices=Voice)
    language = models.CharField(max_length=10)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    words = models.TextField()
    who_sees = models.CharField(max_length=300, help_text=_("who may see what is shared"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("empty: Rapport's own words, or those of the file that made the program"),
    )  # fmt: skip
    is_own = models.BooleanField(default=False, db_default=False, help_text=_("the program's own words, not Rapport's"))
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "purpose", "voice", "language", "version"], name="one_consent_text_per_version"
            )
        ]

    def __str__(self):
        return f"{self.purpose}, {self.language}, {self.version}"


class ConsentAskQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at=None)

    def unanswered(self):
        return self.open().filter(answered_at=None)


class ConsentAsk(models.Model):
    """Somebody is asked for permission for a child, or for their own yes: by a letter with a link, or on paper."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="consent_asks")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="consent_asks")
    person = models.ForeignKey(Person, models.PROTECT, related_name="consent_asks", help_text=_("who is asked"))
    ref = RefField()
    purposes = models.JSONField(default=list)
    of_own_words = models.BooleanField(
        default=False, db_default=False, help_text=_("a guardian: how far what they tell us themselves may go")
    )
    by_letter = models.BooleanField(default=False)
    counts_until_on = models.DateField(null=True, blank=True, help_text=_("the last day of a yes; empty: no end"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text=_("it reached somebody else"))
    form_id = models.CharField(max_length=40, unique=True)

    objects = ConsentAskQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["participant", "-made_at"], name="consent_ask_of")]

    def __str__(self):
        return f"permission for {self.subject}, asked of {self.person}"

    @property
    def is_own(self):
        """Whether they are asked for themselves: the participant, or a guardian about their own words."""
        return self.of_own_words or self.person_id == self.participant.person_id

    @property
    def subject(self):
        """Whom the words are about."""
        return self.person if self.of_own_words else self.participant.person

    @property
    def voice(self):
        if self.of_own_words:
            return ConsentText.Voice.ADULT
        return ConsentText.Voice.SELF if self.is_own else ConsentText.Voice.CHILD


class DecisionQuerySet(models.QuerySet):
    def last(self):
        """The last word on each participant."""
        newest = Decision.objects.filter(participant=models.OuterRef("participant")).order_by("-pk")
        return self.filter(pk=models.Subquery(newest.values("pk")[:1]))

    def holding_back(self, on: date):
        """Where the last word is that this is not the place for them, or not yet."""
        later = Q(says=Decision.Says.LATER) & (Q(look_again_on=None) | Q(look_again_on__gt=on))
        return self.last().filter(later | Q(says=Decision.Says.NOT_SUITABLE))


class Decision(models.Model):
    """Whether this program is the place for somebody, as a person decided. Never changed; a later row says otherwise.

    Its reason is for staff who may change participants, and goes into no letter (S3-39).
    """

    class Says(models.TextChoices):
        SUITABLE = "suitable", _("suitable")
        LATER = "later", _("not now, later")
        NOT_SUITABLE = "not-suitable", _("not the place for them")

    program = models.ForeignKey(Program, models.PROTECT, related_name="decisions")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="decisions")
    ref = RefField()
    says = models.CharField(max_length=12, choices=Says)
    reason = models.TextField(blank=True)
    referral = models.CharField(max_length=300, blank=True, help_text=_("what else may help them, and who told them"))
    look_again_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["participant", "-id"], name="decision_of")]

    def __str__(self):
        return f"{self.participant}: {self.get_says_display()}"

    def holds_back(self, on: date) -> bool:
        """Whether this word, where it is the last, keeps them out of matches on that day."""
        later = self.says == self.Says.LATER and (self.look_again_on is None or self.look_again_on > on)
        return later or self.says == self.Says.NOT_SUITABLE


class Leaving(models.Model):
    """Somebody takes part no longer: since when and why. All that was before stays."""

    class Why(models.TextChoices):
        WISH = "wish", _("their own wish")
        TIME = "time", _("no time for it now")
        MOVED = "moved", _("moved away, or left the school")
        DONE = "done", _("found what they came for")
        SILENT = "silent", _("cannot be reached any more")
        NOT_SUITABLE = "not-suitable", _("not the place for them")
        OTHER = "other", _("another reason")

    program = models.ForeignKey(Program, models.PROTECT, related_name="leavings")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="leavings")
    why = models.CharField(max_length=12, choices=Why)
    words = models.TextField(blank=True, help_text=_("for staff alone"))
    left_on = models.DateField(help_text=_("the last day"))
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant"], condition=Q(back_at=None), name="one_leaving_at_a_time")
        ]

    def __str__(self):
        return f"{self.participant} left on {self.left_on}"


class InterviewRule(Sourced):
    """One thing an interview looks at: in a mentor, what serves a goal of the program (S2-17); in a mentee, a need that
    the program is there for (S2-18)."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="interview_rules")
    side = models.CharField(max_length=6, choices=Participant.Side)
    code = models.SlugField(max_length=60)
    label = models.CharField(max_length=120)
    goal = models.CharField(max_length=120, blank=True, help_text=_("of a mentor: which goal of the program it serves"))
    steps = models.PositiveSmallIntegerField(
        default=1, help_text=_("of a mentee: so many steps before others, where the program chooses by needs")
    )
    is_on = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "side", "code"], name="one_interview_rule_each"),
        ]
        ordering = ["pk"]

    def __str__(self):
        return self.label


class Interview(models.Model):
    """What staff found when they met somebody at the beginning. Never changed; a later one says otherwise.

    Sensitive, level 3: a mentor's for who records clearances, a mentee's for who may change mentees. Nobody who takes
    part reads it, and nothing is decided by it.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="interviews")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="interviews")
    found = models.JSONField(default=dict, blank=True, help_text=_("by code: of a mentor 1 to 5, of a mentee's need 1"))
    words = models.TextField(blank=True)
    held_on = models.DateField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    is_last = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant"], condition=Q(is_last=True), name="one_last_interview_each")
        ]
        indexes = [models.Index(fields=["participant", "-id"], name="interviews_of")]

    def __str__(self):
        return f"{self.participant}, {self.held_on}"
