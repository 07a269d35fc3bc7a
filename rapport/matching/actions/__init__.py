"""What is done in matching: rounds are drafted, published, dropped; what matching looks at is written down."""

from rapport.matching.actions.criteria import SameName, add_criterion, take_criterion, weigh, write_criteria
from rapport.matching.actions.rounds import NotADraft, draft_round, drop_round, keep_round, publish, settle_draft

__all__ = [
    "NotADraft",
    "SameName",
    "add_criterion",
    "draft_round",
    "drop_round",
    "keep_round",
    "publish",
    "settle_draft",
    "take_criterion",
    "weigh",
    "write_criteria",
]
