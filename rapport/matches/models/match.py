"""A match: two people (or more), from proposal to closure."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.core.days import DayIn, MonthsOn, last_day_on_earth
from rapport.core.due import Due, DueQuerySet, at_most_one_fact
from rapport.core.refs import RefField
from rapport.core.several import together
from rapport.onboarding.gatekeeping import OF_A_CHILD
from rapport.onboarding.models import Gate
from rapport.people.models import ADULT_AT, Participant, Restriction, kept_from
from rapport.programs import doors
from rapport.programs.models import Program, Site


def lost_gates(at):
    """Gates at which somebody said no to taking part, or a guardian did, or whose yes has run out.

    It holds until a person writes down that the permission, the child's own yes or the agreement stands again. Of
    somebody who is 18, only their own agreement counts. Days are those of each program's time zone.
    """
    zone = "participant__program__time_zone"
    young = Q(GreaterThan(MonthsOn("participant__person__born_on", 12 * ADULT_AT), DayIn(at, zone)))
    undated = Q(participant__person__born_on=None, participant__program__adults_only=False)
    over = Q(valid_until_on__lt=last_day_on_earth(at)) & Q(valid_until_on__lt=DayIn(at, zone))  # the quick look first
    lost = Q(code=Gate.Code.CONSENT) | Q(code__in=OF_A_CHILD) & (young | undated)
    return Gate.objects.filter(Q(is_met=False) | over, lost)


def taken_back(match, at):
    """The condition that somebody of this match (an outer reference) is at one of `lost_gates`."""
    return models.Exists(lost_gates(at).filter(participant__places__match=match))


def torn(match, at):
    """The condition that somebody of this match (an outer reference) is to be kept away from somebody else in it.

    Two small questions, and always asked of each match: to put the tables of both sides in order PostgreSQL thinks
    longer than any page takes, and joined with all matches it would hold each against every restriction.
    """
    here = Member.objects.filter(match=models.OuterRef(match)).values("participant__person")
    live = Restriction.objects.live_at(at).filter(kept_away__in=here, subject__in=here)
    return Coalesce(models.Exists(live), False)


def people():
    """What brings the members of matches and their persons: see `with_people`."""
    return models.Prefetch("members", Member.objects.select_related("participant__person"))


class MatchQuerySet(models.QuerySet):
    def visible_to(self, user, right, at=None):
        """Matches this user reaches with this right, live; those with somebody they are kept away from are left out."""
        at = at or timezone.now()
        return self.filter(doors.reach("match", user, right, at)).without(kept_from(user, at))

    def known_to(self, person, at):
        """Matches of which this person, who is in them or stands for somebody who is, may know anything just now.

        The one answer for every page, letter, calendar and form of theirs. As whom they see a match, and in which of
        its states, each page says itself.
        """
        return self.unhindered(at).not_kept_from(person, at)

    def not_kept_from(self, person, at):
        """Those in which nobody is from whom this person is kept away."""
        return self.without(Restriction.objects.live_at(at).filter(kept_away=person).values("subject"))

    def heard_from(self, person, at):
        """Those of which a mentee may still answer what was asked before: a yes that was taken back ends the asking,
        and never what a child would say."""
        return self.confirmed().exclude(torn(models.OuterRef("pk"), at)).not_kept_from(person, at)

    def unhindered(self, at):
        """Those between whose people nothing stands: checks confirmed, nobody kept away from another in it and, while
        it goes on, nobody's yes taken back."""
        here = models.OuterRef("pk")
        return self.confirmed().exclude(torn(here, at) | Q(taken_back(here, at), state__in=Match.OPEN))

    def without(self, persons):
        """Those with none of these people (a query of keys) in them."""
        return self.exclude(pk__in=Member.objects.filter(participant__person__in=persons).values("match"))

    def open(self):
        """Active or paused."""
        return self.filter(state__in=Match.OPEN)

    def active(self):
        return self.filter(state=Match.State.ACTIVE)

    def confirmed(self):
        """Without those that came in from before Rapport and whose checks nobody has confirmed: nothing goes to or
        about anybody of these (`actions.confirm`)."""
        return self.filter(awaits_checks=False)

    def with_people(self):
        """With the members and their persons at hand, in one more query.

        Joined, not prefetched step by step: on SQLite a prefetch along a foreign key to a thousand rows is a chain of
        ORs too deep for it.
        """
        return self.prefetch_related(people())


