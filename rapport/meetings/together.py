"""Time together of many pairs against what each promised, gathered in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q

from rapport.core.months import add_months, day_in, month_of
from rapport.matches.models import Match, Pause
from rapport.matches.promising import promised
from rapport.meetings.dosage import DAY, Held, Owed, Pledge, Shut, Together, forecast, months_between, owed, together
from rapport.meetings.models import Log, Meeting
from rapport.meetings.rhythm import Calendar
from rapport.programs.models import Mode
from rapport.programs.places import per_meeting

COLUMNS = (
    "match",
    "by_messages",
    "plan",
    "starts_at",
    "ends_at",
    "kept_at",
    "missed_at",
    "excused_at",
    "cause",
    "minutes",
)
YEAR = 12  # months of a match
OPEN = 1  # the level of what a mentor, or the site, told of: facts for the whole team


@dataclass(frozen=True)
class MonthOfTheirs:
    """One month of a match, as far as it is counted."""

    number: int
    first: date
    is_whole: bool  # over, and counted from its first day
    time: Together


@dataclass(frozen=True)
class Tried:
    """Of the meetings they had: at how many they did something new, and something the school offers (S3-16)."""

    new: int = 0
    at_school: int = 0


@dataclass
class TimeOf:
    """One pair's time together: what it promised, on which days it could meet, and what happened.

    `first`: nothing before it is counted; `last`: today, or the day they ended.
    """

    match: Match
    begun_on: date
    today: date
    first: date
    last: date
    pledges: list[Pledge]
    shut: Shut
    rows: list[Held]
    tried: Tried = Tried()  # only where it was asked for

    def between(self, first: date, last: date) -> Together:
        return together(self.pledges, self.rows, self.shut, begun_on=self.begun_on, first=first, last=last)

    @cached_property
    def so_far(self) -> Together:
        return self.between(self.first, self.last)

    def lately(self, open_days: int) -> Together | None:
        """The last so many open days; None: so many do not lie behind them yet."""
        first = self.shut.first_of(open_days, self.last, self.first)
        return None if first is None else self.between(first, self.last)

    def months(self, how_many: int) -> list[MonthOfTheirs]:
        """Their last months, the newest first."""
        spans = list(months_between(self.begun_on, self.first, self.last))[-how_many:]
        return [self.month(month_of(self.begun_on, first) + 1, first, last) for first, last in reversed(spans)]

    def month(self, number: int, first: date, last: date) -> MonthOfTheirs:
        start, end = max(first, self.first), min(last, self.last)
        is_whole = (start, end) == (first, last) and last < self.today
        return MonthOfTheirs(number, start, is_whole, self.between(start, end))

    @property
    def until_on(self) -> date:
        """How far one may look ahead: to the last day of what is promised, else to the end of their year."""
        ends = [pledge.until_on for pledge in self.pledges]
        if ends and all(ends):
            return max(end for end in ends if end)
        return add_months(self.begun_on, (month_of(self.begun_on, self.today) // YEAR + 1) * YEAR) - DAY

    def to_come(self) -> Owed:
        return owed(self.pledges, self.shut, self.begun_on, self.today + DAY, self.until_on)

    def ahead(self, lately: Together):
        """(at least, at most) of all that is promised until `until_on`, if they go on as lately; None: who knows."""
        return forecast(self.so_far, lately, self.to_come())


def time_of(matches, at, *, with_tried=False) -> dict[int, TimeOf]:
    """{match id: TimeOf} of those that have begun; each with its program at hand. Six queries at most."""
    matches = [match for match in matches if match.begun_on and match.begun_on <= day_in(at, match.program.zone)]
    if not matches:
        return {}
    latest = max(day_in(at, match.program.zone) for match in matches)
    pledges, shut, rows = promised(matches, latest), shut_days(matches), past_meetings(matches, at)
    found = {match.pk: one_of(match, at, pledges[match.pk], shut[match.pk], rows[match.pk]) for match in matches}
    for pk, tried in (tried_by(found) if with_tried else {}).items():
        found[pk].tried = tried
    return found


def tried_by(matches) -> dict[int, Tried]:
    """What the mentors' logs tag of the meetings they had; each meeting once. One query."""
    logs = Log.objects.filter(
        meeting__match__in=list(matches), meeting__joined_to=None, meeting__kept_at__isnull=False, happened=True,
        is_suspect=False, level=OPEN,
    )  # fmt: skip
    kinds = {"new": Q(is_new_experience=True), "at_school": Q(is_school_activity=True)}
    counts = {name: Count("meeting", filter=kind, distinct=True) for name, kind in kinds.items()}
    rows = logs.filter(kinds["new"] | kinds["at_school"]).order_by().values_list("meeting__match").annotate(**counts)
    return {match: Tried(new, at_school) for match, new, at_school in rows}


