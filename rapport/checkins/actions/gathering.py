"""Everything due for one person goes into one ask, and nobody is asked more often than the program allows.

A mentor is asked once a week, about all that is due and each meeting without a word; what would be late before the next
week's ask is asked now. Whoever cannot be written to is not asked: somebody talks with them.
"""

from dataclasses import dataclass, field
from datetime import time, timedelta

from django.db import transaction
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from rapport.audit.actions import record_many
from rapport.checkins.actions.handing import UNREACHED, put_on_desks
from rapport.checkins.models import Ask, CheckIn, Rest
from rapport.checkins.whom import Circle
from rapport.core.months import day_in, moment
from rapport.matches.models import Match
from rapport.meetings.models import Meeting
from rapport.meetings.questions import not_long_ago, unlogged_of_mentors
from rapport.outbox.questions import reachable
from rapport.people.models import Person
from rapport.programs.models import Party, Program

WEEK = timedelta(days=7)  # of a mentor's asks: one a week is how the field says it (requirements.md §6.4)
MONTH = timedelta(days=30)  # of the limits asks-in-30-days
BATCH = 500
ALL = 100_000_000  # without a bound a database may not begin with these few, and reads every meeting there is
OTHERS_MOST, MENTORS_MOST = "asks-in-30-days", "asks-in-30-days-mentor"
PROGRAM = OuterRef("program")


@dataclass
class Week:
    """A program now: the local day, and since when an ask counts as one of this week."""

    program: Program
    at: object
    begins_at: object = None
    next_at: object = None

    def __post_init__(self):
        today = day_in(self.at, self.program.zone)
        self.begins_at = moment(today - WEEK + timedelta(days=1), time(0), self.program.zone)
        self.next_at = moment(today + WEEK, time(23, 59), self.program.zone)

    def limit(self, code):
        row = self.program.limits_by_code.get(code)
        return None if row is None else row.value

    @property
    def is_at_the_hour(self):
        return self.at.astimezone(self.program.zone).hour >= (self.limit("ask-hour") or 0)


@dataclass
class Due:
    """What is due for one person."""

    person: Person
    check_ins: list = field(default_factory=list)
    has_meetings: bool = False


@transaction.atomic
def gather_asks(*, at, limit, only=None):
    """Make the asks that are due. Returns how many asks it made.

    Programs whose numbers are alike are looked through together: a pass costs what is due, not how many programs there
    are to find nothing in. `only`: of this program alone.
    """
    seen, programs = 0, Program.objects.open().with_limits().order_by("pk")
    for weeks in alike(programs.filter(pk=only.pk) if only else programs, at):
        if seen < limit:
            close_last_week(weeks)
            seen += gather(weeks, limit - seen)
    return seen


def alike(programs, at):
    """Programs at their hour, in groups that have the same week and the same numbers."""
    groups = {}
    for week in (Week(program, at) for program in programs):
        if week.is_at_the_hour:
            key = (week.begins_at, *(week.limit(code) for code in (OTHERS_MOST, MENTORS_MOST)))
            groups.setdefault(key, []).append(week)
    return list(groups.values())


def close_last_week(weeks):
    """An ask with nothing but meetings in it is over when the next may come."""
    last = Ask.objects.due(weeks[0].at).filter(state=Ask.State.SENT, sent_at__lt=weeks[0].begins_at)
    alone = last.filter(~Exists(CheckIn.objects.filter(ask=OuterRef("pk"))), program__in=pks_of(weeks))
    alone.update(state=Ask.State.CLOSED, next_at=None)


def gather(weeks, limit):
    """The next asks of programs that are alike, each made in its program; first those with something due."""
    asked_for = with_check_ins(weeks, limit)
    meeting = with_meetings(weeks, limit) if len(asked_for) < limit else set()
    found = list(dict.fromkeys([*asked_for, *sorted(meeting)]))[:limit]
    people = Person.objects.in_bulk({person for _program, person in found})
    made = 0
    for week in weeks:
        here = [person for program, person in found if program == week.program.pk]
        dues = {pk: Due(people[pk], has_meetings=(week.program.pk, pk) in meeting) for pk in here}
        made += make_asks(week, gathered(week, dues)) if dues else 0
    return made


def gathered(week, dues):
    """Those of these people who have something to be asked about, with all of it."""
    for row in due_rows(week, dues):
        dues[row.person_id].check_ins.append(row)
    return [due for due in dues.values() if due.check_ins or due.has_meetings]


def pks_of(weeks):
    return [week.program.pk for week in weeks]


def with_check_ins(weeks, limit):
    """Who has something due and may be asked now: pairs of program and person."""
    at = weeks[0].at
    waits = {"program__in": pks_of(weeks), "ask": None, "due_at__lte": at}
    if not CheckIn.objects.open().filter(**waits).exists():
        return []
    due = free(CheckIn.objects.asking(at).filter(**waits), at, OuterRef("person"))
    mentor = allowed(due.filter(party=Party.MENTOR), weeks[0], MENTORS_MOST)
    mentor = mentor.filter(~Exists(of_this_week(weeks[0], OuterRef("person"))))
    others = allowed(due.exclude(party=Party.MENTOR), weeks[0], OTHERS_MOST)
    return [*people_of(mentor, "person", limit), *people_of(others, "person", limit)]


