"""What stands on a day sheet: the pairs expected at a site on one day, by first names, hour and room, and their marks.

Two pairs that read alike are told apart by the hour and the room; where these are the same, too, by the first letter of
the mentor's family name, never the child's; and where even that is one, by a number.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from rapport.core.months import moment
from rapport.core.refs import new_ref
from rapport.meetings.models import Mark, Meeting
from rapport.programs.models import Mode

DAY = timedelta(days=1)
HERE = ("", Mode.SCHOOL)  # whoever meets elsewhere that day is seen by nobody of the site
Outcome = Mark.Outcome


@dataclass
class Row:
    """One pair on the sheet. `marks` are oldest first; the last one says how it stands."""

    meeting: Meeting
    children: str
    mentors: str
    place: str
    starts_at: object
    marks: list
    told_apart: str = ""

    def __post_init__(self):
        self.form_id = new_ref()
        self.typed = {}  # what was copied from paper and could not be kept

    @property
    def group(self):
        """Of a group, its children: {ref: first name}. A pair has none."""
        children = self.meeting.match.mentees
        return {one.ref: one.person.first_name for one in children} if len(children) > 1 else {}

    @property
    def absent(self):
        """[(ref, first name, whether they were not there)] of a group that met."""
        gone = self.mark.absent if self.outcome == Outcome.HERE else []
        return [(ref, name, ref in gone) for ref, name in self.group.items()]

    @property
    def mark(self):
        return self.marks[-1] if self.marks and self.marks[-1].outcome != Outcome.NONE else None

    @property
    def is_called_off(self):
        """Somebody said before that they will not meet. The site may say otherwise: perhaps the child was not told."""
        return self.mark is None and self.meeting.cancelled_at is not None

    @property
    def seen(self):
        return len(self.marks)

    @property
    def outcome(self):
        return self.mark.outcome if self.mark else ""

    @property
    def asks_if_waited(self):
        return self.outcome == Outcome.MENTOR and self.mark.child_waited is None

    @property
    def asks_when(self):
        """It was moved, and nobody has said to when, nor that it is not known yet."""
        return self.outcome == Outcome.MOVED and self.mark.again is None and not self.mark.is_time_open

    @property
    def was(self):
        """What it said before, where that was something else: a correction shows."""
        said = [one for one in self.marks if one.outcome != Outcome.NONE]
        return next((one for one in reversed(said[:-1]) if self.mark and one.outcome != self.mark.outcome), None)

    @property
    def choices(self):
        chosen = self.typed.get("outcome") or self.outcome
        return [(one.value, one.label, one == chosen) for one in Outcome if one != Outcome.NONE]

    @property
    def looks_like(self):
        return (self.children, self.mentors, self.place, self.starts_at, self.told_apart)


@dataclass
class Sheet:
    """One site on one day."""

    site: object
    on: object
    rows: list

    @property
    def hours(self):
        """[(the hour, its rows)], in the order of the day."""
        hours = defaultdict(list)
        for row in self.rows:
            hours[row.starts_at].append(row)
        return list(hours.items())

    @property
    def marked(self):
        return sum(row.mark is not None for row in self.rows)

    @property
    def to_mark(self):
        return sum(not row.is_called_off for row in self.rows)

    @property
    def questions(self):
        return sum(row.asks_if_waited or row.asks_when for row in self.rows)


def span(on, zone):
    """From when until when that day lasts there."""
    return moment(on, time(0), zone), moment(on + DAY, time(0), zone)


def expected(pairs, program, on):
    """The meetings of these pairs on that day: those that stand, and those that the sheet itself says something of."""
    return meetings_on(on, program).filter(match__in=pairs)


def meetings_on(on, program):
    first, after = span(on, program.zone)
    rows = Meeting.objects.filter(program=program, joined_to=None, starts_at__gte=first, starts_at__lt=after)
    marks = Mark.objects.filter(meeting=OuterRef("pk"))
    return rows.filter(Q(excused_at=None) | Q(Exists(marks)), mode__in=HERE)


def counts(pairs, program, on):
    """{site id: (how many pairs stand on its sheet, how many are marked)}, in one query.

    It begins at the meetings of the day, which are fewer than all pairs, and asks of each whether its pair is one.
    """
    last = Mark.objects.filter(meeting=OuterRef("pk")).order_by("-pk").values("outcome")[:1]
    rows = meetings_on(on, program).filter(Exists(pairs.filter(pk=OuterRef("match"))))
    rows = rows.annotate(last=Subquery(last)).order_by().values("match__site")
    rows = rows.exclude(cancelled_at__isnull=False, last=None)
    marked = Count("pk", filter=Q(last__isnull=False) & ~Q(last=Outcome.NONE))
    return {
        site: (n, done)
        for site, n, done in rows.annotate(n=Count("pk"), done=marked).values_list("match__site", "n", "done")
    }


def sheet_of(pairs, site, on):
    """The sheet of these pairs, in four queries."""
    meetings = list(expected(pairs, site.program, on).select_related("match").order_by("starts_at", "pk"))
    people = {match.pk: match for match in pairs.filter(pk__in={one.match_id for one in meetings}).with_people()}
    marks = defaultdict(list)
    said = Mark.objects.filter(meeting__in=[one.pk for one in meetings]).select_related("said_by", "again")
    for mark in said.order_by("pk"):
        marks[mark.meeting_id].append(mark)
    rows = [row_of(one, people[one.match_id], site, marks[one.pk]) for one in meetings if one.match_id in people]
    tell_apart(rows)
    return Sheet(site, on, sorted(rows, key=lambda row: (row.starts_at, row.children.casefold(), row.mentors)))


def row_of(meeting, match, site, marks):
    meeting.match = match
    place = meeting.place.removeprefix(site.name).strip(", ")
    starts_at = meeting.starts_at.astimezone(site.program.zone)
    return Row(meeting, first_names(match.mentees), first_names(match.mentors), place, starts_at, marks)


def first_names(participants):
    return ", ".join(one.person.first_name for one in participants)


def tell_apart(rows):
    alike = Counter(row.looks_like for row in rows)
    for row in rows:
        if alike[row.looks_like] > 1:
            letters = [one.person.family_name[:1] for one in row.meeting.match.mentors]
            row.told_apart = ", ".join(filter(None, letters))
    still, count = Counter(row.looks_like for row in rows), Counter()
    for row in rows:
        if still[row.looks_like] > 1:
            key = row.looks_like
            count[key] += 1
            row.told_apart = f"{row.told_apart} {count[key]}".strip()
