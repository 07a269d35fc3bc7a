"""Writing down what was seen: a clearance, a permission, a yes, a training."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import row as trail_row
from rapport.audit.models import Event
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.onboarding.gatekeeping import kept_away_from, may_consent
from rapport.onboarding.models import Gate
from rapport.people.actions import NotAGuardian
from rapport.people.models import Guardianship, Participant, Person

BATCH = 500
MET, NOT_MET = "gate.met", "gate.not-met"  # as the trail has it
FACTS = ["is_met", "met_on", "valid_until_on", "given_by", "seen_by", "seen_at", "how", "hours", "astray_at"]


class LastDayMissing(Refused):
    """A background check counts until a day."""

    sentence = _("Until when does this background check count? Write its last day.")


class NotYet(Refused):
    """What is seen today was not done tomorrow."""

    sentence = _("The day lies ahead. Write it down once it has come.")


class EndsBeforeItBegins(Refused):
    """The last day lies before the first."""

    sentence = _("The last day lies before the first. Look at both.")


class GiverMissing(Refused):
    """A permission is somebody's."""

    sentence = _("Which guardian gave permission? Choose who it was.")


@dataclass(frozen=True)
class NewGate:
    """What was seen of one gate of one participant. `is_met`: no, where it is not in order or was taken back."""

    participant: Participant
    code: str
    is_met: bool
    met_on: date
    valid_until_on: date | None = None
    given_by: Person | None = None
    how: str = ""
    hours: Any = None


@transaction.atomic
def record_gate(
    participant, *, code, is_met, met_on, valid_until_on=None, given_by=None, how="", hours=None, by, at
) -> Gate:
    """Write down one gate; the last word counts.

    Raises LastDayMissing, NotYet, EndsBeforeItBegins, GiverMissing, NotAGuardian (requirements.md B.2.4, B.2.10).
    """
    row = NewGate(participant, code, is_met, met_on, valid_until_on, given_by, how, hours)
    return record_gates([row], by=by, at=at)[0]


@transaction.atomic
def record_gates(rows, *, by, at) -> list[Gate]:
    """The same for many `NewGate`s; of two rows on one gate the later counts. Returns the gates as they stand now."""
    rows = list({(row.participant.pk, row.code): row for row in rows}.values())
    gates = []
    for start in range(0, len(rows), BATCH):
        gates += record_batch(rows[start : start + BATCH], by=by, at=at)
    return gates


def record_batch(rows, *, by, at):
    """Check, then write. The participants are locked: a match that begins just now sees all of it, or comes first."""
    pks = {row.participant.pk for row in rows}
    list(Participant.objects.select_for_update().filter(pk__in=pks).order_by("pk").values("pk"))
    for row in rows:
        check(row, at)
    check_givers(rows, at)
    there = {(g.participant_id, g.code): g for g in Gate.objects.filter(participant__in=pks)}
    gates = [filled(there.get((row.participant.pk, row.code)), row, by=by, at=at) for row in rows]
    Gate.objects.bulk_create([gate for gate in gates if gate.pk is None])
    Gate.objects.bulk_update([g for g in gates if (g.participant_id, g.code) in there], FACTS)
    Event.objects.bulk_create([told(gate, by, at) for gate in gates])
    return gates


def check(row, at):
    """What one row says must make sense by itself."""
    today = day_in(at, row.participant.program.zone)
    if row.met_on > today:
        raise NotYet(row.participant)
    if row.is_met and row.valid_until_on and row.valid_until_on < row.met_on:
        raise EndsBeforeItBegins(row.participant)
    if row.is_met and row.code == Gate.Code.CLEARANCE and row.valid_until_on is None:
        raise LastDayMissing(row.participant)
    if row.is_met and row.code == Gate.Code.PERMISSION and row.given_by is None:
        raise GiverMissing(row.participant)


def check_givers(rows, at):
    """Permission comes from a living guardian who may consent; anybody may write down that it was taken back."""
    given = [row for row in rows if row.is_met and row.code == Gate.Code.PERMISSION]
    children = {row.participant.person_id for row in given}
    away = kept_away_from(children)
    standing = Guardianship.objects.filter(child__in=children, consents=True).select_related("child")
    standing = {(one.adult_id, one.child_id): one for one in standing}
    for row in given:
        guardianship = standing.get((row.given_by.pk, row.participant.person_id))
        on = day_in(at, row.participant.program.zone)
        if guardianship is None or not may_consent(guardianship, away, on):
            raise NotAGuardian(row.participant)


def filled(gate, row, *, by, at):
    """The gate, new or known, saying what the row says."""
    gate = gate or Gate(program_id=row.participant.program_id, participant=row.participant, code=row.code)
    gate.is_met, gate.met_on, gate.valid_until_on = row.is_met, row.met_on, row.valid_until_on
    gate.given_by, gate.how, gate.hours = row.given_by, row.how[:120], number(row.hours)
    gate.astray_at = None
    gate.seen_by, gate.seen_at = (None if isinstance(by, Person) else by), at
    return gate


def number(hours):
    return None if hours is None else Decimal(str(hours))


def told(gate, by, at):
    """The row of the trail: all that was written down, for the trail is the gate's history."""
    facts = {
        "code": gate.code,
        "participant": gate.participant_id,
        "met_on": str(gate.met_on),
        "valid_until_on": str(gate.valid_until_on or ""),
        "given_by": gate.given_by_id,
        "how": gate.how,
        "hours": "" if gate.hours is None else str(gate.hours),
    }
    return trail_row(Event.Kind.WRITE, MET if gate.is_met else NOT_MET, gate, by, at, 2, facts)
