"""A site is closed today: its calendar says so from now on, what was expected is excused, and everyone is told once.

Taken back, the day is open again, what was excused is expected again, and whoever was told already is told that, too.
"""

from collections import defaultdict
from datetime import time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.audit.actions import record_many
from rapport.core.languages import OF_STAFF
from rapport.core.months import moment
from rapport.matches.models import Match, Member
from rapport.meetings.actions.planning import excuse
from rapport.meetings.actions.standing import stands_closed, stands_open
from rapport.meetings.models import Log, Meeting
from rapport.meetings.sheet.beside import day_closed, day_opened
from rapport.meetings.sheet.letters import CLOSED, OPEN_AGAIN, apart, unreached, whom_to_tell
from rapport.outbox.actions import Outgoing, queue_many
from rapport.outbox.models import Message
from rapport.people.models import Guardianship
from rapport.programs.actions import close_days, open_days
from rapport.programs.models import ClosedTime, Site
from rapport.tasks.actions import NewTask, add_tasks, drop
from rapport.tasks.models import Task

DAY = timedelta(days=1)
CALL = "meetings/closed-today"


def closure_of(site, on):
    """The closed day that a day sheet made, or whoever wrote the very same into the calendar; None while it is open."""
    rows = ClosedTime.objects.filter(program=site.program, site=site, kind=ClosedTime.Kind.CLOSURE)
    return rows.filter(starts_on=on, ends_on=on).first()


@transaction.atomic
def close_today(site, *, on, by, at):
    """Say that this site is closed today. Returns how many meetings that takes; pressed twice it takes no more.

    Whoever was to meet later that day is written to, each person once; for whom no letter reaches there is a task.
    """
    Site.objects.select_for_update(of=("self",)).get(pk=site.pk)
    if closure_of(site, on):
        return 0
    closed = close_days(site.program, kind=ClosedTime.Kind.CLOSURE, starts_on=on, ends_on=on, site=site, by=by, at=at)
    meetings = list(of_that_day(site, on).untouched())
    excuse(meetings, excuse=closed_that_day(), cause=Meeting.Cause.CLOSED, by=by, at=at)
    stands_closed(of_that_day(site, on), excuse=closed_that_day(), at=at)
    ahead = {one.match_id for one in meetings if one.ends_at > at}
    told = apart(whom_to_tell(ahead, site.program, on), at)
    rows = [Outgoing(to, closed, f"closed:{closed.pk}:{to.ref}", {"about": about}) for to, about in told.items()]
    queue_many(CLOSED, rows, program=site.program, at=at, not_after=end_of(site, on))
    ask_to_call(closed, ahead, unreached(told, site.program, at), by=by, at=at)
    day_closed(site, on=on, by=by, at=at)
    return len(meetings)


@transaction.atomic
def open_after_all(site, *, on, by, at):
    """Take that back: it was a slip, or the heating works again. Returns how many meetings are expected again."""
    Site.objects.select_for_update(of=("self",)).get(pk=site.pk)
    closed = closure_of(site, on)
    if closed is None:
        return 0
    told = Message.objects.about(closed).filter(kind=CLOSED, state=Message.State.ACCEPTED).select_related("to")
    rows = [Outgoing(one.to, site, f"open-again:{closed.pk}:{one.to.ref}", one.facts) for one in told]
    queue_many(OPEN_AGAIN, rows, program=site.program, at=at, not_after=end_of(site, on))
    with override(OF_STAFF):
        calls = Task.objects.open().filter(kind=CALL, cause_key__startswith=f"closed:{closed.pk}:")
        drop(list(calls), note=_("It is open today after all."), by=by, at=at)
    open_days(closed, by=by, at=at)
    stands_open(of_that_day(site, on), excuse=closed_that_day())
    taken = of_that_day(site, on).excused().filter(excuse=closed_that_day())
    back = list(taken.exclude(pk__in=Log.objects.filter(meeting__in=taken).values("meeting")))
    Meeting.objects.filter(pk__in=[one.pk for one in back]).update(excused_at=None, excuse="", cause="")
    record_many("meeting.expected-again", about=back, by=by, at=at)
    day_opened(site, on=on, by=by, at=at)
    return len(back)


def of_that_day(site, on):
    first, after = (moment(day, time(0), site.program.zone) for day in (on, on + DAY))
    here = Match.objects.filter(program=site.program, site=site)
    return Meeting.objects.filter(program=site.program, match__in=here, starts_at__gte=first, starts_at__lt=after)


def end_of(site, on):
    return moment(on + DAY, time(0), site.program.zone)


def closed_that_day():
    """As the clock excuses what falls on a closed day; staff read it, whatever language the sheet is read in."""
    with override(OF_STAFF):
        return _("closed on that day")


def ask_to_call(closed, matches, people, *, by, at):
    """A task for each whom no letter reaches, so that nobody waits before a shut door."""
    wanted = {one.pk: one for one in people}
    stands = defaultdict(set)
    for child, adult in Guardianship.objects.filter(adult__in=wanted).values_list("child", "adult"):
        stands[child].add(adult)
    members = Member.objects.filter(match__in=matches).select_related("match__coordinator", "participant")
    with override(OF_STAFF):
        calls = {
            pk: call_of(wanted[pk], one.match, closed, at)
            for one in members
            for pk in {one.participant.person_id} | stands[one.participant.person_id]
            if pk in wanted
        }
        add_tasks(calls.values(), by=by, at=at)


def call_of(person, match, closed, at):
    words = _("%(site)s is closed today, and no letter reaches %(name)s. Call them now.")
    return NewTask(
        program=closed.program, kind=CALL, owner=match.coordinator, person=person, about=match, due_at=at, late_at=at,
        reason=(words % {"site": closed.site.name, "name": person.first_name})[:300], pressing=1, minutes=5,
        cause_key=f"closed:{closed.pk}:{person.ref}",
    )  # fmt: skip
