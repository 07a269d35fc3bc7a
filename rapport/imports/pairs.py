"""A list of pairs that met before Rapport: what its columns mean, what a row says, and whom it names."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.core.fields import clean_line, clean_words
from rapport.imports import guessing
from rapport.imports.files import MOST_SIGNS_IN_A_CELL
from rapport.imports.mapping import (
    LEFT_OUT,
    NOT_KNOWN,
    NOT_SURE,
    RECIPES,
    Mapping,
    MappingRefused,
    refuse_never,
    squeezed,
    why_never,
)
from rapport.imports.reading import NAME_LENGTH, BadCell, day, month_first
from rapport.imports.seen import Names
from rapport.people.models import ContactPoint, Participant
from rapport.programs.models import Membership

SEVERAL = ("mentor", "mentee")  # may stand in more than one column
DAYS = ("begun_on", "agreed_on", "last_met_on", "met_on")
ORDERS = ("day_first", "month_first")
MOST_MEETINGS = 2_000  # in one cell's count; no pair met more often, a slip of the finger did
MOST_IN_A_CELL = 300  # meetings or talks
BETWEEN = re.compile(r"[;\n]|,(?=\s*\d)")
A_DAY = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{1,2}\.? [^\W\d_]+ \d{4}"
BETWEEN_TALKS = re.compile(rf"[;\n]\s*(?={A_DAY})")
A_TALK = re.compile(rf"\s*({A_DAY})[\s,]+(?:with\s+)?([^:]+?)\s*(?::\s*(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Talk:
    """A talk as a row tells it: when, with whom (a side or a name), and what was said."""

    on: date
    whom: str
    words: str


@dataclass
class SaidPair:
    """One row, cleaned. The people are still as typed: an address, a number of the host's own, a whole name."""

    mentor: list[str] = field(default_factory=list)
    mentee: list[str] = field(default_factory=list)
    begun_on: date | None = None
    agreed_on: date | None = None
    coordinator: str = ""
    met_before: int | None = None
    last_met_on: date | None = None
    met_on: list[date] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)

    @property
    def days_met(self):
        return sorted({*self.met_on, *([self.last_met_on] if self.last_met_on else [])})


@cache
def meanings():
    words = tomllib.loads((RECIPES / "pairs.toml").read_text(encoding="utf-8"))["fields"]
    return {squeezed(name): wanted for wanted, names in words.items() for name in [wanted, *names]}


def propose(headings, chosen=None, *, samples=None) -> Mapping:
    """The mapping of a list of pairs: what its headings say, then what was chosen on purpose. Raises MappingRefused.

    Days that can be read in two ways are no field yet, but a doubt.
    """
    chosen, mapping = chosen or {}, Mapping({})
    unknown = set(chosen) - set(headings)
    if unknown:
        words = _("There is no column %(name)r in this list.")
        raise MappingRefused(None, words % {"name": sorted(unknown)[0]})
    for heading in headings:
        wanted = chosen.get(heading, meanings().get(squeezed(heading), ""))
        if why := why_never(heading):
            if chosen.get(heading):
                refuse_never(heading)
            mapping.left_out[heading] = why
        elif not wanted:
            mapping.left_out[heading] = LEFT_OUT if heading in chosen else NOT_KNOWN
        elif wanted not in known_fields():
            raise MappingRefused(None, _("There is no field %(name)r in a list of pairs.") % {"name": wanted})
        else:
            mapping.fields[heading] = wanted
    tell_days(mapping, samples or guessing.Samples())
    refuse_twice(mapping)
    return mapping


@cache
def known_fields():
    plain = set(meanings().values())
    return plain | {f"{name}.{order}" for name in DAYS for order in ORDERS}


def refuse_twice(mapping):
    taken = [name.partition(".")[0] for name in mapping.fields.values()]
    twice = sorted({name for name in taken if taken.count(name) > 1 and name not in SEVERAL})
    if twice:
        raise MappingRefused(None, _("Two columns would both be %(name)r. Leave one out.") % {"name": twice[0]})


def lacking(mapping) -> str:
    """A list of pairs says who, with whom and since when: the sentence on what of it has no column yet, or nothing."""
    taken = {name.partition(".")[0] for name in [*mapping.fields.values(), *meant(mapping.doubts)]}
    words = {"mentor": _("the mentor"), "mentee": _("the mentee"), "begun_on": _("the start date")}
    missing = next((what for wanted, what in words.items() if wanted not in taken), "")
    return _("There is no column for %(what)s in this list.") % {"what": missing} if missing else ""


