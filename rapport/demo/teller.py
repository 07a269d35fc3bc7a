"""Telling a story: what happens when, in order of time, each thing by the action that a person would have used.

The clock of the house runs through the weeks as it would have: every working morning it ticks and delivers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple

from rapport.access.models import User
from rapport.clock.actions import deliver, tick
from rapport.core.months import moment
from rapport.demo import goals, script
from rapport.demo.desk import Desk
from rapport.demo.happenings import HAPPENINGS
from rapport.demo.people import People
from rapport.demo.script import Pair, Story, Waiting
from rapport.demo.voices import Voices
from rapport.matches import actions as matches
from rapport.matches.models import Point
from rapport.meetings.actions import make_plan
from rapport.onboarding.actions.interviewing import keep_interview
from rapport.programs.models import Program

MORNING, NOON, EVENING = time(9, 5), time(12), time(19, 30)
DAILY = timedelta(days=15)
COMING, PAPERS, MEETING_EACH_OTHER = timedelta(days=21), timedelta(days=10), timedelta(days=4)


class Step(NamedTuple):
    """One thing that happens at one moment; of the same moment, in the order they were written."""

    at: datetime
    order: int
    do: Callable


@dataclass
class Telling:
    """One program's story while it is told."""

    story: Story
    program: Program
    until: datetime
    steps: list[Step] = field(default_factory=list)
    pairs: dict = field(default_factory=dict)

    def __post_init__(self):
        self.staff = {user.email.split("@")[0]: user for user in User.objects.filter(memberships__program=self.program)}
        self.people = People(self.story, self.program, self.staff)
        self.voices = Voices(self)
        self.desk = Desk(self)
        self.start = moment(self.program.using_since_on, time(9, 30), self.program.zone)

    def plan(self, at: datetime, do: Callable, *arguments) -> None:
        """Let something happen at that moment, or at the start for what was before it."""
        at = max(at, self.start)
        self.steps.append(Step(at, len(self.steps), partial(do, *arguments, at=at)))

    def at_nine(self, day: date, clock: time = time(9, 40)) -> datetime:
        return moment(day, clock, self.program.zone)

    def play(self, pair: Pair) -> None:
        """A pair comes in, brings its papers, is proposed and begins; or had begun before the house was used."""
        by = self.staff[pair.coordinator]
        begun_at = self.at_nine(pair.begun_on)
        self.plan(begun_at - COMING, self.come, pair, by)
        self.plan(begun_at - PAPERS, self.bring_papers, pair, by)
        self.plan(begun_at - MEETING_EACH_OTHER, self.propose, pair, by)
        self.plan(begun_at, self.begin, pair, by)
        self.plan(begun_at + goals.AFTER, self.say_goal, pair, by)

    def come(self, pair: Pair, by, *, at: datetime) -> None:
        self.people.come("mentor", [pair.mentor], pair.site, by=by, at=at)
        self.people.come("mentee", list(pair.mentees), pair.site, by=by, at=at)
        for guardian, child in zip(pair.guardians, pair.mentees, strict=False):
            self.people.entrust(guardian, child, by=by, at=at)

    def bring_papers(self, pair: Pair, by, *, at: datetime) -> None:
        self.people.bring_papers("mentor", pair.mentor, pair.missing, by=by, at=at)
        for mentee in pair.mentees:
            self.people.bring_papers("mentee", mentee, by=by, at=at)

    def propose(self, pair: Pair, by, *, at: datetime) -> None:
        here = self.people.participants
        mentees = [here["mentee", mentee.name] for mentee in pair.mentees]
        site = self.program.sites.filter(name=pair.site).first()
        row = matches.NewMatch(mentors=[here["mentor", pair.mentor.name]], mentees=mentees, coordinator=by, site=site)
        (match,) = matches.propose([row], program=self.program, by=by, at=at)
        self.pairs[match.pk] = (match, pair)

    def begin(self, pair: Pair, by, *, at: datetime) -> None:
        match = self.match_of(pair)
        points = match.points.untouched().required_for(Point.Moment.BEGIN)
        matches.tick(list(points), words="Talked through together.", by=by, at=at)
        matches.begin(match, begun_on=pair.begun_on, by=by, at=at)
        from_on = max(pair.begun_on, self.program.using_since_on)
        every = self.story.told.get("every_weeks", 1)
        make_plan(
            match, weekday=pair.weekday, starts_at=pair.clock, minutes=60, every_weeks=every, place=pair.site,
            from_on=from_on, by=by, at=at,
        )  # fmt: skip

    def say_goal(self, pair: Pair, by, *, at: datetime) -> None:
        goals.say(self.match_of(pair), by=by, at=at)

    def meet(self, side: str, name: str, found: dict, words: str, *, at: datetime) -> None:
        """What was found at somebody's interview."""
        one = self.people.participants[side, name]
        by = self.staff[self.story.told["desk"]["whose"]]
        keep_interview(one, found=found, words=words, held_on=at.astimezone(self.program.zone).date(), by=by, at=at)

    def come_and_wait(self, who: Waiting, *, at: datetime) -> None:
        """Somebody comes in and is in no match yet."""
        by = self.staff[self.story.told["desk"]["whose"]]
        self.people.come(who.side, [who.who], who.site, by=by, at=at)
        if who.guardian:
            self.people.entrust(who.guardian, who.who, by=by, at=at)
        self.people.bring_papers(who.side, who.who, who.missing, by=by, at=at)

    def match_of(self, pair: Pair):
        return next(match for match, one in self.pairs.values() if one is pair)

    def pair_of(self, mentor: str):
        """The first match and pair of this mentor."""
        return next((match, pair) for match, pair in self.pairs.values() if pair.mentor.name == mentor)


