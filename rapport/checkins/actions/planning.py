"""The clock makes a row for each check-in that comes near, and lets those lapse that nobody kept.

A pass costs what is due: `Rhythm.next_at` says when a match must be looked at again.
"""

from collections import defaultdict
from datetime import time, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from rapport.checkins.cadence import of_match
from rapport.checkins.models import Ask, CheckIn, Rest, Rhythm
from rapport.checkins.whom import Circle
from rapport.core.many import write_each
from rapport.core.months import day_in, moment
from rapport.matches.models import Match
from rapport.programs.models import Program, Promise

AHEAD = timedelta(days=7)  # a row exists a week before it is due: a mentor's weekly ask holds what would be late
LOOK_AGAIN = timedelta(days=7)  # at the latest: a promise that was changed is noticed then
BATCH = 500


@transaction.atomic
def plan_check_ins(*, at, limit, only=None):
    """Make the check-ins that come near, for everybody owed one. Returns how many matches it looked at.

    `only`: of this program alone.
    """
    rhythms = due_now(at, limit, only)
    if not rhythms and begin_rhythms(at, limit, only):
        rhythms = due_now(at, limit, only)
    if not rhythms:
        return 0
    found = Match.objects.filter(pk__in=[one.match_id for one in rhythms], begun_on__isnull=False)
    matches = {match.pk: match for match in found.open().confirmed().with_people()}
    programs = Program.objects.with_limits().in_bulk({one.program_id for one in rhythms})
    promises, circle = promises_of(programs), Circle(matches.values())
    new = []
    for rhythm in rhythms:
        match = matches.get(rhythm.match_id)
        coming = None
        if match is not None:
            match.program = programs[match.program_id]
            made, coming = look_at(match, promises[match.program_id], rhythm.looked_until_at, circle, at)
            new += made
        rhythm.next_at, rhythm.looked_until_at = coming, at
    CheckIn.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    write_each(rhythms, ["next_at", "looked_until_at"])
    return len(rhythms)


def due_now(at, limit, only=None):
    due = Rhythm.objects.filter(next_at__lte=at, **of(only)).order_by("next_at", "pk")
    return list(due.select_for_update(of=("self",), skip_locked=True)[:limit])


def of(program):
    return {"program": program} if program else {}


def begin_rhythms(at, limit, only=None):
    """Matches that have begun get a rhythm; looked for when no other is due. Returns how many."""
    without = Match.objects.open().confirmed().filter(~Exists(Rhythm.objects.filter(match=OuterRef("pk"))))
    without = without.filter(**of(only)).order_by("pk")
    rows = [
        Rhythm(match_id=pk, program_id=program, next_at=at)
        for pk, program in without.values_list("pk", "program")[:limit]
    ]
    Rhythm.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def promises_of(programs):
    found = defaultdict(list)
    for promise in Promise.objects.filter(program__in=programs, kind=Promise.Kind.CHECK_IN, is_on=True).order_by("pk"):
        found[promise.program_id].append(promise)
    return found


def look_at(match, promises, looked_until_at, circle, at):
    """The check-ins of one match that came near since the last look, and when to look again."""
    made, looks = [], [at + LOOK_AGAIN]
    counted_from = match.counted_from
    since = day_in(looked_until_at, match.program.zone) if looked_until_at else counted_from
    for promise in promises:
        for one in of_match(promise, match, since=since):
            due_at = at_hour(one.due_on, match.program)
            if due_at - AHEAD > at:
                looks.append(due_at - AHEAD)
                break
            if one.due_on >= counted_from and (not looked_until_at or due_at - AHEAD > looked_until_at):
                made += rows(match, promise, one, circle)
    return made, min(looks)


def rows(match, promise, one, circle):
    """A check-in for each person of the promise's party."""
    program = match.program
    return [
        CheckIn(
            program=program, match=match, person=person, party=promise.party, promise=promise,
            instance=(one.due_on - match.begun_on).days, due_at=at_hour(one.due_on, program),
            late_at=at_hour(one.late_on, program), lapses_at=at_hour(one.lapses_on, program),
        )
        for person in circle.asked(match, promise.party, one.due_on).values()
    ]  # fmt: skip


def at_hour(day, program):
    """The moment of that day at which the program asks; a program that names no hour asks from midnight on."""
    limit = program.limits_by_code.get("ask-hour")
    return moment(day, time(limit.value if limit else 0), program.zone)


@transaction.atomic
def lapse(*, at, limit, only=None):
    """What nobody kept until the next was due becomes unknown; what could not be asked is excused. Returns how many."""
    over = CheckIn.objects.open().filter(lapses_at__lte=at, **of(only)).order_by("lapses_at", "pk")
    rows = list(over.select_related("match").select_for_update(of=("self",), skip_locked=True)[:limit])
    pks = [row.pk for row in rows]
    mine = CheckIn.objects.open().filter(pk__in=pks)
    excused = {"state": CheckIn.State.LAPSED, "excused_at": at}
    resting = Rest.objects.filter(program=OuterRef("program"), person=OuterRef("person"), why=Rest.Why.WISH)
    resting = resting.filter(since_at__lte=OuterRef("lapses_at"), until_at__gt=OuterRef("due_at"))
    mine.filter(match__state=Match.State.PAUSED).update(**excused, excuse=_("the match rested"))
    ended = Q(match__state=Match.State.CLOSED) & Q(match__ended_on__lte=F("due_at"))
    CheckIn.objects.filter(pk__in=mine.filter(ended).values("pk")).update(**excused, excuse=_("the match had ended"))
    mine.filter(Exists(resting)).update(**excused, excuse=_("they would rather not be asked"))
    mine.update(state=CheckIn.State.LAPSED)
    close_empty_asks({row.ask_id for row in rows if row.ask_id})
    return len(rows)


def close_empty_asks(asks):
    """An ask all of whose check-ins are over is over."""
    left = CheckIn.objects.open().filter(ask=OuterRef("pk"))
    Ask.objects.waiting().filter(pk__in=asks).filter(~Exists(left)).update(state=Ask.State.CLOSED, next_at=None)
