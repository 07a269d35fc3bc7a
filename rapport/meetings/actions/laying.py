"""The clock lays expected meetings out, and excuses those that fall on closed days or into a pause.

A meeting stands for the day on which it was first to be: where one was moved away, or somebody spoke of it, no plan
lays another on that day. Days that are open again are laid anew.

A pass costs what it lays: `laid_until_on` is the day before the plan's next meeting that lies beyond the horizon, so a
plan is looked at on the day when that meeting comes into sight and not before.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.audit.actions import record_many
from rapport.core.due import LOOK_BACK
from rapport.core.months import day_in, moment
from rapport.matches.models import Match, Pause
from rapport.meetings.actions.planning import excuse
from rapport.meetings.models import Log, Meeting, Plan
from rapport.meetings.rhythm import Calendar, day_after, days_between
from rapport.programs.actions import looked_at
from rapport.programs.models import ClosedTime, Program, Reopening

DAY = timedelta(days=1)
BATCH = 500
MOST_SPANS = 100  # closed times looked at in one query
NEVER = date.max  # of a plan that lays nothing any more
OVER = (Match.State.CLOSED, Match.State.NOT_BEGUN)


@transaction.atomic
def lay_out_meetings(*, at, limit):
    """Expected meetings come into being `plan-ahead` days before; what a closed day or a pause took is excused."""
    horizons = horizons_of(at)
    expect_again(horizons, at)
    done = lay_out(horizons, at, limit)
    done += excuse_closed(horizons, at, limit)
    return done + excuse_paused(at, limit)


def horizons_of(at):
    """Until which day each program lays out: {program: day}. A program without the limit lays out nothing."""
    programs = Program.objects.open().with_limits()
    known = [(program, program.limits_by_code.get("plan-ahead")) for program in programs]
    return {program: day_in(at, program.zone) + limit.measure for program, limit in known if limit is not None}


def lay_out(horizons, at, limit):
    """Lay out the plans whose next meeting has come into sight. Returns how many plans."""
    plans = list(due_plans(horizons)[:limit])
    if not plans:
        return 0
    programs = {program.pk: program for program in horizons}
    horizon_of = {program.pk: day for program, day in horizons.items()}
    calendar = Calendar(programs, since := min(starts_of(plan, programs[plan.program_id]) for plan in plans))
    taken = taken_days(plans, since, programs)
    meetings, laid = [], defaultdict(list)
    for plan in plans:
        program, until = programs[plan.program_id], horizon_of[plan.program_id]
        meetings += meetings_of(plan, program, until, calendar, taken)
        laid[laid_until(plan, until)].append(plan.pk)
    Meeting.objects.bulk_create(meetings, batch_size=BATCH, ignore_conflicts=True)
    for day, pks in laid.items():
        Plan.objects.filter(pk__in=pks).update(laid_until_on=day)
    return len(plans)


def due_plans(horizons):
    """Plans whose next meeting may lie before the horizon; locked, so that nobody ends one while it is laid out."""
    by_day = defaultdict(list)
    for program, day in horizons.items():
        by_day[day].append(program.pk)
    near = Q(pk=None)
    for day, pks in by_day.items():
        near |= Q(program__in=pks) & (Q(laid_until_on=None) | Q(laid_until_on__lt=day))
    plans = Plan.objects.filter(near, match__awaits_checks=False).exclude(match__state=Match.State.PROPOSED)
    plans = plans.select_related("match")
    return plans.order_by("pk").select_for_update(of=("self",), skip_locked=True)


def starts_of(plan, program):
    """The day before the first one on which this plan may expect anything."""
    known = [program.using_since_on, plan.match.begun_on, plan.match.counts_from_on]
    first = max(plan.from_on, *(day for day in known if day))
    return max(first - DAY, plan.laid_until_on or first - DAY)


def taken_days(plans, since, programs):
    """(match id, day) of what is expected already: for each the day on which it was first to be."""
    first = datetime.combine(since, time(0), tzinfo=UTC) - DAY
    there = Meeting.objects.filter(plan__isnull=False, match__in=[plan.match_id for plan in plans])
    rows = [
        *there.filter(moved_from_at=None, starts_at__gte=first).values_list("match", "program", "starts_at"),
        *there.filter(moved_from_at__gte=first).values_list("match", "program", "moved_from_at"),
    ]
    return {(match, day_in(starts_at, programs[program].zone)) for match, program, starts_at in rows}


def meetings_of(plan, program, until, calendar, taken):
    """The meetings of one plan that are not laid out yet, unsaved."""
    if plan.match.state in OVER:
        return []
    last = min(until, plan.until_on or until)
    days = days_between(plan, starts_of(plan, program), last)
    free = [day for day in days if (plan.match_id, day) not in taken and not calendar.is_closed(plan.match, day)]
    return [meeting(plan, program, day) for day in free]


def meeting(plan, program, day):
    starts_at = moment(day, plan.starts_at, program.zone)
    ends_at = starts_at + timedelta(minutes=plan.minutes)
    return Meeting(
        program=program, match=plan.match, plan=plan, starts_at=starts_at, ends_at=ends_at, due_at=starts_at,
        lapses_at=ends_at, place=plan.place, mode=plan.mode,
    )  # fmt: skip


def laid_until(plan, until):
    """Until which day nothing is left to lay out."""
    if plan.match.state in OVER:
        return NEVER
    coming = day_after(plan, until)
    return NEVER if plan.until_on and coming > plan.until_on else coming - DAY


def excuse_closed(horizons, at, limit):
    """A site closed later: expected meetings on its closed days that are not over yet are excused."""
    rows = ClosedTime.objects.filter(program__in=[p.pk for p in horizons], ends_on__gte=(at - DAY).date())
    spans = [row for row in rows.order_by("pk") if row.starts_on <= max(horizons.values())]
    programs = {program.pk: program for program in horizons}
    found = []
    for start in range(0, len(spans), MOST_SPANS):
        within = Q(pk=None)
        for row in spans[start : start + MOST_SPANS]:
            within |= on_closed_days(row, programs[row.program_id])
        found += Meeting.objects.untouched().filter(within, plan__isnull=False, ends_at__gt=at)[:limit]
    if not found:
        return 0
    return excuse(found[:limit], excuse=_("closed on that day"), cause=Meeting.Cause.CLOSED, by=None, at=at)


def expect_again(horizons, at):
    """Days that are open again: what was excused on them is expected once more, and what was never laid out will be.

    Nothing of the past: nobody was expected then.
    """
    rows = list(Reopening.objects.filter(program__in=[p.pk for p in horizons], looked_at=None).order_by("pk"))
    if not rows:
        return
    programs = {program.pk: program for program in horizons}
    calendar = Calendar(programs, min(row.starts_on for row in rows))
    for row in rows:
        program = programs[row.program_id]
        unexcuse(row, program, calendar, at)
        first = max(row.starts_on, day_in(at, program.zone))
        plans = Plan.objects.filter(program=program, laid_until_on__gte=first)
        plans = plans.filter(match__site=row.site_id) if row.site_id else plans
        plans.filter(Q(until_on=None) | Q(until_on__gte=first)).update(laid_until_on=first - DAY)
    looked_at(rows, at=at)


def unexcuse(row, program, calendar, at):
    """What only the closed day took; what somebody spoke of stays as it is."""
    taken = Meeting.objects.excused().filter(on_closed_days(row, program), plan__isnull=False, starts_at__gt=at)
    taken = taken.filter(Q(cause=Meeting.Cause.CLOSED) | Q(excuse=_("closed on that day")), cancelled_at=None)
    taken = taken.exclude(pk__in=Log.objects.filter(meeting__in=taken).values("meeting")).select_related("match")
    back = [one for one in taken if not calendar.is_closed(one.match, day_in(one.starts_at, program.zone))]
    for start in range(0, len(back), BATCH):
        keys = [one.pk for one in back[start : start + BATCH]]
        Meeting.objects.filter(pk__in=keys).update(excused_at=None, excuse="", cause="")
    record_many("meeting.expected-again", about=back, by=None, at=at)


def on_closed_days(row, program):
    first, after = (moment(day, time(0), program.zone) for day in (row.starts_on, row.ends_on + DAY))
    days = Q(program=program, starts_at__gte=first, starts_at__lt=after)
    return days & Q(match__site=row.site_id) if row.site_id else days


def excuse_paused(at, limit):
    """What was expected while a pair rests is excused once it would have begun: until then they may go on."""
    near = Meeting.objects.untouched().filter(plan__isnull=False, starts_at__lte=at, ends_at__gt=at - LOOK_BACK)
    resting = Pause.objects.filter(Q(ended_on=None) | Q(ended_on__gte=(at - LOOK_BACK - DAY).date()))
    pauses = defaultdict(list)
    for pause in resting.filter(starts_on__lte=(at + DAY).date(), match__state__in=Match.OPEN):
        pauses[pause.match_id].append(pause)
    if not pauses:
        return 0
    rows = near.filter(match__in=resting.values("match")).select_related("program").order_by("starts_at")
    found = [row for row in rows if rests(row, pauses.get(row.match_id, ()))]
    return excuse(found[:limit], excuse=_("the match rested"), by=None, at=at) if found else 0


def rests(meeting, pauses):
    day = day_in(meeting.starts_at, meeting.program.zone)
    return any(pause.starts_on <= day and (pause.ended_on is None or day < pause.ended_on) for pause in pauses)
