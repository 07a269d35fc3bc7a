"""What stability costs and removes at several positions, tried on those who wait now. Nothing is kept."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.matching import gathering
from rapport.matching.calling import ask_engine
from rapport.matching.rounds import policy, prices

TRIED = (0, 2, 5, 10, 20)  # per cent of all points; the program's own is tried, too


@dataclass
class Position:
    """One position of the slider: how many find a mentor, how many would rather have each other, what it gives up."""

    percent: int
    is_own: bool
    served: int
    blocking: int
    price: str


def tried(program, at):
    """[Position] of those who wait now; nothing where nobody could be paired. Raises calling.NoAnswer."""
    everybody = gathering.gather(program, at)
    if not everybody.mentees or not everybody.mentors:
        return []
    most = sum(one.weight for one in everybody.criteria)
    rule = policy.rules_of(program).get(policy.Code.STABILITY)
    own = rule.amount if rule and rule.is_on else 0
    shares = sorted({*TRIED, own})
    points = [share * most // policy.PERCENT for share in shares]
    rows = ask_engine(everybody.problem(), question="positions", points=points)
    return [
        Position(share, share == own, row["served"], row["blocking"], price(row["price_permille"]))
        for share, row in zip(shares, rows, strict=True)
    ]


def price(permille):
    """What a position gives up of the points without it."""
    return prices.per_cent(permille) if permille else _("nothing")
