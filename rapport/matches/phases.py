"""How long a match was in each phase, as its steps tell. Pure but for one query."""

from dataclasses import dataclass
from datetime import date

from rapport.matches.models import Match, PhaseStep

ORDER = [phase.value for phase in Match.Phase]


@dataclass(frozen=True)
class Stay:
    """A phase that a match was in: from when (counted) to when (not counted; None: still), and why it began."""

    phase: str
    from_on: date
    until_on: date | None
    days: int
    why: str

    @property
    def name(self):
        return Match.Phase(self.phase).label

    @property
    def reason(self):
        return PhaseStep.Why(self.why).label


def phases_of(matches, on):
    """{match id: [Stay]} in the order of the phases, as known on that day. One query.

    A match that ended is in none after its last day.
    """
    steps = {match.pk: [] for match in matches}
    for step in PhaseStep.objects.filter(match__in=list(steps), entered_on__lte=on):
        steps[step.match_id].append(step)
    return {match.pk: stays(steps[match.pk], match.ended_on, on) for match in matches}


def stays(steps, ended_on, on):
    """Each step until the next one begins, the last until the match ended."""
    steps = sorted(steps, key=lambda step: ORDER.index(step.phase))
    last = ended_on if ended_on and ended_on <= on else None
    ends = [*(step.entered_on for step in steps[1:]), last][: len(steps)]
    return [
        Stay(step.phase, step.entered_on, until, max(0, ((until or on) - step.entered_on).days), step.why)
        for step, until in zip(steps, ends, strict=True)
    ]
