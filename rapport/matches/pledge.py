"""What one pair promised about its meetings, for some days. Pure."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True)
class Pledge:
    """What a pair promised from one day to another, both counted (None: until they end).

    Without `every` no number of meetings is promised, without `minutes` and `hours_a_month` no time.
    """

    from_on: date
    until_on: date | None = None
    every: int | None = None
    unit: str = "weeks"  # or "months", or "days"
    minutes: int | None = None  # of one meeting
    hours_a_month: Fraction | None = None
