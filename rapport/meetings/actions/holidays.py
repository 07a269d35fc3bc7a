"""What a young pair does over a break: asked of the mentor, agreed by staff, and a welcome back when it is over.

A break is a run of closed days long enough to part them (`break-days`). Each pair gets one row, `holiday-ahead` days
before; nobody is reminded. What is not agreed `holiday-call` days before stands on one list for each coordinator.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.audit.actions import record, record_many
from rapport.core.due import LOOK_BACK
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.matches.models import Match, Member
from rapport.meetings.models import HolidayPlan
from rapport.meetings.refusals import HolidayUnclear, NotTheirMeeting
from rapport.meetings.sheet.letters import apart, whom_to_tell
from rapport.outbox.actions import Outgoing, queue_many
from rapport.people.models import Participant
from rapport.programs.models import ClosedTime, Program
from rapport.tasks.actions import NewTask, add_tasks, finish
from rapport.tasks.models import Task

DAY = timedelta(days=1)
ASKED, WELCOME, CALL = "meetings/holiday", "meetings/welcome-back", "meetings/holiday-plans"
AHEAD, LONG, TO_CALL = "holiday-ahead", "break-days", "holiday-call"
NAMED = 5  # pairs named in one task


@transaction.atomic
def ask_about_holidays(*, at, limit):
    """Breaks that come into sight: a row for each young pair, and one letter to its mentors. Returns how many rows."""
    made = []
    for program in young_programs():
        for closed in breaks(program, at, AHEAD):
            missing = pairs_of(closed).exclude(holiday_plans__starts_on=closed.starts_on).order_by("pk")
            for match in missing.select_related("program")[: limit - len(made)]:
                made.append(plan_of(match, closed, at))
            if len(made) >= limit:
                break
    HolidayPlan.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    write_to_mentors(made, at)
    return len(made)


def write_to_mentors(plans, at):
    """One letter to each mentor of these pairs; the outbox sends a person one a day."""
    members = Member.objects.filter(match__in=[one.match_id for one in plans]).select_related("participant__person")
    people = defaultdict(lambda: defaultdict(list))
    for place in members:
        people[place.match_id][place.side].append(place.participant.person)
    rows = []
    for plan in plans:
        here, first = people[plan.match_id], f"holiday:{plan.match.ref}:{plan.starts_on}"
        facts = facts_of(plan) | {"about": sorted(one.pk for one in here[Participant.Side.MENTEE])}
        rows += [Outgoing(one, plan.match, f"{first}:{one.ref}", facts) for one in here[Participant.Side.MENTOR]]
    queue_many(ASKED, rows, at=at)


def young_programs():
    """Programs in which there may be children; those of adults need nobody to plan their holidays."""
    return list(Program.objects.open().filter(adults_only=False).prefetch_related("limits").order_by("pk"))


def breaks(program, at, code):
    """Breaks of a program or one of its sites that begin within so many days and are long enough."""
    today = day_in(at, program.zone)
    rows = ClosedTime.objects.filter(program=program, starts_on__gt=today, starts_on__lte=today + program.limit(code))
    least = program.limit(LONG)
    return [row for row in rows.order_by("starts_on", "pk") if row.ends_on - row.starts_on + DAY >= least]


def pairs_of(closed):
    pairs = Match.objects.active().confirmed().filter(program=closed.program_id)
    return pairs.filter(site=closed.site_id) if closed.site_id else pairs


def plan_of(match, closed, at):
    return HolidayPlan(
        program=match.program, match=match, starts_on=closed.starts_on, ends_on=closed.ends_on, asked_at=at
    )


def facts_of(plan):
    return {"first": str(plan.starts_on), "last": str(plan.ends_on)}


@transaction.atomic
def say_holiday(plan, *, contact, channel="", back_on=None, person, by, at):
    """Keep what the mentor means to do; staff agree to it. Raises HolidayUnclear, NotTheirMeeting."""
    mentors = Member.objects.filter(match=plan.match_id, side=Participant.Side.MENTOR)
    if not mentors.filter(participant__person=person).exists():
        raise NotTheirMeeting(plan)
    require_clear(plan, contact, channel, back_on)
    said = {"contact": contact, "channel": channel if contact else "", "back_on": back_on}
    if HolidayPlan.objects.filter(pk=plan.pk, agreed_at=None).update(**said, said_by=person, said_at=at):
        record("holiday.said", about=plan, by=by, at=at)


@transaction.atomic
def agree_holiday(plan, *, contact, channel="", back_on=None, worries_to="", by, at):
    """Say that it is to be so, and who answers worries meanwhile. The last pair of a list ends its task.

    Raises HolidayUnclear.
    """
    require_clear(plan, contact, channel, back_on)
    said = {"contact": contact, "channel": channel if contact else "", "back_on": back_on, "worries_to": worries_to}
    HolidayPlan.objects.filter(pk=plan.pk).update(**said, agreed_by=by, agreed_at=at)
    record("holiday.agreed", about=plan, by=by, at=at, contact=contact)
    match = plan.match
    open_ones = HolidayPlan.objects.filter(starts_on=plan.starts_on, match__coordinator=match.coordinator_id)
    if not open_ones.filter(match__in=pairs_like(match), agreed_at=None).exists():
        finish(list(Task.objects.open().filter(kind=CALL, cause_key=key_of(plan.starts_on, match))), by=by, at=at)


def pairs_like(match):
    return Match.objects.active().filter(program=match.program_id, site=match.site_id)


def require_clear(plan, contact, channel, back_on):
    if contact is None or (contact and channel not in HolidayPlan.Channel.values):
        raise HolidayUnclear(plan)
    if back_on and back_on < plan.starts_on:
        raise HolidayUnclear(plan)


def key_of(starts_on, match):
    return f"holiday:{starts_on}:{match.program_id}:{match.site_id or 'all'}:{match.coordinator_id}"


@transaction.atomic
def call_about_holidays(*, at, limit):
    """One task for each site, break and coordinator: every pair of theirs without an agreed plan. Returns how many."""
    lists = defaultdict(list)
    for program in young_programs():
        for closed in breaks(program, at, TO_CALL):
            open_ones = HolidayPlan.objects.filter(
                starts_on=closed.starts_on, match__in=pairs_of(closed), agreed_at=None
            )
            plans = open_ones.select_related("match__program", "match__coordinator", "match__site")
            for plan in plans.order_by("pk"):
                lists[key_of(plan.starts_on, plan.match)].append(plan)
    known = set(Task.objects.filter(kind=CALL, cause_key__in=lists).values_list("cause_key", flat=True))
    new = {key: plans for key, plans in lists.items() if key not in known and plans[0].match.coordinator}
    titles = titles_of([plan.match_id for plans in new.values() for plan in plans[:NAMED]])
    return len(add_tasks([task_of(key, new[key], titles, at) for key in list(new)[:limit]], by=None, at=at))


def titles_of(matches):
    return {match.pk: match.title for match in Match.objects.filter(pk__in=matches).with_people()}


def task_of(key, plans, titles, at):
    match = plans[0].match
    with spoken_as(match.program):
        names = ", ".join(titles[plan.match_id] for plan in plans[:NAMED])
        more = len(plans) - NAMED
        if more > 0:
            names += ngettext(" and %(n)d more", " and %(n)d more", more) % {"n": more}
        day = date_format(plans[0].starts_on, "j F")
        words = _("Before the break of %(day)s, agree how they keep in touch: %(names)s.") % {
            "day": day,
            "names": names,
        }
    return NewTask(
        program=match.program, kind=CALL, owner=match.coordinator, person=None, about=None, reason=words, due_at=at,
        late_at=None, cause_key=key, ends_with_match=False,
    )  # fmt: skip


@transaction.atomic
def welcome_back(*, at, limit):
    """The break is over: each pair is welcomed back, before anybody is asked anything. Returns how many pairs."""
    near = Q(ends_on__lt=(at + DAY).date(), ends_on__gte=(at - LOOK_BACK).date())
    plans = HolidayPlan.objects.filter(near, welcomed_at=None, match__state=Match.State.ACTIVE)
    closed_now = ClosedTime.objects.filter(
        program=OuterRef("program"), starts_on__lte=at.date(), ends_on__gte=at.date()
    )
    closed_now = closed_now.filter(Q(site=None) | Q(site=OuterRef("match__site")))
    plans = plans.filter(~Exists(closed_now)).select_related("program", "match").order_by("pk")[:limit]
    over = [plan for plan in plans if plan.ends_on < day_in(at, plan.program.zone)]
    HolidayPlan.objects.filter(pk__in=[plan.pk for plan in over]).update(welcomed_at=at)
    for plan in over:
        told = apart(whom_to_tell([plan.match_id], plan.program, day_in(at, plan.program.zone)), at)
        rows = [
            Outgoing(one, plan.match, f"welcome:{plan.ref}:{one.ref}", {"about": about}) for one, about in told.items()
        ]
        queue_many(WELCOME, rows, program=plan.program, at=at)
    record_many("holiday.over", about=over, by=None, at=at)
    return len(over)
