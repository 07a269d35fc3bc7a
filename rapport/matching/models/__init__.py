"""What matching looks at, the rounds, what came of them, and what each side said."""

from rapport.matching.models.criteria import Criterion, PolicyRule, WordList
from rapport.matching.models.proposals import Party, Proposal, TurnRule
from rapport.matching.models.questions import Question
from rapport.matching.models.rounds import Draft, LeftWithout, Round
from rapport.matching.models.waiting import Waiting
from rapport.matching.models.wishes import Suggestion, WishAsk

__all__ = [
    "Criterion",
    "Draft",
    "LeftWithout",
    "Party",
    "PolicyRule",
    "Proposal",
    "Question",
    "Round",
    "Suggestion",
    "TurnRule",
    "Waiting",
    "WishAsk",
    "WordList",
]
