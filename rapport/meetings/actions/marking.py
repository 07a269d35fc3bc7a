"""A day sheet says what became of a meeting: one tap. The sheet speaks with one voice; a later tap corrects it.

What it says is a log of whoever wrote it, from the sheet, and the meeting reads by it as by a word told to staff
(`saying.reading`). "Moved" excuses the meeting; a mark that is taken back leaves it unknown.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.audit.actions import record
from rapport.core.languages import OF_STAFF
from rapport.meetings.actions.instead import meeting_instead
from rapport.meetings.actions.planning import excuse, require_within
from rapport.meetings.actions.saying import OPEN_TO_THE_TEAM, follow, hold, keep, side_of
from rapport.meetings.models import Log, Mark, Meeting
from rapport.meetings.refusals import MarkedMeanwhile, NotYet
from rapport.meetings.telling import columns_of

Outcome = Mark.Outcome
CAUSES = {Outcome.CHILD: Meeting.Cause.MENTEE_AWAY, Outcome.MENTOR: Meeting.Cause.MENTOR_AWAY}


@dataclass(frozen=True)
class Tap:
    """What somebody pressed beside one meeting. `seen`: how many marks it had on the page they looked at."""

    meeting: Any
    outcome: str
    seen: int
    child_waited: bool | None = None
    absent: tuple = ()  # refs of the children of a group who were not there
    again_at: datetime | None = None  # of a meeting that was moved: to when
    is_time_open: bool = False  # or that nobody knows it yet


@transaction.atomic
def mark(taps, *, said_by, source, form_id, by, at):
    """Keep what a day sheet says of these meetings. Returns their marks, old or new.

    The same press twice, and two people who say the same, leave one mark. Raises MarkedMeanwhile where somebody else
    said something different since, NotYet, BeforeTheBeginning, AfterTheEnd.
    """
    return [mark_one(tap, said_by, source, form_id, by, at) for tap in taps]


def mark_one(tap, said_by, source, form_id, by, at):
    meeting = hold(tap.meeting)
    marks = list(Mark.objects.filter(meeting=meeting).select_related("again").order_by("pk"))
    last = marks[-1] if marks else None
    sent = next((one for one in marks if one.form_id == form_id), None)
    if sent or (last and says_the_same(last, tap)) or (last is None and tap.outcome == Outcome.NONE):
        return sent or last
    if len(marks) != tap.seen:
        raise MarkedMeanwhile(meeting)
    if tap.outcome == Outcome.HERE and meeting.starts_at > at:
        raise NotYet(meeting)
    require_within(meeting.match, meeting.starts_at)
    again = meeting_instead(meeting, tap, last.again if last else None, by=by, at=at)
    new = Mark.objects.create(
        program=meeting.program, meeting=meeting, corrects=last, outcome=tap.outcome, said_by=said_by, source=source,
        child_waited=tap.child_waited if tap.outcome == Outcome.MENTOR else None, form_id=form_id, marked_at=at,
        by=by if by != said_by else None, absent=sorted(tap.absent) if tap.outcome == Outcome.HERE else [],
        again=again, is_time_open=tap.outcome == Outcome.MOVED and tap.is_time_open,
    )  # fmt: skip
    carry_out(meeting, new, last, by, at)
    record("sheet.marked", about=meeting, by=by, at=at, outcome=new.outcome, source=source)
    return new


def says_the_same(last, tap):
    same = last.outcome == tap.outcome and tap.child_waited in (None, last.child_waited)
    if tap.outcome == Outcome.MOVED:
        standing = last.again.starts_at if last.again else None
        return same and tap.again_at in (None, standing) and tap.is_time_open in (False, last.is_time_open)
    return same and (tap.outcome != Outcome.HERE or sorted(tap.absent) == last.absent)


def carry_out(meeting, new, last, by, at):
    """Let the meeting follow: the sheet's former word goes, the new one comes; all marks stay to be seen."""
    Log.objects.filter(meeting=meeting, source=Log.Source.SHEET).delete()
    if last:
        give_back_own_word(meeting, last, at)
    waited = new.child_waited
    if last and last.child_waited and not waited:
        meeting.child_waited = waited
    if last and last.outcome == Outcome.MOVED:
        forget_that_it_was_moved(meeting)
    said = None
    if new.outcome not in (Outcome.MOVED, Outcome.NONE):
        said = word(meeting, new, at)
    follow(meeting, waited, said, at)
    if new.outcome == Outcome.MOVED:
        excuse([meeting], excuse=moved_by_the_sheet(), by=by, at=at)


def moved_by_the_sheet():
    with override(OF_STAFF):
        return _("moved to another time, by the day sheet")


def forget_that_it_was_moved(meeting):
    """What else excuses it, a closed place, stands."""
    if (meeting.stood or {}).get("excuse") == moved_by_the_sheet():
        meeting.stood = None
    elif meeting.excuse == moved_by_the_sheet():
        meeting.excused_at, meeting.excuse = None, ""


def give_back_own_word(meeting, mark, at):
    """Whoever is of this pair said it anew by this mark: it goes, and what they had told themselves stands again."""
    own = Log.objects.filter(meeting=meeting, person=mark.said_by, logged_at=mark.marked_at)
    known = own.exclude(source=Log.Source.SHEET).first()
    before = known and known.former.filter(replaced_at=mark.marked_at).last()
    if before is None:
        return
    told = {name: value for name, value in before.said.items() if name != "level"}
    back = keep(meeting, mark.said_by, known, side_of(mark.said_by, meeting), told, before.form_id, at)
    Log.objects.filter(pk=back.pk).update(logged_at=before.logged_at)


def word(meeting, new, at):
    """What the sheet says, as the log of whoever wrote it. They were there as long as planned.

    Whoever is of this pair and told of it before has said it anew, as themselves.
    """
    here = new.outcome == Outcome.HERE
    told = {"happened": here, "cause": CAUSES.get(new.outcome, "")}
    if own := Log.objects.filter(meeting=meeting, person=new.said_by).first():
        if own.happened == here:
            return own
        told = columns_of(here, None, told["cause"], None, "", None, own) | {"source": own.source, "is_suspect": False}
        return keep(meeting, new.said_by, own, side_of(new.said_by, meeting), told, "", at)
    return Log.objects.create(
        program=meeting.program, meeting=meeting, person=new.said_by, source=Log.Source.SHEET, logged_at=at,
        minutes=meeting.planned_minutes if here else None, level=OPEN_TO_THE_TEAM, **told,
    )  # fmt: skip