class Match(models.Model):
    """One or several mentors with one or several mentees."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        NOT_BEGUN = "not-begun", _("not begun")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")

    OPEN = [State.ACTIVE, State.PAUSED]
    ALIVE = [State.PROPOSED, *OPEN]  # whoever is in one is spoken for

    class Phase(models.TextChoices):
        GETTING_READY = "getting-ready", _("getting ready")
        AGREEING_HOW = "agreeing-how", _("agreeing how")
        GROWING = "growing", _("growing")
        ENDING_WELL = "ending-well", _("ending well")

    program = models.ForeignKey(Program, models.PROTECT, related_name="matches")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="matches")
    ref = RefField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    phase = models.CharField(max_length=20, choices=Phase, default=Phase.GETTING_READY)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="caseload"
    )
    proposed_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    begun_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    agreed_on = models.DateField(null=True, blank=True, help_text=_("when they agreed how, where a list says so"))
    counts_from_on = models.DateField(
        null=True, blank=True, help_text=_("of a pair from before Rapport: nothing before this day is due or counted")
    )
    spread = models.PositiveSmallIntegerField(
        default=0, help_text=_("of a pair from before Rapport: by how many days its rhythm is put off")
    )
    met_before = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("how often they had met before Rapport, where a list says so")
    )
    awaits_checks = models.BooleanField(
        default=False, help_text=_("it came in from before Rapport with a child in it, and nobody confirmed its checks")
    )

    objects = MatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["active", "paused"]) | Q(begun_on__isnull=False, coordinator__isnull=False),
                name="an_open_match_has_begun_and_has_a_coordinator",
            ),
        ]
        indexes = [
            models.Index(fields=["program", "state", "id"]),
            models.Index(fields=["program", "id"]),
            models.Index(fields=["coordinator", "state"]),
            models.Index(fields=["program", "coordinator"], name="match_to_confirm", condition=Q(awaits_checks=True)),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("portal:match", args=[self.program.slug, self.ref])

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def counted_from(self):
        """Nothing before this day is due, late or counted."""
        days = [self.begun_on, self.program.using_since_on, self.counts_from_on]
        return max(day for day in days if day)

    def is_before_rapport(self, day):
        """Whether that day lies before they came in, for a pair that met before."""
        return self.counts_from_on is not None and day < self.counts_from_on

    @property
    def mentors(self):
        """The mentors' participants, from what `with_people` brought."""
        return [m.participant for m in self.members.all() if m.side == Participant.Side.MENTOR]

    @property
    def mentees(self):
        return [m.participant for m in self.members.all() if m.side == Participant.Side.MENTEE]

    @property
    def title(self):
        """First names only: Ama and Ben."""
        names = [p.person.first_name for p in [*self.mentors, *self.mentees]]
        return together(names)


def bring_people(matches):
    """The same as `with_people` for matches that are at hand, in one query."""
    models.prefetch_related_objects(list(matches), people())


def heard_or_known(matches, person, at, *, is_torn=True):
    """(keys of those of `heard_from`, keys of those of `known_to`) among matches `with_people`, in two queries at most.

    `is_torn`: whether anybody near them is kept away from another at any time. Where nobody is, nobody asks.
    """
    heard = [match for match in matches if not match.awaits_checks]
    if is_torn:
        asked = Match.objects.filter(pk__in=[match.pk for match in heard]).heard_from(person, at)
        keys = set(asked.values_list("pk", flat=True))
        heard = [match for match in heard if match.pk in keys]
    places = {match.pk: {one.participant_id for one in match.members.all()} for match in heard if match.is_open}
    gates = lost_gates(at).filter(participant__in=set().union(*places.values()))
    lost = set(gates.values_list("participant", flat=True))
    return {match.pk for match in heard}, {one.pk for one in heard if lost.isdisjoint(places.get(one.pk, ()))}


class Member(models.Model):
    """One participant's place in a match."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.CASCADE, related_name="members")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="places")
    side = models.CharField(max_length=6, choices=Participant.Side)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["match", "participant"], name="one_place_each")]
        ordering = ["pk"]

    def __str__(self):
        return f"{self.participant} as {self.side}"


class Change(models.Model):
    """One step in a match's life: from which state to which, when, by whom."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.CASCADE, related_name="changes")
    state_before = models.CharField(max_length=10, choices=Match.State, blank=True)
    state = models.CharField(max_length=10, choices=Match.State)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.state} since {self.at:%Y-%m-%d}"


class PointQuerySet(DueQuerySet):
    def required_for(self, moment):
        return self.filter(moment=moment, is_required=True)


class Point(Due):
    """One thing to tick before a match may start or close. Apps above tick it (`kept_at`)."""

    class Moment(models.TextChoices):
        BEGIN = "begin", _("before it starts")
        CLOSE = "close", _("before it ends")

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.CASCADE, related_name="points")
    moment = models.CharField(max_length=5, choices=Moment)
    code = models.SlugField(max_length=60)
    label = models.CharField(max_length=200)
    is_required = models.BooleanField(default=True)
    needs_words = models.BooleanField(default=False)
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=300, blank=True)

    objects = PointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["match", "moment", "code"], name="one_point_each"),
            at_most_one_fact("point_has_one_outcome"),
        ]
        ordering = ["pk"]

    def __str__(self):
        return self.label


class PauseQuerySet(models.QuerySet):
    def running(self, on):
        return self.filter(starts_on__lte=on).filter(Q(ended_on=None) | Q(ended_on__gt=on))


class Pause(models.Model):
    """A match rests. Why is open to staff; a hold by the safeguarding lead looks like any other pause."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.CASCADE, related_name="pauses")
    starts_on = models.DateField()
    back_on = models.DateField(null=True, blank=True, help_text=_("when they mean to go on"))
    ended_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    away = models.ForeignKey(
        "matches.Away", models.PROTECT, null=True, blank=True, related_name="pauses", help_text=_("whose rest it is")
    )
    is_hold = models.BooleanField(default=False, help_text=_("only the one who held may let go; shown to nobody else"))

    objects = PauseQuerySet.as_manager()

    def __str__(self):
        return f"paused since {self.starts_on}"


class Closure(models.Model):
    """How and why a match ended."""

    class Reason(models.TextChoices):
        DONE = "done", _("the time agreed is over")
        MOVED = "moved", _("somebody moved")
        TIME = "time", _("no time")
        INTEREST = "interest", _("lost interest")
        LEFT = "left", _("left the school or program")
        FAMILY = "family", _("family reasons")
        FIT = "fit", _("did not suit each other")
        RULES = "rules", _("rules were broken")
        SAFETY = "safety", _("safety")
        UNREACHABLE = "unreachable", _("cannot be reached")
        OTHER = "other", _("other")

    program = models.ForeignKey(Program, models.PROTECT, related_name="closures")
    match = models.OneToOneField(Match, models.PROTECT)
    reason = models.CharField(max_length=30, choices=Reason)
    note = models.TextField(blank=True)
    ended_on = models.DateField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self):
        return f"{self.match}: {self.get_reason_display()}"
