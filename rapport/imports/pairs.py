"""A list of pairs that met before Rapport: what its columns mean, what a row says, and whom it names."""

import re
import tomllib
import unicodedata
from collections import defaultdict
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
from rapport.imports.mapping import RECIPES, Mapping, MappingRefused, squeezed, why_never
from rapport.imports.reading import NAME_LENGTH, BadCell, day, month_first
from rapport.people.models import ContactPoint, ExternalId, Participant
from rapport.programs.models import Membership

NEEDED = ("mentor", "mentee", "begun_on")
SEVERAL = ("mentor", "mentee")  # may stand in more than one column
DAYS = ("begun_on", "agreed_on", "last_met_on", "met_on")
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


def propose(headings, chosen=None) -> Mapping:
    """The mapping of a list of pairs. Raises MappingRefused where a column is missing or stands there twice."""
    chosen, mapping = chosen or {}, Mapping({})
    for heading in headings:
        wanted = chosen.get(heading, meanings().get(squeezed(heading), ""))
        if why := why_never(heading):
            mapping.left_out[heading] = why
        elif not wanted:
            mapping.left_out[heading] = "left out on purpose" if heading in chosen else "not known"
        elif wanted not in meanings().values():
            raise MappingRefused(None, _("There is no field %(name)r in a list of pairs.") % {"name": wanted})
        else:
            mapping.fields[heading] = wanted
    taken = list(mapping.fields.values())
    for wanted in NEEDED:
        if wanted not in taken:
            words = {"mentor": _("the mentor"), "mentee": _("the mentee"), "begun_on": _("the start date")}[wanted]
            raise MappingRefused(None, _("There is no column for %(what)s in this list.") % {"what": words})
    twice = sorted({name for name in taken if taken.count(name) > 1 and name not in SEVERAL})
    if twice:
        raise MappingRefused(None, _("Two columns would both be %(name)r. Leave one out.") % {"name": twice[0]})
    return mapping


def order_of_days(headings, rows, mapping) -> str:
    """Whether this list writes the month first. Raises MappingRefused where nobody can tell."""
    typed = [
        part.strip()
        for _number, cells in rows
        for heading, cell in zip(headings, cells, strict=False)
        if mapping.fields.get(heading) in DAYS
        for part in BETWEEN.split(cell)
        if part.strip()
    ]
    order = guessing.order_of(typed)
    if order == "?":
        raise MappingRefused(
            None, _("The days in this list can be read in two ways, such as 3/4/2024. Write them as 2024-04-03.")
        )
    return order


def read_pair(headings, cells, fields, *, order=""):
    """What a row says. Raises BadCell for the first cell that cannot be right."""
    if (len(cells) != len(headings) and any(cell.strip() for cell in cells[len(headings) :])) or len(cells) < len(
        headings
    ):
        words = _("This row has %(cells)d cells, the headings are %(headings)d.")
        raise BadCell("", words % {"cells": len(cells), "headings": len(headings)})
    said, a_day = SaidPair(), month_first if order == "month" else day
    for heading, cell in zip(headings, cells, strict=False):
        if wanted := fields.get(heading):
            try:
                keep(said, wanted, cell, a_day)
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
    return next((heading for heading, name in fields.items() if name in wanted), "")


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

    Whom somebody may not see is not there for them. A fixed number of queries.
    """

    def __init__(self, program, by, at):
        seen = Participant.objects.filter(program=program).active()
        if by is not None:
            seen = seen.visible_to(by, Right.PARTICIPANT_VIEW, at)
        self.by_pk = {}
        self.named = {side: defaultdict(set) for side in Participant.Side.values}
        for pk, side, person, given, family in seen.values_list(
            "pk", "side", "person", "person__given_name", "person__family_name"
        ):
            self.by_pk[pk] = (side, person)
            self.named[side][folded(f"{given} {family}")].add(pk)
        places = defaultdict(list)
        for pk, (side, person) in self.by_pk.items():
            places[person].append((side, pk))
        mail = ContactPoint.objects.filter(kind=ContactPoint.Kind.EMAIL, person__in=seen.values("person"))
        ids = ExternalId.objects.filter(organization=program.organization_id, person__in=seen.values("person"))
        for person, value in [*mail.values_list("person", "value"), *ids.values_list("person", "value")]:
            for side, pk in places[person]:
                self.named[side][folded(value)].add(pk)
        live = Membership.objects.live(at).staff().filter(program=program, role__grants__right=Right.MATCH_EDIT)
        self.staff = {user.email.casefold(): user for user in User.objects.filter(pk__in=live.values("user"))}

    def find(self, side, typed, column):
        """The one participant that all of these fit. Raises BadCell."""
        found = set.intersection(*(self.named[side].get(folded(text), set()) for text in typed))
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


def folded(text):
    """A name, an address or a number as it is compared."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
