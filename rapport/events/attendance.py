"""How often a young person was there, and when last: with their groups and their mentors together (requirements S0-13).

Only what is told counts. What was called off, fell on a closed day or failed for another's sake counts against nobody.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Q, Subquery

from rapport.core.months import day_in
from rapport.events.models import Presence, Session
from rapport.meetings.models import Mark, Meeting
from rapport.meetings.rhythm import Calendar
from rapport.people.models import Participant

OWN_CAUSE = {
    Participant.Side.MENTEE: Meeting.Cause.MENTEE_AWAY,
    Participant.Side.MENTOR: Meeting.Cause.MENTOR_AWAY,
}


@dataclass
class Attendance:
    """Times there, times away, times of which nobody has told, and when they were there last."""

    here: int = 0
    away: int = 0
    unknown: int = 0
    last_at: datetime | None = None

    @property
    def said(self):
        return self.here + self.away

    @property
    def share(self):
        """Whole per cent of what is told; None where nobody has told of anything."""
        return round(100 * self.here / self.said) if self.said else None

    def add(self, was_there, starts_at):
        if was_there is None:
            self.unknown += 1
        elif was_there:
            self.here += 1
            self.last_at = max(self.last_at or starts_at, starts_at)
        else:
            self.away += 1


def attendance_of(one, matches, at) -> Attendance:
    """Of one participant, in their groups and in these matches; in five queries, whatever there is."""
    found = Attendance()
    for was_there, starts_at in [*in_groups(one, at), *in_matches(one, matches, at)]:
        found.add(was_there, starts_at)
    return found


def in_groups(one, at):
    """(whether they were there, when) of each session that began while they were in the group."""
    during = Q(group__members__participant=one, group__members__in_at__lte=F("starts_at")) & (
        Q(group__members__left_at=None) | Q(group__members__left_at__gt=F("starts_at"))
    )
    word = Presence.objects.filter(session=OuterRef("pk"), participant=one).values("was_there")
    rows = Session.objects.filter(during, starts_at__lte=at, excused_at=None).annotate(said=Subquery(word[:1]))
    rows = list(rows.select_related("group__program").distinct())
    if not rows:
        return []
    first = min(rows, key=lambda row: row.starts_at)
    calendar = Calendar([one.program_id], day_in(first.starts_at, first.group.program.zone))
    return [
        (row.said, row.starts_at)
        for row in rows
        if row.said is not None or not calendar.is_closed(row.group, day_in(row.starts_at, row.group.program.zone))
    ]


def in_matches(one, matches, at):
    """The same of each expected meeting; what failed for somebody else's sake is left out."""
    gone = Mark.objects.filter(meeting=OuterRef("pk")).order_by("-pk").values("absent")[:1]
    rows = Meeting.objects.past(at).filter(match__in=matches, joined_to=None, excused_at=None)
    own = rows.filter(Q(missed_at=None, cancelled_at=None) | Q(kept_at__isnull=False) | Q(cause=OWN_CAUSE[one.side]))
    told = own.annotate(gone=Subquery(gone)).values_list("kept_at", "missed_at", "gone", "starts_at")
    return [
        (bool(kept) and one.ref not in (gone or []) if kept or missed else None, starts_at)
        for kept, missed, gone, starts_at in told
    ]
