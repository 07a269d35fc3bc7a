"""What a page asked the engine and could not wait for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.programs.models import Program


class QuestionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=Question.State.WAITING)

    def free(self):
        """Nobody works on it: not begun, or whoever began is gone."""
        return self.waiting().filter(Q(lease_until=None) | Q(lease_until__lt=timezone.now()))

    def visible_to(self, user):
        """A question belongs to whoever asked it."""
        return self.filter(by=user)


class Question(models.Model):
    """One question of one member of staff to the engine, for the long work. It is thrown away soon after.

    The problem is kept only until it is answered. `key` tells what was asked to the last letter: the page asks again,
    and where anything is different by then, that is another question.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("being looked at")
        DONE = "done", _("answered")
        FAILED = "failed", _("took too long")

    program = models.ForeignKey(Program, models.CASCADE, related_name="questions_asked")
    ref = RefField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    path = models.CharField(max_length=500, help_text=_("the page that asked"))
    asked_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    problem = models.BinaryField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True, help_text=_("by the clock of the machine"))
    tries = models.PositiveSmallIntegerField(default=0)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="a_question_is_asked_once")]
        indexes = [models.Index(fields=["id"], condition=Q(state="waiting"), name="questions_that_wait")]

    def __str__(self):
        return f"asked on {self.path}"

    @property
    def waits(self):
        return self.state == self.State.WAITING
