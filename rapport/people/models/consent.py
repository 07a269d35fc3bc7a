"""What each agreed to."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.about import About
from rapport.core.astray import Astray, AstrayQuerySet
from rapport.core.months import day_in
from rapport.people.models.guardianship import Guardianship
from rapport.people.models.person import Person
from rapport.people.models.restriction import Restriction
from rapport.programs.models import Program

A_MOMENT = timedelta(microseconds=1)


class ConsentQuerySet(AstrayQuerySet):
    def last_words(self, at, *, among=None):
        """The last word of each giver on each purpose; `among`: of these consents alone."""
        words = Consent.objects.all() if among is None else among
        last = words.filter(
            program=models.OuterRef("program"),
            person=models.OuterRef("person"),
            purpose=models.OuterRef("purpose"),
            given_by=models.OuterRef("given_by"),
            as_guardian=models.OuterRef("as_guardian"),
            given_at__lte=at,
        ).order_by("-given_at", "-pk")
        return self.filter(pk=models.Subquery(last.values("pk")[:1]))

    def last_counted(self, at):
        """The last word of each that is not to be confirmed: what was said before such a yes stands."""
        return self.last_words(at, among=Consent.objects.counted())

    def last_to_read(self, at):
        """The last word of each, for who reads it; where that is to be confirmed, also the one before, which stands."""
        return self.last_words(at) | self.last_counted(at)

    def valid(self, at):
        """Where the last word is yes, has not run out, and is not to be confirmed."""
        return self.last_words(at).counted().filter(Q(expires_at=None) | Q(expires_at__gt=at), is_given=True)

    def refused(self, at):
        """Where the last word is no, or a yes that ran out, which counts as a no from its end on. A yes that is to be
        confirmed is no word: what was said before it stands.

        One set aside counts no more, for as long as its giver may not say it: it was settled because they decide no
        more, and not because of what they said.
        """
        aside = SetAside.objects.standing().filter(consent=models.OuterRef("pk"))
        counts = ~models.Exists(aside) | says_it_again(at)
        return self.last_counted(at).filter(counts, Q(is_given=False) | Q(expires_at__lte=at))


def says_it_again(at):
    """The condition on a consent that whoever gave it stands for the child, may consent, and is not kept away."""
    pair = {"adult": models.OuterRef("given_by"), "child": models.OuterRef("person")}
    away = Restriction.objects.live_at(at).filter(
        kept_away=models.OuterRef("given_by"), subject=models.OuterRef("person")
    )
    stands = Guardianship.objects.living_in(models.OuterRef("program__time_zone"), at).filter(**pair, consents=True)
    return Q(models.Exists(stands), ~models.Exists(away))


class Consent(About, Astray):
    """One word on one purpose: yes or no, by whom, to which text. Never changed; a later row says otherwise.

    `about`: the question it was said to, or nothing where nobody asked, or before Rapport kept it.
    """

    class Purpose(models.TextChoices):
        JOIN = "join", _("take part")
        SHARE_BASICS = "share-basics", _("first name and interests go to the one they meet")
        SHARE_NEEDS = "share-needs", _("what the one they meet should know")
        MESSAGES = "messages", _("be written to")
        PHOTO = "photo", _("photos")
        RESEARCH = "research", _("research")
        TELL_PARTNER = "tell-partner", _("what they say may be told to the one they meet")
        PUBLISH = "publish", _("name, words or picture are shown outside")

    OF_OWN_WORDS = (Purpose.TELL_PARTNER, Purpose.RESEARCH, Purpose.PUBLISH)  # how far what somebody tells us may go

    program = models.ForeignKey(Program, models.PROTECT, related_name="consents")
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="consents_given")
    purpose = models.CharField(max_length=20, choices=Purpose)
    is_given = models.BooleanField()
    as_guardian = models.BooleanField(
        default=False, db_default=False, help_text=_("about what they themselves tell as a guardian")
    )
    text_version = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="en")
    channel = models.CharField(max_length=40, blank=True, help_text=_("link, paper, voice; and who saw it"))
    evidence = models.CharField(max_length=200, blank=True, help_text=_("who witnessed it, or interpreted"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("who wrote it down; empty: they said so themselves"),
    )  # fmt: skip
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        indexes = [
            *About.Meta.indexes,
            models.Index(fields=["program", "person", "purpose", "-given_at"]),
            models.Index(fields=["expires_at"], name="consent_ends", condition=Q(expires_at__isnull=False)),
        ]

    def __str__(self):
        return f"{self.person}: {self.purpose}"

    @property
    def last_day(self):
        """The last day on which a dated yes counts, where the program is; None: it has no end."""
        return day_in(self.expires_at - A_MOMENT, self.program.zone) if self.expires_at else None

    def ran_out(self, at) -> bool:
        return self.is_given and self.expires_at is not None and self.expires_at <= at and not self.astray_at


class SetAsideQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(back_at=None)


class SetAside(models.Model):
    """A no of somebody who decides no more, set aside by a named person, who says why and who decides now."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="set_aside")
    why = models.TextField()
    decides = models.ForeignKey(Person, models.PROTECT, related_name="+", help_text=_("whose word counts now"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    back_at = models.DateTimeField(null=True, blank=True, help_text=_("when somebody let the no count again"))

    objects = SetAsideQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consent"], condition=Q(back_at=None), name="a_no_is_set_aside_once")
        ]
        verbose_name_plural = "noes set aside"

    def __str__(self):
        return f"set aside: {self.consent}"
