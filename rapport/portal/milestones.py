"""The days worth remembering of a match, on one line: those that come by themselves, and those written down by hand.

What comes by itself is worked out at each look from what happened, so a meeting that is put right leaves no wrong first
meeting behind. Months are anniversary months. A reader who may not read one finds no gap.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Min
from django.utils.translation import gettext as _

from rapport.core.months import add_months, day_in
from rapport.matches.models import Goal, Match, Milestone, MilestoneRule, PhaseStep
from rapport.meetings.models import Meeting


@dataclass(frozen=True)
class Day:
    """One day worth remembering, what it is, and the row behind it where somebody wrote it down."""

    on: date
    title: str
    words: str = ""
    row: Milestone | None = None


def milestones_of(match, level, at) -> list[Day]:
    """In the order of their days. A fixed number of queries."""
    today = day_in(at, match.program.zone)
    found = [*beginnings(match), *months_reached(match, today), *goals_reached(match, level), *by_hand(match, level)]
    if match.state == Match.State.CLOSED:
        found.append(Day(match.ended_on, _("They said goodbye")))
    return sorted((one for one in found if one.on <= today), key=lambda one: one.on)


def beginnings(match):
    """When they met first, and when they agreed how to go about it."""
    if match.begun_on and match.counted_from > match.begun_on:
        yield Day(match.begun_on, _("They met, before Rapport"))
    else:
        first = Meeting.objects.filter(match=match, kept_at__isnull=False).aggregate(first=Min("starts_at"))["first"]
        if first:
            yield Day(day_in(first, match.program.zone), _("Met for the first time"))
    agreed = PhaseStep.objects.filter(match=match, why=PhaseStep.Why.AGREED).first()
    signed_on = agreed.entered_on if agreed else match.agreed_on
    if signed_on:
        yield Day(signed_on, _("Agreed how to go about it"))


def months_reached(match, today):
    """Anniversaries that the program remembers."""
    if match.begun_on is None:
        return []
    return months_of(match, MilestoneRule.objects.filter(program=match.program_id, month__isnull=False), today)


def months_of(match, rules, today):
    """Those of these months that they reached while they were together. Pure."""
    until = min(today, match.ended_on) if match.ended_on else today
    days = [Day(add_months(match.begun_on, rule.month), rule.label) for rule in rules]
    return [one for one in days if one.on <= until]


def goals_reached(match, level):
    reached = Goal.objects.filter(match=match, ending=Goal.Ending.REACHED, level__lte=level)
    for goal in reached:
        yield Day(goal.ended_on, _("A goal reached"), _("“%(words)s”") % {"words": goal.words})


def by_hand(match, level):
    for row in Milestone.objects.standing().filter(match=match, level__lte=level):
        yield Day(row.on, row.label, " ".join(filter(None, [there(row), row.words])), row)


def there(row):
    if row.attended is None:
        return ""
    return _("They were there.") if row.attended else _("They were not there.")