def tell(programs: dict, until: datetime, show=lambda *_: None) -> None:
    """Tell every program's story until that moment."""
    tellings = [set_out(slug, program, until) for slug, program in programs.items()]
    steps = [*clock(tellings, until), *(step for telling in tellings for step in telling.steps)]
    steps.sort(key=lambda step: (step.at, step.order))
    for number, step in enumerate(steps):
        if step.at <= until:
            step.do()
            show("telling the story", number, len(steps))
    keep_time(at=until)


def set_out(slug: str, program, until: datetime) -> Telling:
    """Everything that is to happen in one program."""
    story = script.read(slug, until.astimezone(program.zone).date(), program.zone)
    telling = Telling(story, program, until)
    for pair in story.pairs:
        telling.play(pair)
    for who in story.waiting:
        telling.plan(telling.at_nine(story.monday - COMING), telling.come_and_wait, who)
    for met in story.told["people"].get("met", []):
        telling.plan(telling.at_nine(story.monday - PAPERS), telling.meet, *met)
    for event in story.events:
        HAPPENINGS[event["do"]](telling, event)
    for name in story.told["people"].get("sign_in", []):
        telling.plan(until - timedelta(minutes=1), telling.people.may_sign_in, *name)
    for wish in story.told["people"].get("turns_to_us", []):
        telling.plan(until - timedelta(minutes=30), telling.people.turns_to_us, *wish)
    for day in working_days(telling.start.date(), until.date()):
        telling.plan(telling.at_nine(day, NOON), telling.desk.work)
        telling.plan(telling.at_nine(day, EVENING), telling.voices.speak)
    return telling


def clock(tellings: list[Telling], until: datetime) -> list[Step]:
    """When the clock ticks, before anything else of that morning: each working day of the last weeks, before that on
    three days a week, and while only grown-ups meet, who are asked every two months, on Mondays."""
    if not tellings:
        return []
    first = min(tellings, key=lambda telling: telling.start)
    busy = max(telling.start for telling in tellings).date()
    days = working_days(first.start.date(), until.date())
    ticking = [day for day in days if is_ticking(day, busy, until.date())]
    mornings = [first.at_nine(day, MORNING) for day in ticking]
    return [Step(at, -1, partial(keep_time, at=at)) for at in mornings]


def is_ticking(day: date, busy: date, last: date) -> bool:
    """Whether anything could be due that cannot wait a day or two."""
    if day < busy:
        return day.weekday() == 0
    return last - day < DAILY or day.weekday() in (0, 2, 4)


def keep_time(*, at: datetime) -> None:
    tick(at=at)
    deliver(at=at)


def working_days(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5]
