"""What is no longer somebody's to answer is withdrawn: a restriction began, a guardianship ended, the child is 18.

Their link shows nothing of it at once, whatever the clock does (`cards.page_of`); here the rest follows: the check-ins
are excused, an ask with nothing else in it is over and its links are shut, and nobody is told to call about it.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.audit.actions import record_many
from rapport.checkins.actions.handing import TALKS, cause_key, matches_of, task
from rapport.checkins.actions.planning import AHEAD
from rapport.checkins.models import Ask, CheckIn, Rhythm
from rapport.checkins.whom import Circle
from rapport.core.due import LOOK_BACK
from rapport.core.months import add_months
from rapport.matches.models import Match
from rapport.outbox.actions import close_links
from rapport.people.models import ADULT_AT, Guardianship, Restriction
from rapport.tasks.actions import drop, reword
from rapport.tasks.models import Task

DAY = timedelta(days=1)  # it is tomorrow already somewhere


@transaction.atomic
def withdraw_what_is_not_theirs(*, at, limit):
    """The clock looks after those for whom something began or ended. Returns how many check-ins were withdrawn."""
    people, withdrawn = list(whose_circle_changed(at)), 0
    for start in range(0, len(people), limit):
        withdrawn += withdraw_from(people[start : start + limit], at=at)
        if withdrawn:
            break
    return withdrawn


def whose_circle_changed(at):
    """Those kept away from somebody, and adults whose guardianship ended lately; in three queries, each by an index."""
    today = at.date()
    away = Restriction.objects.live_at(at).values_list("kept_away", flat=True)
    ended = Q(ends_on__gt=today - LOOK_BACK, ends_on__lte=today + DAY)
    born = [add_months(day, -12 * ADULT_AT) for day in (today - LOOK_BACK, today + DAY)]
    over = Guardianship.objects.filter(ended).values_list("adult", flat=True)
    grown = Guardianship.objects.filter(child__born_on__range=born).values_list("adult", flat=True)
    return sorted({*away, *over, *grown})


@transaction.atomic
def withdraw_from(people, *, at):
    """Withdraw from these people (their ids) what is not theirs to answer. Returns how many check-ins."""
    asked = CheckIn.objects.filter(Q(state=CheckIn.State.OPEN) | Q(ask__in=living_asks()), person__in=people)
    rows = list(asked.select_related("program").order_by("pk"))
    if not rows:
        return 0
    matches = {m.pk: m for m in Match.objects.filter(pk__in={row.match_id for row in rows}).with_people()}
    circle = Circle(matches.values())
    for row in rows:
        row.match = matches[row.match_id]
        row.is_theirs = circle.still_asked(row, at)
    gone = [row for row in rows if not row.is_theirs and row.state == CheckIn.State.OPEN]
    excused = {"state": CheckIn.State.LAPSED, "excused_at": at, "excuse": _("no longer theirs to answer")}
    CheckIn.objects.open().filter(pk__in=[row.pk for row in gone]).update(**excused)
    end_asks(rows, at)
    return len(gone)


@transaction.atomic
def look_anew(matches, *, at):
    """Whom these matches (a queryset of open ones) ask has changed: what comes near is planned once more."""
    known = Rhythm.objects.filter(match__in=matches.values("pk"), looked_until_at__isnull=False)
    return known.update(next_at=at, looked_until_at=at - AHEAD)


def living_asks():
    return Ask.objects.exclude(state__in=Ask.OVER).values("pk")


def end_asks(rows, at):
    """An ask in which nothing is theirs any more is over, and opens no page; of one with something left, calls say
    what is left."""
    touched = {row.ask_id for row in rows if not row.is_theirs} - {None}
    left = {row.ask_id for row in rows if row.is_theirs}
    over = Ask.objects.filter(pk__in=touched - left)
    if touched - left:
        ending = list(over.exclude(state__in=Ask.OVER))
        over.filter(state=Ask.State.SCHEDULED).update(state=Ask.State.WITHDRAWN, next_at=None)
        over.exclude(state__in=Ask.OVER).update(state=Ask.State.CLOSED, next_at=None)
        close_links(over, at=at)
        record_many("ask.withdrawn", about=ending, by=None, at=at)
        calls = list(calls_of(ending))
        if calls:
            drop(calls, note=_("This call is no longer needed."), by=None, at=at)
    say_what_is_left(list(Ask.objects.filter(pk__in=touched & left).select_related("program", "person")), at)


def calls_of(asks):
    keys = [cause_key(ask, kind) for ask in asks for kind in TALKS]
    return Task.objects.open().filter(cause_key__in=keys)


def say_what_is_left(asks, at):
    """Calls that name somebody they should not be asked about say it anew."""
    calls, matches = (
        {one.cause_key: one for one in calls_of(asks)} if asks else {},
        matches_of(asks, at) if asks else {},
    )
    reasons = {
        calls[cause_key(ask, kind)]: task(ask, kind, matches[ask.pk], at).reason
        for ask in asks
        for kind in TALKS
        if cause_key(ask, kind) in calls and matches.get(ask.pk)
    }
    if reasons:
        reword(reasons, by=None, at=at)
