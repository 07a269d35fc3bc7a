"""What grown-ups wish for before a round: a few suggestions shown to one of them, ranked or ruled out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.matching.models.proposals import Proposal
from rapport.people.models import Participant, Person
from rapport.programs.models import Program


class WishAsk(models.Model):
    """One grown-up is shown a few people, once, and says whom they would like. Never where children may be."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="wish_asks")
    person = models.ForeignKey(Person, models.PROTECT, related_name="wish_asks")
    ref = RefField()
    adults_only = models.BooleanField(help_text=_("the program takes grown-ups alone"))
    by_letter = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    way = models.CharField(max_length=11, choices=Proposal.Way, blank=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True, help_text=_("it reached somebody else"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(adults_only=True), name="nobody_wishes_where_children_may_be"),
            models.CheckConstraint(
                condition=Q(answered_at=None, way="") | Q(answered_at__isnull=False) & ~Q(way=""),
                name="wishes_are_said_at_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["participant", "expires_at"], name="wishes_asked_of")]
        ordering = ["pk"]

    def __str__(self):
        return f"wishes of {self.participant_id}"


class Suggestion(models.Model):
    """One of those somebody was shown, and what they said: which choice, not this one, or nothing."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    ask = models.ForeignKey(WishAsk, models.CASCADE, related_name="suggestions")
    other = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    choice = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("1: the first"))
    is_ruled_out = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ask", "other"], name="each_is_suggested_once"),
            models.UniqueConstraint(fields=["ask", "choice"], name="one_of_each_choice"),
            models.CheckConstraint(
                condition=Q(is_ruled_out=False) | Q(choice=None), name="nobody_is_chosen_and_ruled_out"
            ),
        ]
        ordering = ["pk"]

    def __str__(self):
        return f"suggestion {self.other_id}"
