"""What two people agree on before they go on: its clauses, its versions, what each proposed, and who signed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.astray import Astray, AstrayQuerySet
from rapport.core.refs import RefField
from rapport.matches.models.match import Match
from rapport.matches.models.milestones import Listed
from rapport.people.models import Person
from rapport.programs.models import Program, Promise, Sourced


class SignedBy(models.TextChoices):
    """In which role somebody signs."""

    MENTOR = "mentor", _("mentor")
    MENTEE = "mentee", _("mentee")
    GUARDIAN = "guardian", _("guardian")
    COORDINATOR = "coordinator", _("coordinator")


class ClauseRule(Listed):
    """A section that the agreements of a program have, whose words are its texts."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="clause_rules")
    is_required = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_clause_rule_each")]
        ordering = ["pk"]


class SignerRule(Sourced):
    """Who must sign the agreements of a program. Of several guardians each is asked; how many must is said here."""

    class Needs(models.TextChoices):
        EACH = "each", _("each of them")
        ONE = "one", _("at least one of them")

    program = models.ForeignKey(Program, models.CASCADE, related_name="signer_rules")
    party = models.CharField(max_length=11, choices=SignedBy)
    needs = models.CharField(max_length=4, choices=Needs, default=Needs.EACH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "party"], name="one_signer_rule_each")]
        ordering = ["pk"]

    def __str__(self):
        return f"{self.party}: {self.needs}"


class ClauseText(models.Model):
    """The words of one section in one language. Never changed; a newer version is."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="clause_texts")
    code = models.SlugField(max_length=40)
    language = models.CharField(max_length=10)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    words = models.TextField()
    is_own = models.BooleanField(default=False, help_text=_("the program's own words, not Rapport's"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "code", "language", "version"], name="one_clause_text_per_version"
            )
        ]

    def __str__(self):
        return f"{self.code}, {self.language}, {self.version}"


class Terms(models.Model):
    """What a pair settles for itself. What is left empty is not promised."""

    every = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=6, choices=Promise.Unit, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    hours_a_month = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    channels = models.CharField(max_length=200, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    notice_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    goals = models.CharField(max_length=500, blank=True)
    rules = models.TextField(blank=True, help_text=_("rules of their own"))
    overlap = models.CharField(
        max_length=5, blank=True, choices=[("none", _("none")), ("noted", _("there is one, and this is how it goes"))]
    )
    overlap_words = models.CharField(max_length=300, blank=True)

    TERMS = [
        "every", "unit", "minutes", "hours_a_month", "starts_on", "ends_on", "place", "channels", "hours",
        "notice_hours", "goals", "rules", "overlap", "overlap_words",
    ]  # fmt: skip

    class Meta:
        abstract = True

    @property
    def terms(self):
        return {name: getattr(self, name) for name in self.TERMS}


class AgreementQuerySet(models.QuerySet):
    def standing(self):
        """What is out for signature, or signed and not replaced."""
        return self.filter(state__in=[Agreement.State.OUT, Agreement.State.SIGNED])


class Agreement(Terms):
    """One version of how a pair goes about it. From its sending on its words stand still; a change is a new version."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        OUT = "out", _("out for signature")
        SIGNED = "signed", _("signed")
        REPLACED = "replaced", _("replaced")

    program = models.ForeignKey(Program, models.PROTECT, related_name="agreements")
    match = models.ForeignKey(Match, models.PROTECT, related_name="agreements")
    ref = RefField()
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    texts = models.JSONField(
        default=dict, blank=True, help_text=_("by language and code: which version of each clause")
    )
    why = models.CharField(max_length=200, blank=True, help_text=_("why there is a new version"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True, help_text=_("the day from which it holds"))
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["match", "number"], name="one_agreement_of_each_number"),
            models.UniqueConstraint(
                fields=["match", "state"], condition=~Q(state="replaced"), name="one_agreement_in_each_state"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None) | Q(sent_at__isnull=False) & ~Q(state="draft"),
                name="an_agreement_is_a_draft_until_it_is_sent",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_on=None) | Q(signed_at__isnull=False, signed_on__isnull=False),
                name="an_agreement_is_signed_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["program", "sent_at", "id"], name="agreements_out", condition=Q(state="out")),
            models.Index(fields=["program", "signed_on", "id"], name="agreements_signed", condition=Q(state="signed")),
        ]
        ordering = ["number"]

    def __str__(self):
        return f"agreement {self.number} of {self.match_id}"


