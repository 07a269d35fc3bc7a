"""Reading a story: who meets whom since when, and how it goes, from the tables in `stories/`."""

import random
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rapport.core.months import add_months, moment, monday_of

STORIES = Path(__file__).with_name("stories")
SEED = "an autumn by the river"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TOMORROW = "tomorrow"
DAY = timedelta(days=1)
TAIL = re.compile(r" (?:(?P<grade>AO|EO|HEO|SEO|Grade \d|SCS\d)|(?P<age>\d+))$")
SIGN = re.compile(r"\[[^]]+\]|\S+")


@dataclass(frozen=True)
class Somebody:
    """One person of the story."""

    name: str
    age: int | None = None
    grade: str = ""

    @property
    def given_name(self):
        return self.name.split(" ", 1)[0]

    @property
    def family_name(self):
        return self.name.split(" ", 1)[1]

    @property
    def address(self):
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z.]", "", plain.replace(" ", ".")) + "@example.org"


@dataclass(frozen=True)
class Pair:
    """Who meets whom, where and when, since which day, and how it goes."""

    mentor: Somebody
    mentees: tuple[Somebody, ...]
    guardians: tuple[Somebody, ...]
    site: str
    weekday: int
    clock: time
    begun_on: date
    way: dict
    coordinator: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """Somebody who has come in and is in no match, with what they still lack."""

    side: str
    who: Somebody
    guardian: Somebody | None
    site: str
    missing: tuple[str, ...]


@dataclass
class Story:
    """One program's story, hung on a Monday."""

    slug: str
    monday: date
    tomorrow: date  # the open day after the day it is told on, or after the Monday that follows a weekend
    zone: ZoneInfo
    told: dict
    pairs: list[Pair] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)

    def moment(self, when: str) -> datetime:
        """A moment written as weeks from the Monday, day and time: "-3 Wed 16:40", or weeks from "tomorrow"."""
        weeks, day, *clock = when.split()
        first = self.tomorrow if day == TOMORROW else self.monday + timedelta(days=DAYS.index(day))
        on = first + timedelta(weeks=int(weeks))
        return moment(on, time.fromisoformat(clock[0]) if clock else time(9), self.zone)

    def day(self, when: str) -> date:
        return self.moment(when).astimezone(self.zone).date()

    @property
    def events(self):
        return self.told.get("event", [])


def read(slug: str, on: date, zone: ZoneInfo) -> Story:
    """The story of one program, hung on the Monday of this day's week."""
    told = tomllib.loads((STORIES / f"{slug}.toml").read_text(encoding="utf-8"))
    story = Story(slug, monday_of(on), open_day(open_day(on) + DAY), zone, told)
    people = told["people"]
    story.pairs = [pair(story, cells) for cells in rows(people.get("pairs", "") or people.get("groups", ""))]
    story.waiting = [waiting(cells) for cells in rows(people["waiting"])]
    return story


def open_day(day: date) -> date:
    """This day, or the Monday after it where it is a weekend."""
    return day + (7 - day.weekday()) * DAY if day.weekday() > 4 else day


def rows(table: str) -> list[list[str]]:
    """The cells of a table of words with bars between."""
    lines = [line for line in table.splitlines() if line.strip() and not line.startswith("#")]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def pair(story: Story, cells: list[str], missing: str = "") -> Pair:
    """One row; where everybody is grown up it has no guardians."""
    mentor, mentees, *guardians, site, meets, since, way, coordinator = cells
    day, clock = meets.split()
    weekday = story.tomorrow.weekday() if day == TOMORROW else DAYS.index(day)
    return Pair(
        somebody(mentor), tuple(map(somebody, mentees.split(", "))),
        tuple(somebody(name) for cell in guardians for name in cell.split(", ")),
        site, weekday, time.fromisoformat(clock), begun_on(story, since, weekday),
        settled(story.told["way"][way], f"{story.slug} {mentor} {mentees}"), coordinator, tuple(missing.split()),
    )  # fmt: skip


def begun_on(story: Story, since: str, weekday: int) -> date:
    """When they began: so many weeks ago on their day; "7m-4" is seven months before four days before the Monday."""
    if "m" in since:
        months, days = since.split("m")
        return add_months(story.monday + timedelta(days=int(days)), -int(months))
    return story.monday + timedelta(days=weekday) - timedelta(weeks=int(since))


def waiting(cells: list[str]) -> Waiting:
    side, name, age, guardian, site, missing = cells
    adult = somebody(guardian) if guardian else None
    return Waiting(side, somebody(f"{name} {age}"), adult, site, tuple(missing.split()))


def somebody(words: str) -> Somebody:
    """A name with an age or a grade behind it, or neither."""
    tail = TAIL.search(words)
    if tail is None:
        return Somebody(words)
    return Somebody(words[: tail.start()], int(tail["age"]) if tail["age"] else None, tail["grade"] or "")


def settled(way: dict, key: str) -> dict:
    """A way with its choices made, the same for the same pair each time."""
    chance = random.Random(f"{SEED} {key}")  # noqa: S311  (a story, no secret)
    return {party: [choose(sign, chance) for sign in SIGN.findall(signs)] for party, signs in way.items()}


def choose(sign: str, chance: random.Random) -> str:
    return chance.choice(sign[1:-1]) if sign.startswith("[") else sign


def sign_of(signs: list[str], back: int) -> str:
    """The sign so many steps back from the latest; the first stands for all before it."""
    return signs[max(len(signs) - 1 - back, 0)]
