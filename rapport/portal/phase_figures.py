"""In which phase matches are, and for how long: counts and the usual number of days, from one grouped query (S2-14)."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F

from rapport.matches.models import Match, PhaseStep


@dataclass(frozen=True)
class PhaseRow:
    """How many open matches are in a phase, and for how many days: in the middle, and the longest."""

    name: str
    phase: str
    matches: int
    usual: int | None
    longest: int | None


def phase_rows(matches, on) -> list[PhaseRow]:
    """One row for each phase, of these open matches. The same query however many there are."""
    steps = PhaseStep.objects.filter(match__in=matches, match__phase=F("phase"), entered_on__lte=on).order_by()
    days = defaultdict(list)
    for phase, entered_on, n in steps.values_list("phase", "entered_on").annotate(n=Count("pk")):
        days[phase].append(((on - entered_on).days, n))
    return [row_of(phase, sorted(days[phase])) for phase in Match.Phase]


def row_of(phase, days):
    """`days`: (days, how many matches), sorted."""
    count = sum(n for _days, n in days)
    return PhaseRow(phase.label, phase.value, count, middle(days, count), days[-1][0] if days else None)


def middle(days, count):
    """The median, the lower one of two."""
    passed = 0
    for length, n in days:
        passed += n
        if 2 * passed >= count:
            return length
    return None
