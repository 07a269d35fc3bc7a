"""What becomes of proposals when two records are put together."""

from rapport.matching.models import Proposal, Suggestion

FACTS = (
    "state", "by_letter", "asked_at", "expires_at", "answered_at", "said_on", "way", "taken_by_id", "witness", "reason",
    "wants_another", "answers",
)  # fmt: skip


def settle_proposals(stays, goes, at):
    """Of two proposals about one match to one person, the answered one stays; of two answers the later."""
    if goes.answered_at and (stays.answered_at is None or goes.answered_at > stays.answered_at):
        Proposal.objects.filter(pk=stays.pk).update(**{name: getattr(goes, name) for name in FACTS})


def settle_suggestions(stays, goes, at):
    """Of two suggestions of one person in one letter, what was said of either stays; ruled out before chosen."""
    if (goes.is_ruled_out and not stays.is_ruled_out) or (goes.choice and not (stays.choice or stays.is_ruled_out)):
        said = {"choice": goes.choice, "is_ruled_out": goes.is_ruled_out}
        Suggestion.objects.filter(pk=goes.pk).update(choice=None)
        Suggestion.objects.filter(pk=stays.pk).update(**said)
