"""What matching looks at, the rounds, and what came of them."""

from rapport.matching.models.criteria import Criterion
from rapport.matching.models.rounds import Draft, LeftWithout, Round

__all__ = ["Criterion", "Draft", "LeftWithout", "Round"]
