"""Two gates of one kind, and two ends of taking part, where two records are put together."""

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.onboarding.actions.gates import record_gate
from rapport.onboarding.models import Decision, Gate, Leaving
from rapport.people.models import Consent, Participant

STRICTER_FIRST = (Decision.Says.NOT_SUITABLE, Decision.Says.LATER, Decision.Says.SUITABLE)
FACTS = ("is_met", "met_on", "valid_until_on", "given_by_id", "seen_by_id", "seen_at", "how", "hours", "astray_at")


def settle_gate(stays, goes, at):
    """The stricter one stands: what was seen and is not clear, or else what runs out first."""
    if strictness(goes) < strictness(stays):
        Gate.objects.filter(pk=stays.pk).update(**{name: getattr(goes, name) for name in FACTS})


def strictness(gate):
    return gate.is_met, gate.astray_at is None, gate.valid_until_on is None, gate.valid_until_on or gate.met_on


def settle_decision(stays, goes, at):
    """Of the last word on either record the stricter one counts. Decisions never change: it is written anew where the
    other one came later."""
    if Decision.objects.filter(participant=goes.participant_id, pk__gt=goes.pk).exists():
        return
    strict, other = sorted((stays, goes), key=lambda row: STRICTER_FIRST.index(row.says))
    if strict.says != other.says and strict.pk < other.pk:
        Decision.objects.create(
            program=strict.program, participant=stays.participant, says=strict.says, reason=strict.reason,
            referral=strict.referral, look_again_on=strict.look_again_on, decided_by=strict.decided_by, decided_at=at,
        )  # fmt: skip


def settle_leaving(stays, goes, at):
    """Both have left: the later day counts."""
    over = goes if goes.left_on <= stays.left_on else stays
    Leaving.objects.filter(pk=over.pk).update(back_at=at)


def whoever_is_here_has_not_left(person, *, by, at):
    """One record had left and the other takes part: they take part."""
    gone = Leaving.objects.filter(participant__person=person, participant__left_at=None, back_at=None)
    gone.update(back_at=at, back_by=by)


def a_no_takes_its_gate_back(person, *, by, at):
    """A no to taking part that holds because of two records takes back the gate that followed the yes."""
    anew = Consent.objects.filter(purpose=Consent.Purpose.JOIN, is_given=False, given_at=at, recorded_by=by)
    words = anew.filter(Q(person=person) | Q(given_by=person)).select_related("program", "person", "given_by")
    for word in words.order_by("pk"):
        on = at.astimezone(word.program.zone).date()
        for part in Participant.objects.filter(program=word.program, person=word.person):
            gate = Gate.objects.filter(participant=part, code=gate_of(word, on), is_met=True).first()
            if gate:
                how = _("one record said yes, the other no")
                record_gate(
                    part, code=gate.code, is_met=False, met_on=on, given_by=word.given_by, how=how, by=by, at=at
                )


def gate_of(word, on):
    if word.given_by_id != word.person_id:
        return Gate.Code.PERMISSION
    return Gate.Code.ASSENT if word.person.counts_as_child(word.program, on) else Gate.Code.CONSENT
