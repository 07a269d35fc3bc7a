"""Named roles that somebody should hold in a program, and what its colleagues must have had."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from rapport.programs.models.program import Membership, Program, Site, Sourced


class Post(Sourced):
    """A named role that somebody should hold here: a school champion, a team lead. What a profile wants, as a row."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="posts")
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=80)
    role = models.SlugField(max_length=50, blank=True, help_text=_("whoever has this role at work here holds it, too"))
    each_site = models.BooleanField(default=False, help_text=_("one at each site"))
    is_needed = models.BooleanField(default=True, help_text=_("the program says so while nobody holds it"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_post_per_code")]

    def __str__(self):
        return self.label


class HolderQuerySet(models.QuerySet):
    def live(self, at):
        """Named, not ended; a colleague who works here no more holds nothing."""
        standing = Q(ended_at=None) | Q(ended_at__gt=at)
        here = Membership.objects.live(at).staff().filter(user=OuterRef("user"), program=OuterRef("program"))
        return self.filter(standing, Q(user=None) | Exists(here), since_at__lte=at)


class Holder(models.Model):
    """Who holds a named role: a colleague, or somebody of the school who needs no sign-in."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="holders")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holders")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="holders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="holds")
    name = models.CharField(max_length=100, blank=True)
    reach = models.CharField(max_length=200, blank=True, help_text=_("how to reach them"))
    since_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = HolderQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(user__isnull=False) | ~Q(name=""), name="somebody_holds_it")]

    def __str__(self):
        return f"{self.user or self.name}, {self.post}"


class Preparation(Sourced):
    """What somebody with a role at work here must have: a training, before they begin (S1-53)."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="preparations")
    role = models.SlugField(max_length=50)
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "role", "code"], name="one_preparation_each")]

    def __str__(self):
        return self.label


class Prepared(models.Model):
    """That a colleague had it, or why it is waived for them. Never changed; the last word counts."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="prepared")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="prepared")
    code = models.SlugField(max_length=40)
    is_waived = models.BooleanField(default=False)
    met_on = models.DateField(help_text=_("the day of it, or of the decision"))
    valid_until_on = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["program", "user"])]
        verbose_name_plural = "prepared"

    def __str__(self):
        return f"{self.user}: {self.code}"
