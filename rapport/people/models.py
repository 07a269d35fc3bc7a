"""People, how to reach them, who stands for a child, and what each agreed to."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.access.rights import Right
from rapport.core.months import add_months
from rapport.core.refs import RefField, new_ref
from rapport.people.names import Folded
from rapport.programs import doors
from rapport.programs.models import Organization, Program, Site

FIRST_ON_EARTH, LAST_ON_EARTH = timedelta(hours=14), timedelta(hours=12)  # how far zones lie before and behind UTC
ADULT_AT = 18  # years; the age the words child and guardian hang on in law, not a rule from practice


def grown_if_born_by(on: date) -> date:
    """The last birth date of those who are 18 on that day. Born on 29 February one is so on the 28th, as `is_adult`."""
    day = add_months(on, -12 * ADULT_AT)
    return day + timedelta(days=1) if add_months(day + timedelta(days=1), 12 * ADULT_AT) <= on else day


def grown_on(born_on: date) -> date:
    """The day on which somebody born then is 18."""
    return add_months(born_on, 12 * ADULT_AT)


class PersonQuerySet(models.QuerySet):
    def known_as_adults(self):
        """Without a birth date, guardian of somebody, and nobody's mentee: a guardianship ties an adult to a child.

        Rosters name guardians without their birth dates; counted as children, most could not be written to
        (docs/adr/0007).
        """
        mentees = Participant.objects.filter(person=models.OuterRef("pk"), side=Participant.Side.MENTEE)
        stands = Guardianship.objects.filter(adult=models.OuterRef("pk"))
        return self.filter(models.Exists(stands), ~models.Exists(mentees), born_on=None)


class Person(models.Model):
    """One human being, known to the organization once."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="people")
    ref = RefField()
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100, blank=True)
    born_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=10, default="en")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="person")
    added_at = models.DateTimeField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "family_name", "given_name", "id"]),
            models.Index(fields=["organization", "born_on"]),
            models.Index(fields=["born_on"], name="person_born_on"),
            models.Index(Folded("given_name"), name="person_given_name_begins"),
            models.Index(Folded("family_name"), name="person_family_name_begins"),
        ]

    def __str__(self):
        return self.full_name

    @property
    def first_name(self):
        return self.given_name

    @property
    def full_name(self):
        return f"{self.given_name} {self.family_name}".strip()

    def is_adult(self, on: date) -> bool:
        """Whether this person is 18 on that day. Without a birth date a person counts as a child."""
        return self.born_on is not None and add_months(self.born_on, 12 * ADULT_AT) <= on

    def counts_as_child(self, program, on: date) -> bool:
        """In this program, on that day: by birth date; without one yes, unless the program admits adults only."""
        return not self.is_adult(on) if self.born_on else not program.adults_only


class ExternalId(models.Model):
    """What another system calls this person."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="external_ids")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    source = models.CharField(max_length=60)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "source", "value"], name="one_person_per_id")]

    def __str__(self):
        return f"{self.source}: {self.value}"


class ContactPointQuerySet(models.QuerySet):
    def working(self):
        return self.filter(broken_at=None)

    def private(self):
        """Read by this person alone, as far as we know."""
        return self.filter(is_private=True)

    def mail(self):
        return self.filter(kind=ContactPoint.Kind.EMAIL)


class ContactPoint(models.Model):
    """One way to reach one person. Shared: somebody else reads it, too (an address of the family)."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")
        TEXT = "text", _("text message")
        PHONE = "phone", _("phone")
        SCHOOL = "school", _("through the school")
        LETTER = "letter", _("letter home")
        IN_PERSON = "in-person", _("in person")
        INTERPRETER = "interpreter", _("with an interpreter")

    person = models.ForeignKey(Person, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=12, choices=Kind)
    value = models.CharField(max_length=254, help_text=_("an address, a number, or how to"))
    is_private = models.BooleanField(default=True)
    is_preferred = models.BooleanField(default=False)
    best_times = models.CharField(max_length=100, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True, help_text=_("since when nothing arrives there"))

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "value"], name="one_contact_point_each")]
        indexes = [
            models.Index(fields=["kind", "value"]),
            models.Index("kind", Lower("value"), name="way_whatever_its_case"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.value}"


def stands(row, on: date) -> bool:
    """Whether what this row says has begun on that day and not ended."""
    return row.starts_on <= on and (row.ends_on is None or row.ends_on > on)


class GuardianshipQuerySet(models.QuerySet):
    def living(self, on: date):
        """In force on that day: begun, not ended, and the child not yet 18 (without a birth date: a child)."""
        begun = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))
        return self.filter(begun).filter(Q(child__born_on=None) | Q(child__born_on__gt=grown_if_born_by(on)))

    def told(self):
        return self.filter(is_told=True)


class Guardianship(models.Model):
    """An adult who stands for a child, with separate rights. They end at 18."""

    adult = models.ForeignKey(Person, models.PROTECT, related_name="children")
    child = models.ForeignKey(Person, models.PROTECT, related_name="guardians")
    relation = models.CharField(max_length=60, blank=True)
    is_told = models.BooleanField(default=True, help_text=_("hears how it goes, and is asked"))
    consents = models.BooleanField(default=True, help_text=_("gives or withdraws permission"))
    sees_progress = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["adult", "child"], name="one_guardianship_each"),
            models.CheckConstraint(condition=~Q(adult=models.F("child")), name="nobody_is_their_own_guardian"),
        ]

    def __str__(self):
        return f"{self.adult} for {self.child}"

    def is_living(self, on: date) -> bool:
        return stands(self, on) and not self.child.is_adult(on)

    def ended_at_18(self, on: date) -> bool:
        return self.child.is_adult(on)


