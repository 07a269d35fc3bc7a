"""What is done in matching: rounds are drafted, published, dropped; what matching looks at is written down."""

from rapport.matching.actions.rounds import (
    NotADraft,
    draft_round,
    drop_round,
    keep_round,
    publish,
    settle_draft,
    write_criteria,
)

__all__ = ["NotADraft", "draft_round", "drop_round", "keep_round", "publish", "settle_draft", "write_criteria"]
