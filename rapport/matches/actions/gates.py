"""When a gate is taken back or runs out after a match has begun: the match stays, its coordinator is called at once."""

from collections import defaultdict

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from rapport.core.due import LOOK_BACK
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.matches.models import Match, Member
from rapport.matches.questions import Readiness
from rapport.onboarding.actions import record_gate
from rapport.onboarding.gatekeeping import label_of
from rapport.onboarding.models import Gate
from rapport.programs.models import GateRule
from rapport.tasks.actions import NewTask, add_tasks
from rapport.tasks.models import Task

Code = Gate.Code
KIND = "matches/gate-lost/"  # and the gate's code
PRESSING = 2  # right after a waiting child
TO_CONFIRM = lazy(
    "%(name)s: the %(what)s may be somebody else's, for another reads that address. Ask again today by another way and "
    "decide with them. Nothing ends by itself."
)


@transaction.atomic
def withdraw_gate(participant, *, code, met_on=None, given_by=None, how="", by, at) -> Gate:
    """Write down that this gate no longer stands: taken back, or seen and not in order; calls whoever coordinates.

    Raises NotYet.
    """
    met_on = met_on or day_in(at, participant.program.zone)
    gate = record_gate(participant, code=code, is_met=False, met_on=met_on, given_by=given_by, how=how, by=by, at=at)
    call_about([gate], at=at)
    return gate


@transaction.atomic
def call_about_lost_gates(*, at, limit):
    """The same for gates that ran out, or were recorded as not met in another way. Returns how many calls were made.

    Gates that call nobody (advised, off, of a person in no open match that asks) are passed over.
    """
    after = 0
    while gates := list(lost_gates(at).filter(pk__gt=after).order_by("pk")[:limit]):
        called = call_about(gates, at=at)
        if called:
            return len(called)
        after = gates[-1].pk
    return 0


def lost_gates(at):
    """Gates not met, or run out these days, of people in an open match, for which nobody was called since."""
    called = Task.objects.filter(
        kind=Concat(Value(KIND), OuterRef("code")),
        person=OuterRef("participant__person"),
        made_at__gte=OuterRef("seen_at"),
    )
    called_since = called.filter(made_at__gt=OuterRef("valid_until_on"))
    places = Member.objects.filter(participant=OuterRef("participant"), match__in=Match.objects.open())
    over = Q(valid_until_on__range=((at - LOOK_BACK).date(), at.date()), is_met=True) & ~Exists(called_since)
    lost = Gate.objects.filter(Exists(places), Q(is_met=False) & ~Exists(called) | over)
    return lost.select_related("participant__person", "given_by")


def call_about(gates, *, at):
    """One task for each open match that a gate it must have was lost in; one cause makes one task."""
    lost = defaultdict(list)
    for gate in gates:
        lost[gate.participant_id].append(gate)
    places = Member.objects.filter(participant__in=list(lost), match__in=Match.objects.open())
    places = list(places.select_related("match__program", "match__coordinator", "participant__person"))
    readiness = Readiness([place.match for place in places], at)
    asked = [
        (gate, place) for place in places for gate in lost[place.participant_id] if is_asked(gate, place, readiness)
    ]
    return add_tasks([task_of(gate, place, at) for gate, place in asked], by=None, at=at)


def is_asked(gate, place, readiness):
    """Whether this match must have this gate; one that is only advised, or off, calls nobody."""
    on, with_minor = readiness.on(place.match), readiness.has_minor(place.match)
    asked = readiness.book.asked(place.participant, on, with_minor=with_minor)
    return any(one.code == gate.code and one.weight == GateRule.Weight.HARD and one.lack for one in asked)


@override(OF_STAFF)
def task_of(gate, place, at):
    return NewTask(
        program=place.match.program,
        kind=f"{KIND}{gate.code}",
        owner=place.match.coordinator,
        person=place.participant.person,
        about=place.match,
        reason=in_own_words(gate, place),
        due_at=at,
        late_at=None,
        cause_key=f"gate:{gate.pk}:{since(gate)}:match:{place.match.ref}",
        pressing=PRESSING,
    )


def since(gate):
    """What makes a loss another one: when it was seen, or the day it ran out."""
    if gate.astray_at:
        return f"astray {gate.astray_at.isoformat()}"
    return f"until {gate.valid_until_on}" if gate.is_met else gate.seen_at.isoformat()


def in_own_words(gate, place):
    with spoken_as(place.match.program):
        return what_to_do(gate, place)


def what_to_do(gate, place):
    """What happened and what comes next, in words for a tired coordinator."""
    said = {"name": place.participant.person.first_name, "what": label_of(gate.code)}
    if gate.astray_at:
        return TO_CONFIRM % said
    if gate.is_met:
        said["day"] = date_format(gate.valid_until_on, "j F Y")
        return _("%(name)s: the %(what)s ran out on %(day)s. Pause the match until there is a new one.") % said
    if gate.code == Code.ASSENT:
        return _("%(name)s does not want to go on. Talk with %(name)s alone, and pause the match till then.") % said
    if gate.code == Code.PERMISSION:
        return _("Permission for %(name)s was taken back. Pause the match, and talk with the guardian.") % said
    if gate.code == Code.CONSENT:
        return _("%(name)s no longer agrees to take part. Talk with them about how it goes on or ends.") % said
    return _("%(name)s: the %(what)s is not in order any more. Pause the match until it is.") % said