class ParticipantQuerySet(models.QuerySet):
    def visible_to(self, user, right, at=None):
        """Those this user reaches with this right, live; whom they are kept away from is left out."""
        at = at or timezone.now()
        return self.filter(doors.reach("participant", user, right, at)).exclude(person__in=kept_from(user, at))

    def mentors(self):
        return self.filter(side=Participant.Side.MENTOR)

    def mentees(self):
        return self.filter(side=Participant.Side.MENTEE)

    def active(self):
        return self.filter(left_at=None)


class Participant(models.Model):
    """A person in a program, as mentor or as mentee."""

    class Side(models.TextChoices):
        MENTOR = "mentor", _("mentor")
        MENTEE = "mentee", _("mentee")

    program = models.ForeignKey(Program, models.PROTECT, related_name="participants")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")
    side = models.CharField(max_length=6, choices=Side)
    ref = RefField()
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="participants")
    capacity = models.PositiveSmallIntegerField(default=1, help_text=_("how many matches at a time"))
    would_be_both = models.BooleanField(default=False, help_text=_("willing to be mentor and mentee"))
    traits = models.JSONField(default=dict, blank=True, help_text=_("what matching looks at, by column"))
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "person", "side"], name="one_participation_each")]
        indexes = [models.Index(fields=["program", "side", "id"]), models.Index(fields=["program", "id"])]

    def __str__(self):
        return str(self.person)

    def get_absolute_url(self):
        return reverse("portal:participant", args=[self.program.slug, self.ref])


class ConsentQuerySet(models.QuerySet):
    def last_words(self, at):
        """The last word of each giver on each purpose."""
        last = Consent.objects.filter(
            program=models.OuterRef("program"),
            person=models.OuterRef("person"),
            purpose=models.OuterRef("purpose"),
            given_by=models.OuterRef("given_by"),
            given_at__lte=at,
        ).order_by("-given_at", "-pk")
        return self.filter(pk=models.Subquery(last.values("pk")[:1]))

    def valid(self, at):
        """Where the last word is yes and has not run out."""
        return self.last_words(at).filter(Q(expires_at=None) | Q(expires_at__gt=at), is_given=True)

    def refused(self, at):
        """Where the last word is no."""
        return self.last_words(at).filter(is_given=False)


class Consent(models.Model):
    """One word on one purpose: yes or no, by whom, to which text. Never changed; a later row says otherwise."""

    class Purpose(models.TextChoices):
        JOIN = "join", _("take part")
        SHARE_BASICS = "share-basics", _("first name and interests go to the mentor")
        SHARE_NEEDS = "share-needs", _("what my mentor should know")
        MESSAGES = "messages", _("be written to")
        PHOTO = "photo", _("photos")
        RESEARCH = "research", _("research")

    program = models.ForeignKey(Program, models.PROTECT, related_name="consents")
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="consents_given")
    purpose = models.CharField(max_length=20, choices=Purpose)
    is_given = models.BooleanField()
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
        indexes = [models.Index(fields=["program", "person", "purpose", "-given_at"])]

    def __str__(self):
        return f"{self.person}: {self.purpose}"


class RestrictionQuerySet(models.QuerySet):
    def live(self, on: date):
        return self.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))

    def live_at(self, at):
        """In force at that moment anywhere on earth: where no program's zone is at hand we err on the side of apart."""
        begun = self.filter(starts_on__lte=(at + FIRST_ON_EARTH).date())
        return begun.filter(Q(ends_on=None) | Q(ends_on__gt=(at - LAST_ON_EARTH).date()))

    def visible_to(self, user, at):
        """With their reasons, for whoever may record them where they were recorded; never for one they are about,
        neither now nor ahead, nor for who stands for a child they are about."""
        held = Program.objects.visible_to(user, Right.RESTRICTION_EDIT, at)
        near = Guardianship.objects.filter(adult__user=user).values("child")
        mine = Q(kept_away__user=user) | Q(subject__user=user) | Q(kept_away__in=near) | Q(subject__in=near)
        return self.filter(program__in=held).exclude(mine).exclude(subject__in=kept_from(user, at))


def kept_from(user, at):
    """The people this user is kept away from at that moment: their keys."""
    rows = Restriction.objects.live_at(at).filter(kept_away__user=user)
    return doors.told(user, ("kept from", at.date(), at.hour), rows.values_list("subject", flat=True))


def paper_place(restriction, _name):
    """Where a paper lies in the install's own folder: its name tells neither whose nor what."""
    return f"restrictions/{new_ref()}{new_ref()}"


class Restriction(models.Model):
    """Keeps one person away from everything about another. Its reason is open to few."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="restrictions")
    kept_away = models.ForeignKey(Person, models.PROTECT, related_name="kept_away_from")
    subject = models.ForeignKey(Person, models.PROTECT, related_name="protected_from")
    ref = RefField()
    reason = models.TextField()
    document = models.CharField(max_length=200, blank=True)
    paper = models.FileField(upload_to=paper_place, blank=True, help_text=_("the paper itself, where it was scanned"))
    paper_name = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField()
    review_on = models.DateField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ends_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("when somebody said that it ends, or ended"))
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_why = models.CharField(max_length=300, blank=True)

    objects = RestrictionQuerySet.as_manager()

    def __str__(self):
        return f"{self.kept_away} from {self.subject}"

    def get_absolute_url(self):
        return reverse("portal:restriction", args=[self.program.slug, self.ref])

    def is_live(self, on: date) -> bool:
        return stands(self, on)


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
