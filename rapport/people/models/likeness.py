"""Who may be one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.core.refs import RefField
from rapport.people.models.person import Person


class LikenessQuerySet(models.QuerySet):
    def open(self):
        """Those nobody has looked at yet."""
        return self.filter(apart_at=None)


class Likeness(models.Model):
    """Two people who may be one. Nobody makes them one but a person, who may say that they are two."""

    class Why(models.TextChoices):
        WAY = "way", _("the same address or number")
        BORN = "born", _("born on the same day, and called nearly alike")
        NAME = "name", _("called the same")

    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    ref = RefField()
    why = models.CharField(max_length=4, choices=Why)
    found_at = models.DateTimeField()
    apart_at = models.DateTimeField(null=True, blank=True, help_text=_("when somebody said that they are two"))
    apart_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LikenessQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="one_likeness_each")]
        verbose_name_plural = "likenesses"

    def __str__(self):
        return f"{self.first} and {self.second}"
