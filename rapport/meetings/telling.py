"""What one party may tell of a meeting: one shape and one check for the page, the link, staff, lists and replies.

Facts, words and opinions stand apart. Nothing asks for what was said in confidence (requirements S3-15).
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from rapport.core.months import day_in
from rapport.meetings.models import Log, Meeting
from rapport.meetings.refusals import (
    AnotherDay,
    NoSuchActivity,
    NoSuchCause,
    NoSuchCompany,
    NoSuchFeeling,
    NoSuchLength,
    NoSuchPlace,
    NoSuchTechnique,
    NotYet,
    TooLong,
)
from rapport.programs.activities import activities
from rapport.programs.models import Mode

LONGEST = 24 * 60  # minutes; a meeting longer than a day is a slip of the finger
WORDS = {
    "words": 10_000,
    "shared": 10_000,
    "opinion": 10_000,
    "place": 120,
    "activity_words": 500,
    "company_words": 200,
}


@dataclass(frozen=True)
class More:
    """What a log may tell besides whether they met: when and where, who else, what they did, and what one thinks."""

    began_at: datetime | None = None
    mode: str = ""
    place: str = ""
    company: tuple = ()
    company_words: str = ""
    activity: str = ""
    activity_words: str = ""
    is_school_activity: bool = False
    is_new_experience: bool = False
    technique: str = ""
    shared: str = ""
    is_good_practice: bool = False
    was_prepared: bool | None = None
    opinion: str = ""

    def columns(self):
        return asdict(self) | {"company": list(self.company)}


NOTHING_MORE = More()
FIELDS = tuple(NOTHING_MORE.columns())
WHEN_THEY_MET = tuple(name for name in FIELDS if name not in ("opinion", "shared", "is_good_practice"))


def require_sense(meeting, happened, minutes, cause, feeling, words, more, at):
    """Raises what is wrong with it, as one sentence: NotYet, NoSuchLength, NoSuchFeeling, NoSuchCause, TooLong, …"""
    if meeting.starts_at > at:
        raise NotYet(meeting)
    if happened and minutes is not None and not 1 <= minutes <= LONGEST:
        raise NoSuchLength(meeting)
    if feeling is not None and not 1 <= feeling <= 5:
        raise NoSuchFeeling(meeting)
    if cause and cause not in Meeting.Cause.values:
        raise NoSuchCause(meeting)
    require_more(meeting, more, at)
    said = {"words": words} | {name: getattr(more, name) for name in WORDS if name != "words"}
    if any(len(said[name]) > most for name, most in WORDS.items()):
        raise TooLong(meeting)


def require_more(meeting, more, at):
    zone = meeting.program.zone
    if more.began_at is not None:
        if more.began_at > at:
            raise NotYet(meeting)
        if day_in(more.began_at, zone) != day_in(meeting.starts_at, zone):
            raise AnotherDay(meeting)
    if more.mode and more.mode not in Mode.values:
        raise NoSuchPlace(meeting)
    if not set(more.company) <= set(Log.Company.values):
        raise NoSuchCompany(meeting)
    if more.technique and more.technique not in Log.Technique.values:
        raise NoSuchTechnique(meeting)
    if more.activity and more.activity not in activities(meeting.program):
        raise NoSuchActivity(meeting)


def columns_of(happened, minutes, cause, feeling, words, more, known):
    """The columns of a log. A quick word, met or not, leaves what was told at length before as it stands."""
    stays = known is not None and more is None and known.happened == happened
    told = {name: getattr(known, name) for name in FIELDS} if stays else (more or NOTHING_MORE).columns()
    if not happened:
        told |= {name: getattr(NOTHING_MORE, name) for name in WHEN_THEY_MET} | {"company": []}
    return told | {
        "happened": happened,
        "minutes": (minutes if minutes is not None or not stays else known.minutes) if happened else None,
        "cause": "" if happened else cause,
        "feeling": known.feeling if stays and feeling is None else feeling,
        "words": known.words if stays and not words else words,
    }


@dataclass(frozen=True)
class Told:
    """What one party says of one meeting."""

    happened: bool
    minutes: int | None = None
    cause: str = ""
    words: str = ""
    feeling: int | None = None
    more: More | None = None
    child_waited: bool | None = None