def meant(headings):
    return [meanings().get(squeezed(heading), "") for heading in headings]


def refuse_incomplete(mapping):
    """Raises MappingRefused."""
    if words := lacking(mapping):
        raise MappingRefused(None, words)


def tell_days(mapping, samples):
    """In which order a list writes its days, as all of its columns together tell; where none tells, a person must."""
    open_ = [heading for heading, wanted in mapping.fields.items() if wanted in DAYS]
    typed = {heading: days_in(samples.filled(heading)) for heading in open_}
    order = guessing.order_of([day for days in typed.values() for day in days])
    said = {name.partition(".")[2] for name in mapping.fields.values()} & set(ORDERS)
    if order == "?" and len(said) == 1:
        order = next(iter(said)).partition("_")[0]
    for heading in open_:
        if order == "month":
            mapping.fields[heading] += ".month_first"
        elif order == "?" and guessing.order_of(typed[heading]):
            mapping.doubts[heading] = NOT_SURE
    for heading in mapping.doubts:
        mapping.fields.pop(heading, None)


def days_in(cells):
    return [part.strip() for cell in cells for part in BETWEEN.split(cell) if part.strip()]


def order_of_talks(fields):
    """The days of talks stand in the order of the other days."""
    return ".month_first" if any(name.endswith(".month_first") for name in fields.values()) else ""


def read_pair(headings, cells, fields):
    """What a row says. Raises BadCell for the first cell that cannot be right."""
    if (len(cells) != len(headings) and any(cell.strip() for cell in cells[len(headings) :])) or len(cells) < len(
        headings
    ):
        words = _("This row has %(cells)d cells, the headings are %(headings)d.")
        raise BadCell("", words % {"cells": len(cells), "headings": len(headings)})
    said, of_talks = SaidPair(), order_of_talks(fields)
    for heading, cell in zip(headings, cells, strict=False):
        if wanted := fields.get(heading):
            name, _dot, order = (wanted + (of_talks if wanted == "talks" else "")).partition(".")
            try:
                keep(said, name, cell, month_first if order == "month_first" else day)
            except ValidationError as error:
                raise BadCell(heading, " ".join(error.messages)) from error
    require(said, fields)
    return said


def keep(said, wanted, cell, a_day):
    if len(cell) > MOST_SIGNS_IN_A_CELL:
        raise ValidationError(_("This cell is too long: %(n)d signs.") % {"n": len(cell)})
    if wanted in SEVERAL:
        getattr(said, wanted).extend(filter(None, [clean_line(cell, most=254)]))
    elif wanted == "coordinator":
        said.coordinator = clean_line(cell, most=254)
    elif wanted == "met_before":
        said.met_before = how_many(cell)
    elif wanted == "met_on":
        said.met_on = several_days(cell, a_day)
    elif wanted == "talks":
        said.talks = several_talks(cell, a_day)
    else:
        setattr(said, wanted, a_day(cell))


def require(said, fields):
    """What must be there is there, and fits together. Raises BadCell."""
    for wanted, words in (
        ("mentor", _("There is no mentor.")), ("mentee", _("There is no mentee.")),
        ("begun_on", _("There is no start date. The month they began is enough: write its first day.")),
    ):  # fmt: skip
        if not getattr(said, wanted):
            raise BadCell(heading_of(fields, wanted), words)
    early = next((one for one in said.days_met if one < said.begun_on), None)
    if early:
        raise BadCell(heading_of(fields, "met_on", "last_met_on"), _("They met before they began. Look at both days."))
    if said.met_before is not None and said.met_before < len(said.days_met):
        words = _("There are more days of meetings than %(n)d. Put the number right, or leave it out.")
        raise BadCell(heading_of(fields, "met_before"), words % {"n": said.met_before})


def heading_of(fields, *wanted):
    return next((heading for heading, name in fields.items() if name.partition(".")[0] in wanted), "")


def how_many(cell):
    word = clean_line(cell, most=20)
    if not word:
        return None
    if not re.fullmatch(r"\d{1,4}", word) or int(word) > MOST_MEETINGS:
        raise ValidationError(_("%(word)r is no number from 0 to %(most)d.") % {"word": word, "most": MOST_MEETINGS})
    return int(word)


