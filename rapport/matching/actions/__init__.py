"""What is done in matching: rounds are drafted, published, dropped; what matching looks at is written down."""

from rapport.matching.actions.conflicts import declare_conflict, take_conflict_back
from rapport.matching.actions.criteria import (
    SameName,
    add_criterion,
    choose,
    take_criterion,
    weigh,
    write_criteria,
    write_policy,
)
from rapport.matching.actions.editing import (
    BreaksRules,
    MayNotBe,
    NoPlace,
    lock_pair,
    pair_by_hand,
    run_again,
    take_out,
    unlock_pair,
)
from rapport.matching.actions.rounds import NotADraft, draft_round, drop_round, keep_round, publish, settle_draft

__all__ = [
    "BreaksRules",
    "MayNotBe",
    "NoPlace",
    "NotADraft",
    "SameName",
    "add_criterion",
    "declare_conflict",
    "choose",
    "draft_round",
    "drop_round",
    "keep_round",
    "lock_pair",
    "pair_by_hand",
    "publish",
    "run_again",
    "settle_draft",
    "take_conflict_back",
    "take_criterion",
    "take_out",
    "unlock_pair",
    "weigh",
    "write_criteria",
    "write_policy",
]
