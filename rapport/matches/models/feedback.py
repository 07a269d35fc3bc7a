"""What mentor and mentee say of how it is between them: what helps, what could be different (S2-26)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.matches.models.goals import Said
from rapport.matches.models.match import Match
from rapport.people.models import Person
from rapport.programs.models import Program


class FeedbackQuerySet(models.QuerySet):
    def passed_on(self):
        return self.filter(passed_at__isnull=False)


class Feedback(Said):
    """What one of a pair says about the time with another: for staff, until the giver lets it be passed on.

    It reaches the other by a person who read it and passes it on, never by itself.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.PROTECT, related_name="feedback")
    ref = RefField()
    to = models.ForeignKey(Person, models.PROTECT, related_name="+", help_text=_("about the time with whom"))
    helps = models.CharField(max_length=1000, blank=True)
    change = models.CharField(max_length=1000, blank=True)
    may_pass = models.BooleanField(default=False, help_text=_("whether they let it be passed on"))
    passed_at = models.DateTimeField(null=True, blank=True)
    passed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    form_id = models.CharField(max_length=100, unique=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(helps="") | ~Q(change=""), name="feedback_says_something"),
            models.CheckConstraint(
                condition=Q(passed_at=None) | Q(may_pass=True), name="feedback_is_passed_on_by_its_givers_will"
            ),
        ]
        indexes = [models.Index(fields=["match", "-made_at"], name="feedback_of_a_match")]
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return f"feedback of {self.person}"