def several_days(cell, a_day):
    parts = [part.strip() for part in BETWEEN.split(cell) if part.strip()]
    if len(parts) > MOST_IN_A_CELL:
        raise ValidationError(_("There are more than %(n)d in this cell.") % {"n": MOST_IN_A_CELL})
    return sorted({a_day(part) for part in parts})


def several_talks(cell, a_day):
    """2026-03-04 mentor: all is well; 2026-05-06 Grace."""
    parts = [part.strip() for part in BETWEEN_TALKS.split(cell) if part.strip()]
    if len(parts) > MOST_IN_A_CELL:
        raise ValidationError(_("There are more than %(n)d in this cell.") % {"n": MOST_IN_A_CELL})
    return [a_talk(part, a_day) for part in parts]


def a_talk(part, a_day):
    told = A_TALK.fullmatch(part)
    if told is None:
        raise ValidationError(
            _("Write each talk as a day, with whom, and words if you like: 2026-03-04 mentor: all is well")
        )
    on, whom, words = told.groups()
    return Talk(a_day(on), clean_line(whom, most=NAME_LENGTH), clean_words(words or "", most=2000).strip())


class People:
    """Whom the rows may name: participants of this program whom the reader sees, and colleagues who coordinate.

    Whom somebody may not see is not there for them. A fixed number of queries, and kept on disk.
    """

    def __init__(self, program, by, at):
        seen = Participant.objects.filter(program=program).active()
        if by is not None:
            seen = seen.visible_to(by, Right.PARTICIPANT_VIEW, at)
        self.named = {side: Names() for side in Participant.Side.values}
        for side, names in self.named.items():
            there = seen.filter(side=side)
            names.note(called(there))
            names.note(called(there.exclude(person__former_names=None), before="former_names__"))
            names.note(known_as(there, contact_points={"kind": ContactPoint.Kind.EMAIL}))
            names.note(known_as(there, external_ids={"organization": program.organization_id}))
        live = Membership.objects.live(at).staff().filter(program=program, role__grants__right=Right.MATCH_EDIT)
        self.staff = {user.email.casefold(): user for user in User.objects.filter(pk__in=live.values("user"))}

    def find(self, side, typed, column):
        """The one participant that all of these fit. Raises BadCell."""
        found = set.intersection(*(self.named[side].of(folded(text)) for text in typed))
        told = {"who": ", ".join(typed)[:80]}
        is_mentor = side == Participant.Side.MENTOR
        if not found and is_mentor:
            raise BadCell(column, _("There is no mentor %(who)s in this program. Bring the people in first.") % told)
        if not found:
            raise BadCell(column, _("There is no mentee %(who)s in this program. Bring the people in first.") % told)
        if len(found) > 1 and is_mentor:
            words = _("More than one mentor fits %(who)s. Name them by e-mail address or by their number.")
            raise BadCell(column, words % told)
        if len(found) > 1:
            words = _("More than one mentee fits %(who)s. Name them by e-mail address or by their number.")
            raise BadCell(column, words % told)
        return next(iter(found))

    def coordinator(self, typed, by, column):
        """Who looks after a pair: as the row says, else whoever brings the list, else the only one there is."""
        if typed:
            user = self.staff.get(typed.casefold())
            if user is None:
                words = _("Nobody who coordinates in this program has the address %(who)s.")
                raise BadCell(column, words % {"who": typed[:80]})
            return user
        mine = next((user for user in self.staff.values() if by is not None and user.pk == by.pk), None)
        return mine or (next(iter(self.staff.values())) if len(self.staff) == 1 else None)


def called(participants, before=""):
    """(whole name, key) of each; `before` leads to what they were called before two records of theirs were one."""
    name = [f"person__{before}{part}" for part in ("given_name", "family_name")]
    rows = participants.values_list("pk", *name).iterator(chunk_size=2000)
    return ((folded(f"{given} {family}"), pk) for pk, given, family in rows)


def known_as(participants, **records):
    """(address or number, key) of each, from such records of their persons: `relation={condition}`."""
    ((relation, condition),) = records.items()
    theirs = participants.filter(**{f"person__{relation}__{name}": value for name, value in condition.items()})
    rows = theirs.values_list("pk", f"person__{relation}__value").iterator(chunk_size=2000)
    return ((folded(value), pk) for pk, value in rows)


def folded(text):
    """A name, an address or a number as it is compared."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
