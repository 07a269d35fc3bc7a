"""What circles, groups and event days share: a thing of a program or of one site, with a colleague who answers for it;
and what their times share: when, where, and whether it took place."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from rapport.access.rights import Right, Scope
from rapport.core.due import Due, DueQuerySet
from rapport.core.refs import RefField
from rapport.people.models import Restriction, kept_from
from rapport.programs.doors import through
from rapport.programs.models import Membership, Site


class HostedQuerySet(models.QuerySet):
    def visible_to(self, user, right=Right.MEETING_EDIT, at=None):
        """Those this user answers for while holding the right, and those of the programs and sites it reaches whole.

        Not even the hour is told to who is kept away from somebody in it, or is too near to them.
        """
        at = at or timezone.now()
        given, held = through(user, right, at), Membership.objects.all()
        whole = Q(program__in=held.filter(pk__in=given.get(Scope.PROGRAM, ())).values("program"))
        sites = Q(site__in=held.filter(pk__in=given.get(Scope.SITE, ()), site__isnull=False).values("site"))
        anywhere = held.filter(pk__in=[pk for pks in given.values() for pk in pks])
        own = Q(host=user, program__in=anywhere.values("program"))
        return self.filter(whole | sites | own).without(kept_from(user, at))

    def open_to(self, person, at):
        """Those in which nobody is whom this person is kept away from."""
        return self.without(Restriction.objects.live_at(at).filter(kept_away=person).values("subject"))

    def without(self, people):
        """Those with none of these people (keys) in them, where the thing itself says who is in it."""
        return self


class Hosted(models.Model):
    """Something of a program, or of one of its sites, that a colleague answers for."""

    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")
    ref = RefField()
    name = models.CharField(max_length=120)
    host = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    form_id = models.CharField(max_length=60, unique=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name


class TimeQuerySet(DueQuerySet):
    def ahead(self, at):
        return self.untouched().filter(starts_at__gt=at)


class Time(Due):
    """One time people meet. It took place is `kept_at`; it did not is `missed_at`; called off is `excused_at`."""

    ref = RefField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True
