"""Who may sign in, and what each role may do."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rapport.access.rights import Right, Scope
from rapport.core.refs import RefField


class UserManager(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """Somebody who may sign in. Who that is as a human being is told by `people.Person`."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_address")]

    def __str__(self):
        return self.name or self.email

    @property
    def first_name(self):
        return self.name.split(" ")[0] if self.name else self.email

    def get_full_name(self):
        return self.name


class Role(models.Model):
    """A set of rights, each with how far it reaches."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    is_staff = models.BooleanField(default=False)

    def __str__(self):
        return gettext(self.name)  # in the program's own words, where a page of it names a role


class Grant(models.Model):
    """One right of a role, as far as its scope."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="grants")
    right = models.CharField(max_length=40, choices=Right)
    scope = models.CharField(max_length=40, choices=Scope)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "right", "scope"], name="one_grant_each")]

    def __str__(self):
        return f"{self.right} ({self.scope})"


class WayInQuerySet(models.QuerySet):
    def open(self, at):
        return self.filter(used_at=None, until_at__gt=at)


class WayIn(models.Model):
    """A code a colleague gives by word of mouth to somebody who has neither phone nor recovery codes any more."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ways_in")
    secret = models.CharField(max_length=64)  # a keyed hash of the code; the code itself is kept nowhere
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    until_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = WayInQuerySet.as_manager()

    def __str__(self):
        return f"a way in for {self.user}"


class DraftQuerySet(models.QuerySet):
    def open(self, at):
        return self.filter(until_at__gt=at)


class Draft(models.Model):
    """What somebody had typed when their session ended; sealed, and theirs alone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    ref = RefField()
    path = models.CharField(max_length=500, help_text=_("the address of the form"))
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()
    until_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="one_draft_for_each_form")]
        indexes = [models.Index(fields=["until_at"], name="draft_until")]

    def __str__(self):
        return f"a draft of {self.user}"

    @property
    def place(self):
        """What it is sealed for: another reader's key opens nothing of it."""
        return f"draft:{self.user_id}:{self.ref}"