class Proposal(models.Model):
    """Words that one of a pair would like in their agreement. They stay as they were said, whatever becomes of them."""

    class Fate(models.TextChoices):
        OPEN = "", _("not looked at yet")
        TAKEN = "taken", _("taken in")
        NOT_TAKEN = "not-taken", _("not taken in")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="proposals")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ref = RefField()
    section = models.SlugField(max_length=40)
    words = models.CharField(max_length=1000)
    way = models.CharField(max_length=5, default="link")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    fate = models.CharField(max_length=9, choices=Fate, blank=True)
    reply = models.CharField(max_length=500, blank=True, help_text=_("what is said back to them"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    form_id = models.CharField(max_length=60, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fate="", decided_at=None) | ~Q(fate="") & Q(decided_at__isnull=False),
                name="a_proposal_is_decided_at_a_moment",
            )
        ]
        ordering = ["pk"]

    def __str__(self):
        return self.words


class SignAsk(models.Model):
    """One version of an agreement as one person gets it: by a letter with a link, or on paper."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="asks")
    person = models.ForeignKey(Person, models.PROTECT, related_name="sign_asks")
    party = models.CharField(max_length=11, choices=SignedBy)
    ref = RefField()
    by_letter = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text=_("it reached somebody else"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "person"], name="each_is_asked_once_to_sign")]
        indexes = [models.Index(fields=["person", "id"], name="sign_asks_of")]

    def __str__(self):
        return f"{self.party} of agreement {self.agreement_id}"


class SignatureQuerySet(AstrayQuerySet):
    def last_counted(self):
        """The last word of each person on each version that is not to be confirmed."""
        later = Signature.objects.counted().filter(
            agreement=models.OuterRef("agreement"), person=models.OuterRef("person"), party=models.OuterRef("party"),
            pk__gt=models.OuterRef("pk"),
        )  # fmt: skip
        staff = Q(person=None)
        return self.counted().filter(staff | ~models.Exists(later))


class Signature(Astray):
    """One person's yes or no to one version, in the words that they read. Never changed; a later row says otherwise."""

    class Way(models.TextChoices):
        LINK = "link", _("by their own link")
        PAPER = "paper", _("on paper")
        VOICE = "voice", _("by voice, with a witness")
        DESK = "desk", _("signed in")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="signatures", help_text=_("empty: the program")
    )
    party = models.CharField(max_length=11, choices=SignedBy)
    is_yes = models.BooleanField()
    words = models.CharField(max_length=1000, blank=True, help_text=_("what they said with it, for staff alone"))
    way = models.CharField(max_length=5, choices=Way)
    language = models.CharField(max_length=10)
    text_hash = models.CharField(max_length=64, help_text=_("of the whole text as they read it"))
    read_with = models.CharField(max_length=200, blank=True, help_text=_("who read it together with them"))
    witness = models.CharField(max_length=200, blank=True, help_text=_("who heard it"))
    kept_at = models.CharField(max_length=200, blank=True, help_text=_("where the paper is kept"))
    signed_on = models.DateField()
    signed_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    form_id = models.CharField(max_length=60, unique=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, party="coordinator") | Q(person__isnull=False) & ~Q(party="coordinator"),
                name="the_coordinator_signs_for_the_program",
            )
        ]
        indexes = [models.Index(fields=["agreement", "person"], name="signatures_of")]
        ordering = ["pk"]

    def __str__(self):
        return f"{'yes' if self.is_yes else 'no'} of {self.party}, {self.signed_on}"