def one_of(match, at, pledges, shut, rows):
    today = day_in(at, match.program.zone)
    last = min(today, match.ended_on or today)
    return TimeOf(match, match.begun_on, today, match.counted_from, last, pledges, shut, rows)


def shut_days(matches) -> dict[int, Shut]:
    """On which days nothing was promised: what was closed for the site or the program, and when each pair rested."""
    calendar = Calendar({match.program_id for match in matches}, min(match.counted_from for match in matches))
    rests = defaultdict(list)
    for match, first, ended in Pause.objects.filter(match__in=matches).values_list("match", "starts_on", "ended_on"):
        rests[match].append((first, ended and ended - DAY))  # on the day it ended they went on
    places: dict = {}
    found = {}
    for match in matches:
        place = match.program_id, match.site_id
        closed = [*calendar.closed.get((match.program_id, None), ())]
        closed += calendar.closed.get(place, ()) if match.site_id else ()
        if match.pk in rests:
            found[match.pk] = Shut([*closed, *rests[match.pk]])
        else:
            found[match.pk] = places[place] = places.get(place) or Shut(closed)
    return found


def past_meetings(matches, at) -> dict[int, list[Held]]:
    """What happened, and what nobody has told of, from the day each pair is counted from."""
    since = {match.pk: (match.counted_from, match.program.zone) for match in matches}
    over = Q(ends_at__lte=at) | Q(kept_at__isnull=False)
    rows = Meeting.objects.filter(over, match__in=matches, starts_at__lte=at, joined_to=None)
    told = Log.objects.filter(meeting=OuterRef("pk"), happened=True, level=OPEN, mode=Mode.MESSAGES)
    rows = rows.annotate(by_messages=Q(mode=Mode.MESSAGES) | Exists(told)).order_by("starts_at")
    found: dict[int, list[Held]] = defaultdict(list)
    written: dict[int, list[Held]] = defaultdict(list)
    for match, by_messages, *row in rows.values_list(*COLUMNS):
        first, zone = since[match]
        held = meeting_of(zone, *row)
        if held.on >= first:
            (written if by_messages else found)[match].append(held)
    many = per_meeting({match.program for match in matches}, Mode.MESSAGES) if written else {}
    for match in matches:
        found[match.pk] += counted(written.get(match.pk, ()), many.get(match.program_id, 1))
    return found


def counted(contacts: Iterable[Held], many: int) -> list[Held]:
    """Contacts by message as meetings: so many that took place are one, on the day of the last of them; 0: none is.

    What nobody has told of may be one each: it counts against nobody.
    """
    if not many:
        return []
    rows = list(contacts)
    held = [row for row in rows if row.held]
    groups = [held[start : start + many] for start in range(0, len(held) - many + 1, many)]
    whole = [replace(group[-1], minutes=sum(row.minutes for row in group)) for group in groups]
    return [*whole, *(row for row in rows if not row.held)]


def meeting_of(zone, plan, starts_at, ends_at, kept_at, missed_at, excused_at, cause, minutes):
    """One meeting as the reckoning reads it: a closed place is nobody's miss."""
    closed = bool(missed_at) and cause == Meeting.Cause.CLOSED
    return Held(
        day_in(starts_at, zone), held=bool(kept_at), missed=bool(missed_at) and not closed,
        excused=bool(excused_at) or closed, expected=plan is not None, is_guess=minutes is None,
        minutes=int((ends_at - starts_at).total_seconds() // 60) if minutes is None else minutes,
    )  # fmt: skip
