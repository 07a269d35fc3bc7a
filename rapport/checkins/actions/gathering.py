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
from rapport.meetings.questions import ASKED_FOR, unlogged_of_mentors
from rapport.outbox.questions import reachable
from rapport.people.models import Person
from rapport.programs.models import Party, Program

WEEK = timedelta(days=7)  # of a mentor's asks: one a week is how the field says it (requirements.md §6.4)
MONTH = timedelta(days=30)  # of the limits asks-in-30-days
BATCH = 500


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
def gather_asks(*, at, limit):
    """Make the asks that are due, program by program. Returns how many asks it made."""
    seen = 0
    for program in Program.objects.open().prefetch_related("limits").order_by("pk"):
        week = Week(program, at)
        if week.is_at_the_hour and seen < limit:
            close_last_week(week)
            seen += gather(week, limit - seen)
    return seen


def close_last_week(week):
    """An ask with nothing but meetings in it is over when the next may come."""
    last = Ask.objects.due(week.at).filter(program=week.program, state=Ask.State.SENT, sent_at__lt=week.begins_at)
    alone = last.filter(~Exists(CheckIn.objects.filter(ask=OuterRef("pk"))))
    alone.update(state=Ask.State.CLOSED, next_at=None)


def gather(week, limit):
    asked_for, meeting = with_check_ins(week, limit), with_meetings(week, limit)
    people = Person.objects.in_bulk(list(dict.fromkeys([*asked_for, *meeting]))[:limit])
    if not people:
        return 0
    dues = {pk: Due(person, has_meetings=pk in meeting) for pk, person in people.items()}
    for row in due_rows(week, people):
        dues[row.person_id].check_ins.append(row)
    dues = [due for due in dues.values() if due.check_ins or due.has_meetings]
    return make_asks(week, dues)


def with_check_ins(week, limit):
    """Who has something due and may be asked now."""
    due = CheckIn.objects.asking(week.at).filter(program=week.program, ask=None, due_at__lte=week.at)
    due = free(due, week, OuterRef("person"))
    mentor = allowed(due.filter(party=Party.MENTOR), week, "asks-in-30-days-mentor")
    mentor = mentor.filter(~Exists(of_this_week(week, OuterRef("person"))))
    others = allowed(due.exclude(party=Party.MENTOR), week, "asks-in-30-days")
    return [*people_of(mentor, "person", limit), *people_of(others, "person", limit)]


def with_meetings(week, limit):
    """Mentors with a meeting without a word, of which no ask has asked yet."""
    person = OuterRef("mentor")
    rows = free(unlogged_of_mentors(week.at).filter(program=week.program), week, person)
    asked = Ask.objects.filter(person=person, program=week.program, made_at__gte=OuterRef("ends_at"))
    resting = Rest.objects.running(week.at).filter(program=week.program, person=person)
    rows = rows.filter(~Exists(of_this_week(week, person)), ~Exists(asked), ~Exists(resting))
    rows = allowed(rows, week, "asks-in-30-days-mentor", person)
    return set(people_of(rows, "mentor", limit))


def people_of(rows, column, limit):
    return list(rows.order_by(column).values_list(column, flat=True).distinct()[:limit])


def free(rows, week, person):
    """Nothing waits for their answer, and they did not ask to be left in peace this month."""
    waiting = Ask.objects.waiting().filter(program=week.program, person=person)
    wish = Rest.objects.running(week.at).filter(program=week.program, person=person, why=Rest.Why.WISH)
    return rows.filter(~Exists(waiting), ~Exists(wish))


def of_this_week(week, person):
    return Ask.objects.filter(program=week.program, person=person, sent_at__gte=week.begins_at)


def allowed(rows, week, code, person=None):
    """Fewer asks in the last thirty days than the program allows; without the limit, any number."""
    most = week.limit(code)
    if most is None:
        return rows
    person = person or OuterRef("person")
    sent = Ask.objects.filter(program=week.program, person=person, sent_at__gt=week.at - MONTH).order_by()
    count = Subquery(sent.values("person").annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return rows.annotate(asked_lately=Coalesce(count, 0)).filter(asked_lately__lt=most)


def due_rows(week, people):
    """What to ask these people: all that is due and, of mentors, what would be late before next week's ask."""
    now = Q(due_at__lte=week.at) | Q(party=Party.MENTOR, late_at__lte=week.next_at)
    rows = CheckIn.objects.asking(week.at).filter(now, program=week.program, ask=None, person__in=people)
    rows = list(rows.select_for_update(of=("self",)).order_by("due_at", "pk"))
    matches = {m.pk: m for m in Match.objects.filter(pk__in={row.match_id for row in rows}).with_people()}
    circle, kept = Circle(matches.values()), []
    for row in rows:
        row.match, row.program = matches[row.match_id], week.program
        if circle.still_asked(row, week.at):
            kept.append(row)
    gone = [row.pk for row in rows if row not in kept]
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
    closes_at = max((row.lapses_at for row in due.check_ins), default=week.at + ASKED_FOR)
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
