"""Everything that leaves the house: messages, each try to deliver one, and links that open one door for one person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core import places
from rapport.core.about import About, AboutQuerySet
from rapport.people.models import Person
from rapport.programs.models import Program


class MessageQuerySet(AboutQuerySet):
    def waiting(self):
        """Not yet handed to a carrier, and not given up."""
        return self.filter(state__in=Message.WAITING)

    def due(self, at):
        return self.filter(state=Message.State.PENDING, next_at__lte=at)

    def held(self):
        return self.filter(state=Message.State.HELD)

    def about_still(self, rows):
        """Those of these few messages that are about one of these rows: no other row is looked at.

        Without naming them a database may work out every row of the table that is still wanted.
        """
        return self.filter(about_id__in=rows.filter(pk__in=self.values("about_id")).values("pk"))

    def unsure(self):
        """Claimed by a process that died: it may have gone out."""
        return self.filter(state=Message.State.CLAIMED)


class Message(About):
    """One message to one person for one cause. Address, language, consent and words are settled at delivery."""

    class State(models.TextChoices):
        HELD = "held", _("waits for release")
        PENDING = "pending", _("waiting")
        CLAIMED = "claimed", _("being sent")
        ACCEPTED = "accepted", _("sent")
        FAILED = "failed", _("did not arrive")
        SUPPRESSED = "suppressed", _("no longer wanted")
        EXPIRED = "expired", _("too late to send")

    WAITING = [State.HELD, State.PENDING, State.CLAIMED]
    FINAL = [State.ACCEPTED, State.FAILED, State.SUPPRESSED, State.EXPIRED]

    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="messages")
    kind = models.CharField(max_length=60)
    to = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="messages")
    address = models.CharField(max_length=254, blank=True, help_text=_("only for mail from below: a literal address"))
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True, help_text=_("only for mail from below; wiped when final"))
    facts = models.JSONField(default=dict, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    is_urgent = models.BooleanField(default=False, help_text=_("safety and sign-in: no quiet hours, sent first"))
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text=_("when delivery must look at it next"))
    not_after = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True, help_text=_("when somebody let this very one go"))
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=40, blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    final_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True, help_text=_("why it was not sent"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            *About.Meta.indexes,
            models.Index(fields=["-is_urgent", "next_at", "id"], name="outbox_due", condition=Q(state="pending")),
            models.Index(fields=["lease_until"], name="outbox_claimed", condition=Q(state="claimed")),
            models.Index(fields=["program", "state", "id"]),
            models.Index(fields=["to", "queued_at"]),
        ]

    def __str__(self):
        return f"{self.kind} to {self.to or self.address}"

    @property
    def place(self):
        """How an address or a form names it: keys are counted through, and stay inside."""
        return places.hide(self.pk)


class LetGoQuerySet(models.QuerySet):
    def live(self):
        return self.filter(ended_at=None)

    def of(self, kind):
        return self.filter(kind=kind)


class LetGo(models.Model):
    """A kind of message that somebody released from a moment on, while its program starts quietly.

    A kind without such a row waits, and so does each new one; safety and signing in have no need of it.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="kinds_let_go")
    kind = models.CharField(max_length=60)
    since_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("taken back, or quiet start is over"))

    objects = LetGoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "kind"], condition=Q(ended_at=None), name="one_letting_go_each")
        ]

    def __str__(self):
        return f"{self.kind} since {self.since_at:%Y-%m-%d %H:%M}"

    @property
    def words(self):
        return called(self.kind)


def called(kind):
    """'checkins/invitation' as 'Invitation': the part after the app, with spaces."""
    return kind.rpartition("/")[2].replace("-", " ").replace("_", " ").capitalize()


class Delivery(models.Model):
    """One try to hand a message to a carrier, and what came of it."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("taken by the carrier")
        DEFERRED = "deferred", _("try again later")
        REFUSED = "refused", _("refused for good")
        LOST_CONTACT = "lost-contact", _("the carrier fell silent")

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    at = models.DateTimeField()
    address = models.CharField(max_length=254)
    outcome = models.CharField(max_length=12, choices=Outcome)
    detail = models.CharField(max_length=300, blank=True)

    def __str__(self):
        return f"{self.outcome} at {self.at:%Y-%m-%d %H:%M}"


class Link(About):
    """A hashed door for one person and one purpose. The token itself is never kept."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, related_name="links")
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = AboutQuerySet.as_manager()

    def __str__(self):
        return f"{self.purpose} for {self.person}"

    def is_open(self, at):
        return self.closed_at is None and self.expires_at > at
