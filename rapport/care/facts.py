"""What the rules look at, gathered for a batch of matches in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Max, Q, QuerySet

from rapport.access.models import User
from rapport.care.days import DAY, OpenDays
from rapport.care.talks import Owed, promised_talks, talks_owed, without_talk
from rapport.checkins.models import Answer, Conversation
from rapport.core.days import first_day_on_earth, last_day_on_earth
from rapport.core.months import day_in
from rapport.matches.models import Match, Pause
from rapport.matches.promising import promised
from rapport.meetings.dosage import Held, Pledge, Together, owed_at_most, together
from rapport.meetings.models import Log, Meeting, Plan
from rapport.people.models import Participant
from rapport.programs.models import Limit, Program, Promise
from rapport.tasks.models import Task

BACK = timedelta(days=200)  # how far back rows are read, by UTC; the last meeting held is found however old it is
DAYS_OF = {Promise.Unit.DAYS: 1, Promise.Unit.WEEKS: 7, Promise.Unit.MONTHS: 30}
MATCH_COLUMNS = ("program", "site", "ref", "state", "coordinator", "begun_on", "counts_from_on", "spread")
MEMBER_COLUMNS = ("ref", "person__ref", "person__given_name")
HELD_OR_MISSED = {"held": Q(kept_at__isnull=False), "missed": Q(missed_at__isnull=False)}
MEETING_COLUMNS = (
    "match", "pk", "starts_at", "ends_at", "held", "missed", "cause", "child_waited", "plan", "excused_at", "minutes",
)  # fmt: skip
ANSWER_COLUMNS = ("check_in__match", "check_in__person", "check_in__party", "feeling", "level", "is_suspect")


@dataclass(slots=True)
class Past:
    """One expected meeting that is over."""

    pk: int
    on: date
    ends_at: datetime
    held: bool
    missed: bool
    cause: str
    child_waited: bool

    @property
    def unknown(self):
        return not (self.held or self.missed)


@dataclass(slots=True)
class Voice:
    """How one person said it goes."""

    person_id: int
    party: str
    feeling: int
    level: int
    is_suspect: bool


@dataclass
class Facts:
    """Everything the rules may ask about one match at one moment. Meetings and voices: newest first."""

    match: Match
    at: datetime
    today: date
    days: OpenDays
    mentors: list = field(default_factory=list)
    mentees: list = field(default_factory=list)
    interval: int | None = None
    last_held_on: date | None = None
    last_sign_at: datetime | None = None  # of a mentor; these two where `asks_for_signs`
    heard_at: datetime | None = None  # of any of them
    pause: Pause | None = None
    meetings: list[Past] = field(default_factory=list)  # expected ones, without those nobody could hold
    time: list[tuple] = field(default_factory=list)  # all of them, as `Held` takes them: most are never asked for
    pledges: list[Pledge] = field(default_factory=list)
    rests: list = field(default_factory=list)  # days on which they paused, first and last
    voices: list[Voice] = field(default_factory=list)
    talks: list[Owed] = field(default_factory=list)
    zone: ZoneInfo = field(init=False)  # these two are the program's; asked for a dozen times in a look
    limits: dict[str, Limit] = field(init=False)
    counted_from: date = field(init=False)

    def __post_init__(self):
        self.counted_from = self.match.counted_from
        self.zone, self.limits = self.match.program.zone, self.match.program.limits_by_code

    def limit(self, code):
        """A number of this program, or None where the program has no such row: the rule is off."""
        row = self.limits.get(code)
        return None if row is None else row.value

    def last(self, how_many):
        return self.meetings[:how_many]

    def is_as_needed(self):
        """Something was promised, and all of it is over: from now on they meet as they need (S2-34)."""
        return bool(self.pledges) and all(one.until_on and one.until_on < self.today for one in self.pledges)

    def asks_for_signs(self):
        """Whether a meeting after the last one held is unknown, or nobody may have been heard of for long."""
        limits = [self.limit("silent"), self.limit("silent-as-needed")]
        days = min((days for days in limits if days), default=None)
        is_long = days is not None and (self.today - self.silent_since()).days > days
        return is_long or any(m.unknown for m in self.since_held())

    def silent_since(self):
        """The day of the last sign of anybody, or from which on they are counted."""
        heard = self.heard_at and day_in(self.heard_at, self.zone)
        return max(day for day in (self.counted_from, self.last_held_on, heard) if day)

    def since_held(self):
        """Expected meetings after the last time together, oldest first."""
        after = [m for m in self.meetings if self.last_held_on is None or m.on > self.last_held_on]
        return sorted(after, key=lambda m: m.on)

    def time_lately(self, how_many, percent) -> Together | None:
        """What they had of what was promised in the last so many open days.

        None: so many do not lie behind them, or a glance tells that they kept this part of it. Most pairs did, and the
        exact figure takes a while.
        """
        begins_by = self.today - (how_many + (how_many - 1) // 5 * 2 - 1) * DAY  # or before
        if not self.pledges or self.had_enough(how_many, percent, begins_by):
            return None
        shut = self.days.shut(self.match, self.rests)
        first = shut.first_of(how_many, self.today, max(self.counted_from, (self.at - BACK).date()))
        if first is None or self.had_enough(how_many, percent, first):
            return None
        rows = [Held(*row) for row in self.time if row[0] >= first]
        begun_on = self.match.begun_on or self.counted_from  # an open match has begun
        return together(self.pledges, rows, shut, begun_on=begun_on, first=first, last=self.today)

    def had_enough(self, how_many, percent, since):
        meetings, minutes = owed_at_most(self.pledges, how_many)
        kept = [row[4] for row in self.time if row[0] >= since and not row[2]]
        return 100 * (sum(kept) if minutes else len(kept)) >= percent * (minutes or meetings)

    def open_days_since(self, day):
        return self.days.count(self.match, day, self.today)


def gather(matches, at):
    """Facts of each of these open matches (a queryset or a list): {match id: Facts}."""
    asked = matches if isinstance(matches, QuerySet) else Match.objects.filter(pk__in=[m.pk for m in matches])
    matches = list(asked.order_by("pk").only(*MATCH_COLUMNS))
    programs = Program.objects.with_limits().in_bulk({match.program_id for match in matches})
    coordinators = User.objects.in_bulk({match.coordinator_id for match in matches if match.coordinator_id})
    days = OpenDays(programs, (at - BACK).date())
    facts = {}
    for match in matches:
        match.program, match.coordinator = programs[match.program_id], coordinators.get(match.coordinator_id)
        facts[match.pk] = Facts(match=match, at=at, today=day_in(at, match.program.zone), days=days)
    for read in READ:
        read(facts, at)
    return facts


def read_members(facts, at):
    """Who is in each match: no more of them than a call names. Half of a look is spent on reading rows."""
    people = Participant.objects.filter(places__match__in=facts).select_related("person").only(*MEMBER_COLUMNS)
    people = people.annotate(in_match=F("places__match"), on_side=F("places__side")).order_by("places__pk")
    for one in people:
        mine = facts[one.in_match]
        (mine.mentors if one.on_side == Participant.Side.MENTOR else mine.mentees).append(one)


def read_meetings(facts, at):
    rows = Meeting.objects.past(at).filter(match__in=facts, starts_at__gte=at - BACK).annotate(**HELD_OR_MISSED)
    rows = rows.order_by("-starts_at").values_list(*MEETING_COLUMNS)
    for match, pk, starts_at, ends_at, held, missed, cause, waited, plan, excused_at, minutes in rows:
        mine = facts[match]
        on = day_in(starts_at, mine.zone)
        if on < mine.counted_from:
            continue
        excused = excused_at is not None or cause == Meeting.Cause.CLOSED
        if minutes is None:
            minutes = (ends_at - starts_at).seconds // 60
        mine.time.append((on, held, missed and not excused, excused, minutes))
        if (plan is not None or waited) and not excused:  # whoever waits expected a meeting, planned or added
            mine.meetings.append(Past(pk, on, ends_at, held, missed, cause, bool(waited)))


def read_last_held(facts, at):
    """The last time together, planned or not."""
    held = Meeting.objects.held().filter(match__in=facts, starts_at__lte=at).values_list("match")
    for match, last in held.annotate(last=Max("starts_at")).order_by():
        facts[match].last_held_on = day_in(last, facts[match].zone)


def read_intervals(facts, at):
    """What each promised, and how many days lie between its meetings: by its plan, else by what it promised."""
    pledges = promised([mine.match for mine in facts.values()], last_day_on_earth(at))
    for pk, mine in facts.items():
        mine.pledges = pledges[pk]
        begun = [one for one in reversed(mine.pledges) if one.every and one.from_on <= mine.today]
        mine.interval = next((one.every * DAYS_OF[one.unit] for one in begun), None)
    plans = Plan.objects.filter(match__in=facts).filter(Q(until_on=None) | Q(until_on__gte=first_day_on_earth(at)))
    plans = plans.order_by("from_on").values_list("match", "until_on", "every_weeks", "every_months")
    for match, until_on, weeks, months in plans:
        if until_on is None or until_on >= facts[match].today:
            facts[match].interval = months * DAYS_OF["months"] if months else weeks * DAYS_OF["weeks"]
    for mine in facts.values():
        if mine.is_as_needed():
            mine.interval = None  # no rhythm is owed


def read_signs(facts, at):
    """The last sign of life of the mentors, and of anybody: a log, an answer or a talk in which they were reached.

    Read of those alone of whom something may follow: most pairs met, and are asked nothing about it.
    """
    facts = {pk: mine for pk, mine in facts.items() if mine.asks_for_signs()}
    if not facts:
        return
    mentors = {pk: {p.person_id for p in f.mentors} for pk, f in facts.items()}
    people = {pk: mentors[pk] | {p.person_id for p in f.mentees} for pk, f in facts.items()}
    since, heard = at - BACK, defaultdict(list)
    logs = Log.objects.filter(meeting__match__in=facts, logged_at__gte=since)  # by person, too, SQLite tries each pair
    logs = logs.values_list("meeting__match", "person").annotate(last=Max("logged_at")).order_by()
    answers = Answer.objects.filter(check_in__match__in=facts, answered_at__gte=since)
    answers = answers.values_list("check_in__match", "check_in__person").annotate(last=Max("answered_at")).order_by()
    everybody, programs = set().union(*people.values()), {f.match.program_id for f in facts.values()}
    talks = Conversation.objects.filter(person__in=everybody, at__gte=since, program__in=programs)
    talks = talks.exclude(how=Conversation.How.NO_ANSWER)
    for match, person, moment in [*logs, *answers]:
        heard[match].append((person, moment))
    by_person = dict(talks.values_list("person").annotate(last=Max("at")).order_by())
    for pk, mine in facts.items():
        signs = heard[pk] + [(person, by_person[person]) for person in people[pk] if person in by_person]
        mine.heard_at = max((moment for _person, moment in signs), default=None)
        mine.last_sign_at = max((moment for person, moment in signs if person in mentors[pk]), default=None)


def read_voices(facts, at):
    rows = Answer.objects.filter(check_in__match__in=facts, replaced_at=None, feeling__isnull=False)
    rows = rows.filter(answered_at__range=(at - BACK, at)).order_by("-answered_at", "-pk").values_list(*ANSWER_COLUMNS)
    for match, person, party, feeling, level, is_suspect in rows:
        facts[match].voices.append(Voice(person, party, feeling, level, is_suspect))


def read_pauses(facts, at):
    lately = Q(ended_on=None) | Q(ended_on__gte=at.date() - BACK)
    for pause in Pause.objects.filter(lately, match__in=facts).order_by("starts_on"):
        mine = facts[pause.match_id]
        mine.rests.append((pause.starts_on, pause.ended_on and pause.ended_on - DAY))
        if pause.starts_on <= mine.today and (pause.ended_on is None or pause.ended_on > mine.today):
            mine.pause = pause


def read_talks(facts, at):
    """Talks promised by the day after today that nobody had; a program that promises none costs one query."""
    promises = promised_talks({mine.match.program_id for mine in facts.values()})
    owed = [
        (mine.match, one)
        for mine in facts.values()
        for one in talks_owed(
            mine.match, mine.mentors, mine.mentees, promises.get(mine.match.program_id, []),
            mine.today + Task.AHEAD,
        )
    ]  # fmt: skip
    for match, one in without_talk(owed, at) if owed else ():
        facts[match.pk].talks.append(one)


READ = (
    read_members, read_meetings, read_last_held, read_intervals, read_signs, read_voices, read_pauses, read_talks,
)  # fmt: skip
