"""What is done in matching: rounds are drafted, published, dropped; what matching looks at is written down."""

from rapport.matching.actions.criteria import (
    SameName,
    add_criterion,
    as_it_stands,
    choose,
    keep_words,
    take_criterion,
    weigh,
    write_criteria,
    write_policy,
    write_word_lists,
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
from rapport.matching.actions.placing import PlaceTaken, place
from rapport.matching.actions.rounds import (
    NotADraft,
    NothingLeft,
    draft_round,
    drop_round,
    keep_round,
    publish,
    settle_draft,
)
from rapport.matching.actions.waiting import keep_waiting

__all__ = [
    "BreaksRules",
    "MayNotBe",
    "NoPlace",
    "NotADraft",
    "NothingLeft",
    "PlaceTaken",
    "SameName",
    "add_criterion",
    "as_it_stands",
    "choose",
    "draft_round",
    "drop_round",
    "keep_round",
    "keep_waiting",
    "keep_words",
    "lock_pair",
    "pair_by_hand",
    "place",
    "publish",
    "run_again",
    "settle_draft",
    "take_criterion",
    "take_out",
    "unlock_pair",
    "weigh",
    "write_criteria",
    "write_policy",
    "write_word_lists",
]
