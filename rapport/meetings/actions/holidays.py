"""What a young pair does over a break: asked of the mentor, agreed by staff, and a welcome back when it is over.

A break is a run of closed days long enough to part them (`break-days`). Each pair gets one row, `holiday-ahead` days
before; nobody is reminded. What is not agreed `holiday-call` days before stands on one list for each coordinator.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from rapport.audit.actions import record, record_many
from rapport.core.days import DayIn
from rapport.core.due import LOOK_BACK
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.matches.models import Match, Member
from rapport.meetings.actions.breaks import CALL, follow_the_calendar, spans_of_plans
from rapport.meetings.actions.breaks import key_of as key_of_place
from rapport.meetings.breaks import AHEAD, TO_CALL, Breaks
from rapport.meetings.models import HolidayPlan
from rapport.meetings.refusals import HolidayUnclear, NotTheirMeeting
from rapport.meetings.sheet.letters import around_each
from rapport.outbox.actions import Outgoing, queue_many
from rapport.people.models import Participant
from rapport.programs.models import ClosedTime, Program
from rapport.tasks.actions import NewTask, add_tasks, finish
from rapport.tasks.models import Task

DAY = timedelta(days=1)
ASKED, WELCOME = "meetings/holiday", "meetings/welcome-back"
NAMED = 5  # pairs named in one task


class OneList(NamedTuple):
    """Which plans stand on one list."""

    starts_on: date
    program: int
    site: int | None
    coordinator: int | None


COLUMNS = ("starts_on", "program", "match__site", "match__coordinator")


def key_of(starts_on, program, site, coordinator):
    return f"{key_of_place(starts_on, program, site)}{coordinator}"


@transaction.atomic
def ask_about_holidays(*, at, limit):
    """Breaks that come into sight: a row for each young pair, and one letter to its mentors. Returns how many rows.

    What the calendar changed of breaks already asked about is followed first, and asked of nobody again.
    """
    programs = young_programs(at)
    if not programs:
        return 0
    spans = spans_of_plans(programs, at)
    breaks = Breaks(programs, min([at.date() - DAY, *(span.first for span in spans)]))
    follow_the_calendar(spans, breaks, at)
    made = []
    for run, places in breaks.in_sight(AHEAD, today_at(at)).items():
        asked = HolidayPlan.objects.filter(match=OuterRef("pk"), starts_on__lte=run.last, ends_on__gte=run.first)
        missing = pairs_at(places).filter(~Exists(asked)).select_related("program").order_by("pk")
        made += [plan_of(match, run, at) for match in missing[: limit - len(made)]]
    HolidayPlan.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    write_to_mentors(made, at)
    return len(made)


def today_at(at):
    return lambda program: day_in(at, program.zone)


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


def young_programs(at):
    """Programs in which there may be children, and which have closed days or breaks before them; those of adults need
    nobody to plan their holidays. One query where there are none."""
    closed = ClosedTime.objects.filter(program=OuterRef("pk"), ends_on__gte=(at - DAY).date())
    asked = HolidayPlan.objects.filter(program=OuterRef("pk"), welcomed_at=None, ends_on__gte=(at - DAY).date())
    young = Program.objects.open().filter(Exists(closed) | Exists(asked), adults_only=False)
    return list(young.with_limits().order_by("pk"))


def pairs_at(places):
    """Active pairs at these places: (program, site, sites that have a calendar of their own)."""
    here = Q()
    for program, site, apart in places:
        here |= Q(program=program, site=site) if site else Q(program=program) & ~Q(site__in=apart)
    return Match.objects.active().confirmed().filter(here)


def plan_of(match, run, at):
    return HolidayPlan(program=match.program, match=match, starts_on=run.first, ends_on=run.last, asked_at=at)


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
    if not open_ones.filter(match__in=pairs_like(match), agreed_at=None, welcomed_at=None).exists():
        key = key_of(plan.starts_on, match.program_id, match.site_id, match.coordinator_id)
        finish(list(Task.objects.open().filter(kind=CALL, cause_key=key)), by=by, at=at)


def pairs_like(match):
    return Match.objects.active().filter(program=match.program_id, site=match.site_id)


def require_clear(plan, contact, channel, back_on):
    if contact is None or (contact and channel not in HolidayPlan.Channel.values):
        raise HolidayUnclear(plan)
    if back_on and back_on < plan.starts_on:
        raise HolidayUnclear(plan)


@transaction.atomic
def call_about_holidays(*, at, limit):
    """One task for each site, break and coordinator: every pair of theirs without an agreed plan. Returns how many."""
    lists = [key for key in lists_to_call(at) if key.coordinator]
    names = {key: key_of(*key) for key in lists}
    known = set(Task.objects.filter(kind=CALL, cause_key__in=names.values()).values_list("cause_key", flat=True))
    new = [key for key in lists if names[key] not in known][:limit]
    plans = {key: plans_on(key) for key in new}
    titles = titles_of([plan.match_id for rows in plans.values() for plan in rows[:NAMED]])
    return len(add_tasks([task_of(names[key], plans[key], titles, at) for key in new], by=None, at=at))


def lists_to_call(at):
    """The breaks near enough of which a plan is not agreed, by place and coordinator: no plan is read for it."""
    rows = HolidayPlan.objects.filter(agreed_at=None, welcomed_at=None, starts_on__gt=(at - DAY).date())
    rows = rows.filter(match__state=Match.State.ACTIVE, match__awaits_checks=False).order_by("starts_on")
    found = [OneList(*row) for row in rows.values_list(*COLUMNS).distinct()]
    programs = Program.objects.open().filter(adults_only=False).with_limits()
    near = programs.in_bulk({one.program for one in found}) if found else {}
    return [one for one in found if one.program in near and is_near(one, near[one.program], at)]


def is_near(one, program, at):
    today = day_in(at, program.zone)
    return today < one.starts_on <= today + program.limit(TO_CALL)


def plans_on(key):
    rows = HolidayPlan.objects.filter(agreed_at=None, welcomed_at=None, match__in=Match.objects.active().confirmed())
    return list(
        rows.filter(
            program=key.program, starts_on=key.starts_on, match__site=key.site, match__coordinator=key.coordinator
        )
        .select_related("match__program", "match__coordinator")
        .order_by("pk")
    )


def titles_of(matches):
    return {match.pk: match.title for match in Match.objects.filter(pk__in=matches).with_people()}


@override(OF_STAFF)
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
    today = DayIn(at, "program__time_zone")
    closed_now = ClosedTime.objects.filter(program=OuterRef("program"), starts_on__lte=today, ends_on__gte=today)
    closed_now = closed_now.filter(Q(site=None) | Q(site=OuterRef("match__site")))
    plans = plans.filter(~Exists(closed_now)).select_related("program", "match").order_by("ends_on", "pk")[:limit]
    over = defaultdict(list)
    for plan in plans:
        if plan.ends_on < day_in(at, plan.program.zone):
            over[plan.program_id].append(plan)
    return sum(welcome(rows, at) for rows in over.values())


def welcome(plans, at):
    """Welcome these pairs of one program back: one letter to each person for each pair."""
    HolidayPlan.objects.filter(pk__in=[plan.pk for plan in plans]).update(welcomed_at=at)
    program = plans[0].program
    told = around_each([plan.match_id for plan in plans], program, day_in(at, program.zone), at)
    rows = [
        Outgoing(one, plan.match, f"welcome:{plan.ref}:{one.ref}", {"about": about})
        for plan in plans
        for one, about in told[plan.match_id].items()
    ]
    queue_many(WELCOME, rows, program=program, at=at)
    record_many("holiday.over", about=plans, by=None, at=at)
    return len(plans)