def with_meetings(weeks, limit):
    """Mentors with a meeting without a word, of which no ask has asked yet: pairs of program and person."""
    at, person = weeks[0].at, OuterRef("mentor")
    untold = Meeting.objects.without_word(at).filter(not_long_ago(at)).order_by("ends_at")
    if not untold.exists():
        return set()
    first = untold.values("pk")[:ALL]
    rows = unlogged_of_mentors(at).filter(pk__in=first, match__program__in=pks_of(weeks))
    rows = free(rows, at, person)
    asked = Ask.objects.filter(person=person, program=PROGRAM, made_at__gte=OuterRef("ends_at"))
    resting = Rest.objects.running(at).filter(program=PROGRAM, person=person)
    rows = rows.filter(~Exists(of_this_week(weeks[0], person)), ~Exists(asked), ~Exists(resting))
    rows = allowed(rows, weeks[0], MENTORS_MOST, person)
    return set(people_of(rows, "mentor", limit))


def people_of(rows, column, limit):
    return list(rows.order_by(column, "program").values_list("program", column).distinct()[:limit])


def free(rows, at, person):
    """Nothing waits for their answer, and they did not ask to be left in peace this month."""
    waiting = Ask.objects.waiting().filter(program=PROGRAM, person=person)
    wish = Rest.objects.running(at).filter(program=PROGRAM, person=person, why=Rest.Why.WISH)
    return rows.filter(~Exists(waiting), ~Exists(wish))


def of_this_week(week, person):
    return Ask.objects.filter(program=PROGRAM, person=person, sent_at__gte=week.begins_at)


def allowed(rows, week, code, person=None):
    """Fewer asks in the last thirty days than the program allows; without the limit, any number."""
    most = week.limit(code)
    if most is None:
        return rows
    person = person or OuterRef("person")
    sent = Ask.objects.filter(program=PROGRAM, person=person, sent_at__gt=week.at - MONTH).order_by()
    count = Subquery(sent.values("person").annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return rows.annotate(asked_lately=Coalesce(count, 0)).filter(asked_lately__lt=most)


def due_rows(week, people):
    """What to ask these people: all that is due and, of mentors, what would be late before next week's ask."""
    now = Q(due_at__lte=week.at) | Q(party=Party.MENTOR, late_at__lte=week.next_at)
    rows = CheckIn.objects.asking(week.at).filter(now, program=week.program, ask=None, person__in=people)
    rows = list(rows.select_for_update(of=("self",)).order_by("due_at", "pk"))
    matches = {m.pk: m for m in Match.objects.filter(pk__in={row.match_id for row in rows}).with_people()}
    circle, kept, gone = Circle(matches.values()), [], []
    for row in rows:
        row.match, row.program = matches[row.match_id], week.program
        if circle.still_asked(row, week.at):
            kept.append(row)
        else:
            gone.append(row.pk)
    excused = {"state": CheckIn.State.LAPSED, "excused_at": week.at, "excuse": _("no longer theirs to answer")}
    CheckIn.objects.open().filter(pk__in=gone).update(**excused)
    return kept


def make_asks(week, dues):
    """One ask each, those who cannot be written to being called instead. Returns how many asks were made."""
    ways = reachable([due.person for due in dues], program=week.program, at=week.at)
    resting = set(
        Rest.objects.running(week.at).filter(program=week.program, person__in=ways).values_list("person", flat=True)
    )
    asks = [(ask_of(due, week, bool(ways[due.person.pk]) and due.person.pk not in resting), due) for due in dues]
    Ask.objects.bulk_create([ask for ask, _due in asks], batch_size=BATCH, ignore_conflicts=True)
    made = {ask.ref: ask for ask in Ask.objects.filter(ref__in=[ask.ref for ask, _due in asks])}
    asks = [(made[ask.ref], due) for ask, due in asks if ask.ref in made]
    attach(asks)
    record_many("ask.made", about=[ask for ask, _due in asks], by=None, at=week.at)
    calls = []
    for ask, due in asks:
        if ask.state == Ask.State.HANDED_OVER:
            ask.program, ask.person = week.program, due.person
            calls.append((ask, UNREACHED))
    put_on_desks(calls, week.at)
    return len(asks)


def ask_of(due, week, can_be_written_to):
    """An unsaved ask. A mentor who cannot be written to is not called for meetings alone: care calls in time."""
    latest = week.at + week.program.limit("meetings-asked-back")
    closes_at = max((row.lapses_at for row in due.check_ins), default=latest)
    ask = Ask(program=week.program, person=due.person, made_at=week.at, closes_at=closes_at, next_at=week.at)
    if not can_be_written_to:
        ask.state, ask.next_at = Ask.State.HANDED_OVER if due.check_ins else Ask.State.CLOSED, None
    return ask


def attach(asks):
    """Each check-in goes into its person's ask, in one query for all."""
    by_person = {due.person.pk: ask.pk for ask, due in asks}
    rows = [row.pk for _ask, due in asks for row in due.check_ins]
    mine = Ask.objects.filter(pk__in=by_person.values(), person=OuterRef("person")).values("pk")[:1]
    CheckIn.objects.filter(pk__in=rows, ask=None).update(ask=Subquery(mine))
