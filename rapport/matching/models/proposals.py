"""Whose turn it is to say yes to a proposed match, what each was asked, and what they said."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.matches.models import Match
from rapport.people.models import Person
from rapport.programs.models import Program, Sourced


class Party(models.TextChoices):
    """As whom somebody is asked."""

    MENTOR = "mentor", _("mentor")
    GUARDIAN = "guardian", _("guardian")
    MENTEE = "mentee", _("mentee")


class TurnRule(Sourced):
    """Who is asked about a proposed match, in the order of these rows; for how long, and what each is shown of the
    other."""

    class Needs(models.TextChoices):
        EACH = "each", _("each of them")
        ONE = "one", _("at least one of them")

    program = models.ForeignKey(Program, models.CASCADE, related_name="turn_rules")
    party = models.CharField(max_length=8, choices=Party)
    needs = models.CharField(max_length=4, choices=Needs, default=Needs.EACH)
    days = models.PositiveSmallIntegerField(help_text=_("until it is no longer theirs to answer"))
    shows = models.JSONField(default=list, blank=True, help_text=_("what is shown of the other"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "party"], name="one_turn_rule_each"),
            models.CheckConstraint(condition=Q(days__gt=0), name="a_turn_lasts_a_day_at_least"),
        ]
        ordering = ["pk"]

    def __str__(self):
        return f"{self.party}: {self.days} days"


class ProposalQuerySet(models.QuerySet):
    def to_expire(self, at):
        """Asked, and the time to answer is over."""
        return self.filter(state=Proposal.State.ASKED, expires_at__lte=at)

    def stuck(self):
        """What a coordinator must do something about: a no, no answer in time, or a wish to know more."""
        return self.filter(state__in=Proposal.STUCK)


class Proposal(models.Model):
    """What one person is asked about one proposed match, and what they said. Why stays with staff."""

    class State(models.TextChoices):
        WAITING = "waiting", _("not their turn yet")
        ASKED = "asked", _("asked")
        YES = "yes", _("yes")
        MORE = "more", _("wants to know more")
        DECLINED = "declined", _("no")
        EXPIRED = "expired", _("no answer in time")
        WITHDRAWN = "withdrawn", _("taken back")

    class Way(models.TextChoices):
        LINK = "link", _("by their own link")
        PAPER = "paper", _("on paper")
        PHONE = "phone", _("by phone")
        IN_PERSON = "person", _("in person")
        INTERPRETER = "interpreter", _("with an interpreter")

    ANSWERED = [State.YES, State.MORE, State.DECLINED]
    STUCK = [State.MORE, State.DECLINED, State.EXPIRED]
    TO_ASK = [State.WAITING, State.WITHDRAWN]

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.PROTECT, related_name="asked_about")
    person = models.ForeignKey(Person, models.PROTECT, related_name="proposals")
    party = models.CharField(max_length=8, choices=Party)
    child = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("for whom a guardian answers")
    )
    ref = RefField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    by_letter = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    said_on = models.DateField(null=True, blank=True)
    way = models.CharField(max_length=11, choices=Way, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("who of staff took the answer"),
    )  # fmt: skip
    witness = models.CharField(max_length=200, blank=True, help_text=_("who interpreted"))
    reason = models.CharField(max_length=1000, blank=True, help_text=_("in their words, for staff alone"))
    wants_another = models.BooleanField(default=False, help_text=_("a no that asks to be shown somebody else"))
    answers = models.PositiveSmallIntegerField(default=0, help_text=_("how often they have answered"))
    closed_at = models.DateTimeField(null=True, blank=True, help_text=_("it reached somebody else"))

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["match", "person", "party"], name="each_is_asked_once_about_a_match"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(state="withdrawn")
                | Q(asked_at__isnull=False, expires_at__isnull=False),
                name="whoever_is_asked_is_asked_until_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["yes", "more", "declined"])
                | Q(answered_at__isnull=False, said_on__isnull=False) & ~Q(way=""),
                name="an_answer_has_a_moment_and_a_way",
            ),
            models.CheckConstraint(
                condition=Q(party="guardian", child__isnull=False) | ~Q(party="guardian") & Q(child=None),
                name="a_guardian_answers_for_a_child",
            ),
            models.CheckConstraint(
                condition=Q(way="", taken_by=None) | Q(way="link", taken_by=None) | ~Q(way__in=["", "link"]),
                name="nobody_takes_an_answer_that_was_pressed",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["expires_at", "id"], name="proposals_to_expire", condition=Q(state="asked")),
            models.Index(
                fields=["program", "match"], name="proposals_to_look_at",
                condition=Q(state__in=["more", "declined", "expired"]),
            ),
        ]  # fmt: skip
        ordering = ["pk"]

    def __str__(self):
        return f"{self.party} of match {self.match_id}: {self.state}"

    @property
    def may_be_asked_again(self):
        """Not answered in time, or what was sent reached somebody else before it was settled."""
        pressed_no = self.state == self.State.DECLINED and self.way == self.Way.LINK
        is_unsettled = self.state in (self.State.ASKED, self.State.MORE) or pressed_no
        went_astray = self.closed_at is not None and is_unsettled
        return went_astray or self.state == self.State.EXPIRED
