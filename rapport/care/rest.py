"""What can be said of the matches that nobody must call about today, and the figures of the month.

Each figure is made of rows this reader may see. A sentence that cannot be proved is not said: a match is safe until the
first moment at which anything about it falls due, and only while all that is known of it is well.
"""

from dataclasses import dataclass, field
from datetime import time, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from rapport.access.rights import Right
from rapport.care.models import Finding
from rapport.care.questions import levels_for, standings
from rapport.care.talks import next_talks
from rapport.checkins.models import CheckIn
from rapport.core.about import type_of
from rapport.core.months import add_months, day_in, moment
from rapport.matches.models import Match, Pause
from rapport.meetings.models import Meeting
from rapport.tasks.models import SEALED, Task

LOOK_AHEAD = timedelta(days=7)  # findings are looked at daily; nothing is promised for longer than a week
MIDNIGHT = time(0)
REASONS = {
    "thriving": _("met every time"),
    "steady": _("met, though not every time"),
    "paused": _("rest, with a day of return"),
}


@dataclass
class Rest:
    """The reader's open matches: in the calls, safe until a day, unknown, or watched with nothing to do today.

    The four add up to all of them.
    """

    at: object = None
    zone: object = None
    all: int = 0
    in_calls: int = 0
    safe: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    watched: list = field(default_factory=list)
    until: object = None
    kinds: dict = field(default_factory=dict)

    @property
    def others(self):
        return self.all - self.in_calls

    @property
    def reasons(self):
        """Why the safe ones are called so, and how many for each reason; they add up to all of these."""
        return [(words, self.kinds[kind]) for kind, words in REASONS.items() if kind in self.kinds]


def own_matches(user, program, at):
    """The open matches this reader supports and sees."""
    return Match.objects.open().filter(program=program, coordinator=user).visible_to(user, Right.MATCH_VIEW, at)


def rest_for(user, program, groups, at):
    """The reader's own caseload: what is in the calls, what is safe until when and why, and what nobody knows."""
    caseload = list(own_matches(user, program, at).with_people())
    if not caseload:
        return Rest()
    ahead = at + Task.AHEAD
    for match in caseload:
        match.program = program
    pks = [match.pk for match in caseload]
    levels = levels_for(caseload, user, at)
    dues = [*promised_acts(pks, user, levels), *late_talks(pks), *coming_talks(caseload, at)]
    called = {pk for pk, due_at in dues if due_at <= ahead} | on_desk(groups)
    how = standings(caseload, levels)
    back = coming_back(pks, program.zone)
    rest = Rest(at, program.zone, all=len(caseload), in_calls=len([pk for pk in pks if pk in called]))
    for match in (match for match in caseload if match.pk not in called):
        kind = kind_of(match, how[match.pk].state, back, at)
        if kind == "unknown":
            rest.unknown.append(match)
        elif not kind:
            rest.watched.append(match)
        else:
            rest.safe.append(match)
            rest.kinds[kind] = rest.kinds.get(kind, 0) + 1
    safe = {match.pk for match in rest.safe}
    ends = [due_at for pk, due_at in [*dues, *back.items()] if pk in safe]
    rest.until = min([*ends, at + LOOK_AHEAD])
    return rest


def on_desk(groups):
    """Matches that this reader's calls are about."""
    about = type_of(Match).pk
    return {t.about_id for g in groups for t in g.tasks if t.level < SEALED and t.about_type_id == about}


def promised_acts(pks, user, levels):
    """When something is to be done about a match, on whosever desk: as far as this reader may know of it."""
    tasks = Task.objects.open().counted().filter(about_type=type_of(Match), about_id__in=pks, due_at__isnull=False)
    rows = tasks.values_list("about_id", "due_at", "owner", "level")
    return [(pk, due_at) for pk, due_at, owner, level in rows if owner == user.pk or level <= levels[pk]]


def late_talks(pks):
    """When an open check-in becomes late: until then it is on its way."""
    rows = CheckIn.objects.filter(match__in=pks, state="open", late_at__isnull=False)
    return rows.untouched().values_list("match", "late_at")


def coming_talks(matches, at):
    """When a talk that the program promises falls due, for pairs that meet now."""
    active = [match for match in matches if match.state == Match.State.ACTIVE and not match.awaits_checks]
    return [(match.pk, moment(day, MIDNIGHT, match.program.zone)) for match, day in next_talks(active, at)]


def coming_back(pks, zone):
    """When a paused match means to go on."""
    resting = Pause.objects.filter(match__in=pks, match__state=Match.State.PAUSED, ended_on=None, back_on__isnull=False)
    return {pk: moment(day, MIDNIGHT, zone) for pk, day in resting.values_list("match", "back_on")}


def kind_of(match, state, back, at):
    """Why this match may be called safe; "unknown" where nobody knows; nothing where it is neither."""
    if match.awaits_checks:
        return "unknown"
    if match.state == Match.State.PAUSED:
        return "paused" if match.pk in back and back[match.pk] > at else "unknown"
    return {
        Finding.Says.THRIVING: "thriving",
        Finding.Says.STEADY: "steady",
        Finding.Says.UNKNOWN: "unknown",
    }.get(state, "")


def month_figures(user, program, at):
    """This month so far in the reader's own open matches: how expected meetings went, and which talks were kept."""
    first = day_in(at, program.zone).replace(day=1)
    start, end = moment(first, MIDNIGHT, program.zone), moment(add_months(first, 1), MIDNIGHT, program.zone)
    mine = own_matches(user, program, at).values("pk")
    rows = Meeting.objects.past(at).filter(match__in=mine, plan__isnull=False, excused_at=None)
    held, missed = Q(kept_at__isnull=False), Q(missed_at__isnull=False)
    talks = CheckIn.objects.filter(match__in=mine, excused_at=None, due_at__gte=start, late_at__lte=at)
    kept = talks.aggregate(talks=Count("pk"), talks_kept=Count("pk", filter=held))
    return kept | rows.filter(starts_at__gte=start, starts_at__lt=end).aggregate(
        expected=Count("pk"), held=Count("pk", filter=held), missed=Count("pk", filter=missed),
        unknown=Count("pk", filter=~held & ~missed),
    )  # fmt: skip
