"""Letters about when a pair meets: by which plan, and that one meeting was moved, called off, or is on again.

Each says what holds when it leaves; of several changes of one meeting only the last is told.
"""

from datetime import date, timedelta

from django.utils.dateparse import parse_datetime

from rapport.core.days import DayIn
from rapport.core.months import day_in, moment
from rapport.matches.models import Match
from rapport.meetings.actions.planning import FURTHEST
from rapport.meetings.invitations import invitations
from rapport.meetings.models import HolidayPlan, Meeting, Plan, Rearrangement
from rapport.meetings.rhythm import Calendar, day_after
from rapport.meetings.sheet.letters import speaks_of
from rapport.outbox import kinds

What = Rearrangement.What
REARRANGED, WHEN, PURPOSE = "meetings/rearranged", "meetings/when", "meetings"
HOLIDAY, WELCOME = "meetings/holiday", "meetings/welcome-back"
SHOWN = 4  # days in a letter
LASTS = timedelta(days=14)  # no figure of the field: the page tells where a child is, so no old letter opens it


def tell_outbox():
    paper = {"sheet": "meetings:own-sheet", "write_down": "meetings:agenda"}
    link = kinds.LinkPlan(PURPOSE, "our-meetings:page", LASTS, **paper, shows=shown)
    common = {"purpose": "messages", "speaks_of": speaks_of, "link": link, "calendar": invitations}
    kinds.kind(WHEN, wanted=still_planned, words=when_words, **common)
    kinds.kind(HOLIDAY, wanted=still_asked, words=holiday_words, once_a_day=True, **common)
    kinds.kind(WELCOME, wanted=still_together, words=next_words, **common)
    kinds.kind(REARRANGED, wanted=still_so, words=rearranged_words, **common)


def shown(request, message, at, look):
    """The page behind it, whose forms are loaded when somebody looks."""
    from rapport.meetings.own.looking import behind_the_link

    return behind_the_link(request, message, at, look)


def still_so(messages, at):
    """Wanted while the meeting stands as this letter says: of several changes only the last is told."""
    facts = dict(messages.values_list("pk", "facts"))
    going_on = Match.objects.active().unhindered(at).values("pk")
    rows = Meeting.objects.filter(pk__in={said["meeting"] for said in facts.values()}, match__in=going_on)
    there = {one.pk: one for one in rows.exclude(kept_at__isnull=False)}
    known = {pk: there.get(said["meeting"]) for pk, said in facts.items()}
    return messages.filter(pk__in=[pk for pk, meeting in known.items() if meeting and stands(meeting, facts[pk])])


def stands(meeting, said):
    if said["what"] == What.CANCELLED:
        return meeting.cancelled_at is not None
    return meeting.cancelled_at is None and meeting.starts_at == parse_datetime(said["now"])


def rearranged_words(messages, at):
    """When it was to be and when it is, in the program's time."""
    found = {}
    for message in messages.select_related("program"):
        said, zone = message.facts, message.program.zone
        was, now = (parse_datetime(said[name]) if said[name] else None for name in ("was", "now"))
        found[message.pk] = {
            "what": said["what"], "was": was.astimezone(zone), "now": now.astimezone(zone) if now else None,
            "same_day": bool(now) and day_in(was, zone) == day_in(now, zone),
        }  # fmt: skip
    return found


def still_planned(messages, at):
    """Wanted while the plan runs and the pair meets."""
    facts = dict(messages.values_list("pk", "facts"))
    plans = plans_of(facts.values(), at)
    met = {pk: plans.get(said["plan"]) for pk, said in facts.items()}
    return messages.filter(pk__in=[pk for pk, plan in met.items() if plan and runs(plan, at)])


def plans_of(facts, at):
    keys = {said["plan"] for said in facts}
    rows = Plan.objects.filter(pk__in=keys, match__in=Match.objects.active().unhindered(at).values("pk"))
    return rows.select_related("program", "match__site").in_bulk()


def runs(plan, at):
    return plan.until_on is None or plan.until_on >= max(plan.from_on, day_in(at, plan.program.zone))


def when_words(messages, at):
    """The next days of each plan, in the program's time: what nobody is expected on is left out."""
    facts = dict(messages.values_list("pk", "facts"))
    plans = plans_of(facts.values(), at)
    calendar = Calendar({plan.program_id for plan in plans.values()}, at.date() - timedelta(days=1)) if plans else None
    words = {pk: words_of(plan, calendar, at) for pk, plan in plans.items()}
    return {pk: words.get(said["plan"], {}) for pk, said in facts.items()}


def words_of(plan, calendar, at):
    zone, days = plan.program.zone, []
    today = day_in(at, zone)
    day = day_after(plan, max(plan.from_on, today) - timedelta(days=1))
    while len(days) < SHOWN and (plan.until_on is None or day <= plan.until_on) and day < today + FURTHEST:
        starts_at = moment(day, plan.starts_at, zone)
        if starts_at > at and not calendar.is_closed(plan.match, day):
            days.append(starts_at.astimezone(zone))
        day = day_after(plan, day)
    return {"days": days, "place": plan.place or (plan.match.site.name if plan.match.site else "")}


def still_asked(messages, at):
    """Wanted while nobody has said it, the break is to come and the pair meets."""
    ahead = HolidayPlan.objects.filter(starts_on__gt=DayIn(at, "program__time_zone"))
    open_ones = ahead.filter(said_at=None, agreed_at=None, welcomed_at=None)
    return still_together(messages, at).filter(
        about_id__in=open_ones.filter(match__in=messages.values("about_id")).values("match")
    )


def still_together(messages, at):
    return messages.about_still(Match.objects.active().unhindered(at))


def holiday_words(messages, at):
    return {
        pk: {name: date.fromisoformat(said[name]) for name in ("first", "last")}
        for pk, said in messages.values_list("pk", "facts")
    }


def next_words(messages, at):
    """When they meet next, where a day is set."""
    rows = Meeting.objects.untouched().filter(match__in=messages.values("about_id"), starts_at__gt=at)
    found = {}
    for meeting in rows.select_related("program").order_by("-starts_at"):
        found[meeting.match_id] = meeting.starts_at.astimezone(meeting.program.zone)
    return {pk: {"next": found.get(about)} for pk, about in messages.values_list("pk", "about_id")}
