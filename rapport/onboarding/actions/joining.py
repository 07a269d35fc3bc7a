"""Two gates of one kind, and two ends of taking part, where two records are put together."""

from rapport.onboarding.models import Decision, Gate, Leaving

STRICTER_FIRST = (Decision.Says.NOT_SUITABLE, Decision.Says.LATER, Decision.Says.SUITABLE)
FACTS = ("is_met", "met_on", "valid_until_on", "given_by_id", "seen_by_id", "seen_at", "how", "hours")


def settle_gate(stays, goes, at):
    """The stricter one stands: what was seen and is not clear, or else what runs out first."""
    if strictness(goes) < strictness(stays):
        Gate.objects.filter(pk=stays.pk).update(**{name: getattr(goes, name) for name in FACTS})


def strictness(gate):
    return gate.is_met, gate.valid_until_on is None, gate.valid_until_on or gate.met_on


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
