"""A pair's plan, a meeting outside it, and meetings that are excused."""

from datetime import time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from rapport.audit.actions import record, record_many
from rapport.core.months import day_in, moment
from rapport.matches.models import Match
from rapport.meetings.actions.inviting import tell_of_meeting
from rapport.meetings.actions.places import ask_to_look, require_calendar, to_be_looked_at
from rapport.meetings.models import Log, Meeting, Plan
from rapport.meetings.refusals import (
    AfterTheEnd,
    AnotherMeetingThen,
    BeforeTheBeginning,
    MatchIsOver,
    NoSite,
    NoSuchLength,
    NotAPlan,
    TooFarAhead,
)
from rapport.programs import profiles

DAY = timedelta(days=1)
LONGEST = 24 * 60  # minutes; a meeting longer than a day is a slip of the finger
MOST_WEEKS, MOST_MONTHS = 52, 12
FURTHEST = timedelta(days=366)  # a meeting planned further ahead is a slip of the finger, too


@transaction.atomic
def make_plan(
    match, *, weekday, starts_at, minutes, every_weeks=1, every_months=None, nth=None, month_day=None, mode="",
    place="", from_on, until_on=None, by, at,
):  # fmt: skip
    """Let a pair meet every n weeks on a weekday, or every n months, in the program's time; what ran before ends.

    By the month: the nth such weekday (5: the last), or a day of the month. Raises NotAPlan, NoSuchLength, MatchIsOver,
    NoSite, CalendarMissing, NotThere. The clock lays the meetings out.
    """
    rhythm = {"every_weeks": every_weeks, "every_months": every_months, "nth": nth, "month_day": month_day}
    if not 0 <= weekday <= 6 or not makes_a_rhythm(**rhythm) or (until_on and until_on < from_on):
        raise NotAPlan(match)
    require_length(minutes, match)
    if match.state in (Match.State.CLOSED, Match.State.NOT_BEGUN):
        raise MatchIsOver(match)
    require_calendar(match, from_on)
    for_review = to_be_looked_at(match, mode)
    end_plans(match, before=from_on, at=at)
    plan = Plan.objects.create(
        program=match.program, match=match, weekday=weekday, starts_at=starts_at, minutes=minutes, **rhythm,
        place=place_of(match, place), mode=mode, for_review=for_review, from_on=from_on, until_on=until_on,
    )  # fmt: skip
    record("meetings.planned", about=plan, by=by, at=at, weekday=weekday, **rhythm, from_on=str(from_on))
    if for_review:
        ask_to_look(plan, at=at)
    return plan


def makes_a_rhythm(*, every_weeks, every_months, nth, month_day):
    if every_months is None:
        return 1 <= every_weeks <= MOST_WEEKS and nth is None and month_day is None
    if not 1 <= every_months <= MOST_MONTHS or (nth is None) == (month_day is None):
        return False
    return 1 <= nth <= Plan.LAST if nth is not None else 1 <= month_day <= 31


def end_plans(match, *, before, at):
    """End what runs on that day or later, and take its meetings to come away: nobody has said anything of them."""
    running = Plan.objects.filter(match=match).filter(Q(until_on=None) | Q(until_on__gte=before))
    plans = list(running.select_for_update(of=("self",)))
    Plan.objects.filter(pk__in=[plan.pk for plan in plans]).update(until_on=before - DAY)
    first = moment(before, time(0), match.program.zone)
    ahead = Meeting.objects.filter(plan__in=plans, starts_at__gt=at, starts_at__gte=first, kept_at=None, missed_at=None)
    ahead = ahead.filter(Q(excused_at=None) | Q(cause=Meeting.Cause.CLOSED, said_by=None))  # closed: the clock's word
    spoken_of = Log.objects.filter(meeting__in=ahead).values("meeting")
    ahead.filter(moved_from_at=None).exclude(pk__in=spoken_of).delete()


@transaction.atomic
def add_meeting(match, *, starts_at, minutes, place="", by, at):
    """Add a meeting outside the plan, past or to come. Whether it happened is said with `log`.

    Raises NoSuchLength, BeforeTheBeginning, AfterTheEnd, TooFarAhead, NoSite, AnotherMeetingThen.
    """
    require_length(minutes, match)
    require_within(match, starts_at)
    if starts_at > at + FURTHEST:
        raise TooFarAhead(match)
    ends_at = starts_at + timedelta(minutes=minutes)
    if Meeting.objects.filter(match=match, excused_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise AnotherMeetingThen(match)
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                program=match.program, match=match, starts_at=starts_at, ends_at=ends_at, due_at=starts_at,
                lapses_at=ends_at, place=place_of(match, place),
            )  # fmt: skip
    except IntegrityError:
        raise AnotherMeetingThen(match) from None
    record("meeting.added", about=meeting, by=by, at=at)
    tell_of_meeting(meeting, at=at)
    return meeting


@transaction.atomic
def excuse(meetings, *, excuse, cause="", by, at):
    """Say that these meetings were not to be held, and why. What somebody spoke of stays. Returns how many."""
    asked = [meeting.pk for meeting in meetings]
    still = list(Meeting.objects.untouched().filter(pk__in=asked).select_for_update(of=("self",)))
    Meeting.objects.untouched().filter(pk__in=[m.pk for m in still]).update(
        excused_at=at, excuse=str(excuse)[:200], cause=cause
    )
    record_many("meeting.excused", about=still, by=by, at=at, excuse=str(excuse)[:200])
    return len(still)


def place_of(match, place):
    """Where they meet. Where the profile says "on site only" it names the site, whatever was typed. Raises NoSite."""
    if not profiles.on_site_only(match.program):
        return place
    if match.site is None:
        raise NoSite(match)
    named = place if place.startswith(match.site.name) else ", ".join(filter(None, [match.site.name, place]))
    return named[: Plan._meta.get_field("place").max_length]


def require_length(minutes, about):
    if minutes is None or not 1 <= minutes <= LONGEST:
        raise NoSuchLength(about)


def require_within(match, starts_at):
    """The pair had begun and not ended on the day of this moment."""
    day = day_in(starts_at, match.program.zone)
    if match.begun_on is None or day < match.begun_on:
        raise BeforeTheBeginning(match)
    if match.ended_on and day > match.ended_on:
        raise AfterTheEnd(match)
