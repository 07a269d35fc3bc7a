"""A list of meetings of pairs that are here: strict columns, each row kept or told why not. Logged already: unchanged.

It is staged, looked at, brought in and taken back as other lists are (`actions/logs.py`, `actions/undoing_logs.py`).

What the mentor told for themselves stands: no list takes its place. Each row is the mentor's log, as from a list.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import date, time

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.fields import clean_line, clean_words
from rapport.core.months import day_in, moment
from rapport.imports.files import Unreadable
from rapport.imports.reading import BadCell, day, yes_or_no
from rapport.matches.models import Match
from rapport.meetings.actions import log
from rapport.meetings.actions.telling import meeting_of
from rapport.meetings.models import Log, Meeting
from rapport.meetings.telling import FIELDS, More
from rapport.people.enrolling import Outcome
from rapport.people.models import Participant
from rapport.programs.activities import activities
from rapport.programs.models import Mode

MUST = ("mentor", "mentee", "day")
MAY = ("began", "minutes", "met", "why not", "where", "place", "activity", "what", "words")
CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")
NUMBER = re.compile(r"\d{1,4}")
COMPARED = ("happened", "minutes", "cause", "words", *FIELDS)
FACTS = ("kept_at", "missed_at", "excused_at", "excuse", "minutes", "cause", "said_by_id", "child_waited")
NEW, CHANGED, SAME = Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED
PRIVATE = ("words", "what")  # what the mentor wrote: it is read on the log, not on the list


@dataclass
class Said:
    """One row, cleaned; the people are still as typed."""

    mentor: str = ""
    mentee: str = ""
    on: date | None = None
    began: time | None = None
    minutes: int | None = None
    met: bool = True
    cause: str = ""
    words: str = ""
    more: dict = field(default_factory=dict)


@dataclass
class Kept:
    """What became of one row: whose log it is, and, where it wrote one, what that and its meeting were before."""

    outcome: str
    mentor: Participant
    match: Match
    meeting: Meeting
    log: Log | None = None
    log_was: dict | None = None
    meeting_was: dict | None = None  # None: the row made the meeting


def columns_of(headings):
    """{our name: where it stands}. A heading that is none of ours refuses the list: nothing is left out unseen.

    Raises Unreadable.
    """
    known = {heading.strip().casefold(): n for n, heading in enumerate(headings)}
    if strange := sorted(set(known) - {*MUST, *MAY}):
        words = _("There is no column %(name)r. A list of meetings has: %(all)s.")
        raise Unreadable(None, words % {"name": strange[0], "all": ", ".join([*MUST, *MAY])})
    if missing := next((name for name in MUST if name not in known), None):
        raise Unreadable(None, _("There is no column %(name)r.") % {"name": missing})
    return known


def read(cells, columns, program):
    """What a row says. Raises BadCell for the first cell that cannot be right."""
    if len(cells) != len(columns):
        words = _("This row has %(cells)d cells, the headings are %(headings)d.")
        raise BadCell("", words % {"cells": len(cells), "headings": len(columns)})
    said = Said()
    for name, place in columns.items():
        try:
            put(said, name, cells[place], program)
        except ValidationError as error:
            raise BadCell(name, " ".join(error.messages)) from error
    return said


def put(said, name, cell, program):
    if name in ("mentor", "mentee"):
        setattr(said, name, must(clean_line(cell, most=254)))
    elif name == "day":
        said.on = must(day(cell))
    elif name == "began":
        said.began = clock(clean_line(cell, most=10))
    elif name == "minutes":
        said.minutes = number(clean_line(cell, most=10))
    elif name == "met":
        said.met = yes_or_no(cell) is not False
    elif name == "words":
        said.words = clean_words(cell, most=10_000).strip()
    elif name == "why not":
        said.cause = one_of(cell, Meeting.Cause.choices)
    elif name == "where":
        said.more["mode"] = one_of(cell, Mode.choices)
    elif name == "activity":
        said.more["activity"] = one_of(cell, [(code, rule.label) for code, rule in activities(program).items()])
    else:
        said.more["place" if name == "place" else "activity_words"] = clean_line(cell, most=500)


def must(value):
    if not value:
        raise ValidationError(_("This cell is empty."))
    return value


def clock(word):
    if not word:
        return None
    found = CLOCK.fullmatch(word)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValidationError(_("Write the time as 15:30."))
    return time(int(found[1]), int(found[2]))


def number(word):
    if word and not NUMBER.fullmatch(word):
        raise ValidationError(_("Write the minutes as a number, from 1 to 1440."))
    return int(word) if word else None


def one_of(cell, choices):
    """A code, by itself or by its words."""
    word = clean_line(cell, most=100).casefold()
    names = {str(words).casefold(): code for code, words in choices} | {code: code for code, _words in choices}
    if word and word not in names:
        raise ValidationError(_("%(word)r is none of: %(all)s.") % {"word": word, "all": ", ".join(dict(choices))})
    return names[word] if word else ""


def keep(said, people, program, *, by, at):
    """Keep one row. Returns what became of it (`Kept`); raises BadCell and what the meeting refuses."""
    match, mentor = pair_of(said, people, program, by, at)
    last = match.meetings.aggregate(last=Max("pk"))["last"] or 0
    meeting = found_meeting(said, match, program, by, at)
    is_new = meeting.pk > last
    before = Log.objects.filter(meeting=meeting, person=mentor.person).first()
    if before and before.source != Log.Source.LIST:
        return Kept(SAME, mentor, match, meeting)
    log_was, meeting_was = told_in(before), None if is_new else facts_of(meeting)
    more = More(**{name: value for name, value in said.more.items() if value})
    written = log(
        meeting, mentor.person, said.met, minutes=said.minutes, cause=said.cause, words=said.words,
        more=more if more != More() else None, source=Log.Source.LIST, by=by, at=at,
    )  # fmt: skip
    meeting.refresh_from_db()
    outcome = NEW if before is None else SAME if told_in(written) == log_was else CHANGED
    return Kept(outcome, mentor, match, meeting, written, log_was, meeting_was)


def told_in(log_):
    """What a log says, as it can be written down; None of none."""
    return log_ and plain({name: getattr(log_, name) for name in COMPARED})


def facts_of(meeting):
    return plain({name: getattr(meeting, name) for name in FACTS})


def plain(values):
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def pair_of(said, people, program, by, at):
    """The pair that a row names, and its mentor: one that whoever brings the list may write about. Raises BadCell."""
    pks = [people.find(side, [getattr(said, side)], side) for side in ("mentor", "mentee")]
    matches = Match.objects.filter(program=program, state__in=[*Match.OPEN, Match.State.CLOSED])
    if by is not None:
        matches = matches.visible_to(by, Right.MEETING_EDIT, at)
    for pk in pks:
        matches = matches.filter(members__participant=pk)
    match = matches.select_related("program", "site", "coordinator").order_by("state", "-pk").first()
    if match is None:
        raise BadCell("mentee", _("These two are no pair here. Bring the pairs in first."))
    return match, Participant.objects.select_related("person").get(pk=pks[0])


def found_meeting(said, match, program, by, at):
    """The meeting of that day and time; without a time the only one of that day. Raises BadCell."""
    if said.began is not None:
        starts_at = moment(said.on, said.began, program.zone)
        return meeting_of(match, starts_at=starts_at, minutes=said.minutes or 60, by=by, at=at)
    there = [one for one in match.meetings.filter(joined_to=None) if day_in(one.starts_at, program.zone) == said.on]
    if len(there) != 1:
        words = _("No meeting is expected on that day. Say when it began.")
        raise BadCell("began", words if not there else _("There are several meetings on that day. Say when it began."))
    return there[0]
